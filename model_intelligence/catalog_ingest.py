"""Models and prices into the catalog: of models.yaml, pricing.yaml and the bundled lists."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from model_intelligence.db import add_rows
from model_intelligence.ending import BUNDLED
from model_intelligence.ingest.catalog_builder import (
    creators_first,
    describe,
    ends_of_makers,
    enter,
    offered_prices,
    origins,
    unlisted,
)
from model_intelligence.ingest.retired_models import departed
from model_intelligence.ledgers.facts import keep_facts
from model_intelligence.ledgers.lifecycles import Said, store_ends
from model_intelligence.ledgers.prices import NO_EDITIONS, UNIT_ERROR, store_prices, withdraw
from model_intelligence.ledgers.raw_value import Origin
from model_intelligence.listing import Dropped, Lifecycle, Listing
from model_intelligence.models import ModelCatalog
from model_intelligence.naming import identity
from model_intelligence.naming.catalog_names import known_names
from model_intelligence.records import OWN_PRICES, UNKNOWN_PROVIDER, Model
from model_intelligence.sources.pinned_names import pinned_names


@dataclass(frozen=True, slots=True)
class CatalogReport:
    """What an ingest did; `seen` counts what the inputs held, `new` what the database lacked."""

    models_seen: int
    models_new: int
    models_changed: int
    prices_seen: int
    prices_new: int
    dropped: Mapping[str, int] = field(default_factory=dict)


def ingest_catalog(
    session: Session,
    *,
    configured: Iterable[str],
    rows: Iterable[Listing | Dropped],
    now: datetime,
    lifecycles: Iterable[Lifecycle] = (),
    editions: Mapping[str, str] = NO_EDITIONS,
) -> CatalogReport:
    """Stores models and prices; a second run with the same input changes no row.

    `configured` are the names that config/models.yaml uses, as written there; `rows` come from
    config/pricing.yaml and the price lists, `lifecycles` from the bundled list of ends. `editions`
    is source -> the version or digest of its list.
    """
    taken = list(rows)
    dropped = Counter(row.reason for row in taken if isinstance(row, Dropped))
    listings = creators_first(row for row in taken if isinstance(row, Listing))
    known = {row.model_id: row for row in session.scalars(select(ModelCatalog))}
    names = identity.index(known)
    enter(names, (listing.provider_model_id for listing in listings))
    dated = identity.index(identity.snapshots_of(pinned_names(), names))
    asked = [name for name in configured if identity.resolve(name, dated) is None]
    told = tuple(lifecycles)
    models = describe(listings, names) | unlisted(asked, told, names)
    enter(names, models)
    listed = known_names(names.values(), pinned_names())
    models |= departed(told, listed, now.date())
    enter(names, models)
    new, changed = store_models(session, known, models, now)
    keep_facts(session, origins(listings, models, names, editions), now)
    providers = {model_id: row.provider for model_id, row in known.items()}
    providers |= {model.model_id: model.provider for model in models.values()}
    ends = ends_of_makers(told, providers, names)
    bundled = Origin(BUNDLED, editions.get(BUNDLED))
    ended = store_ends(session, bundled, Said(ends, is_whole=bool(ends)), now)
    offers = offered_prices(listings, models, names)
    prices_new, quarantined, history = store_prices(session, offers, now, editions)
    dropped.update({UNIT_ERROR: quarantined} if quarantined else {})
    withdraw(session, history, offers, {OWN_PRICES, *(one.source for one in listings)}, now)
    prices_seen = sum(len(listing.prices) for listing in offers.values())
    changed += len(ended & known.keys())
    return CatalogReport(len(models), new, changed, prices_seen, prices_new, dict(dropped))


def store_models(
    session: Session, known: Mapping[str, ModelCatalog], models: Mapping[str, Model], now: datetime
) -> tuple[int, int]:
    """Inserts or updates models; how many were new, and how many changed."""
    new = [model for model in models.values() if model.model_id not in known]
    add_rows(session, ModelCatalog, [_columns(model) for model in new])
    changed = 0
    for model_id, row in known.items():
        model = models.get(model_id)
        wanted = _wanted(row, model) if model else {}
        differing = {k: v for k, v in wanted.items() if v != getattr(row, k)}
        if differing:
            session.execute(
                update(ModelCatalog)
                .where(ModelCatalog.model_id == model_id)
                .values(**differing, updated_at=now)
            )
            changed += 1
    return len(new), changed


def _wanted(row: ModelCatalog, model: Model) -> dict[str, object]:
    """What the row should hold by what is said of its model; sources must not take turns at it."""
    creators = identity.CREATORS.values()
    if model.provider == UNKNOWN_PROVIDER or (
        row.provider in creators and model.provider not in creators
    ):
        return {}
    # What only some inputs know (a release date, say) is not erased by one that does not.
    wanted = {name: value for name, value in _columns(model).items() if value is not None}
    kept = {
        "display_name": model.display_name == model.model_id,
        "is_deprecated": row.is_deprecated,
    }
    return {name: value for name, value in wanted.items() if not kept.get(name)}


def _columns(model: Model) -> dict[str, object]:
    return {name: getattr(model, name) for name in Model.__slots__}
