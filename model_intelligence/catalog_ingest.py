"""Models and prices into the catalog: of models.yaml, pricing.yaml and the bundled lists."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

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
from model_intelligence.ledger.catalog import CatalogReport, store_models
from model_intelligence.ledger.facts import keep_facts
from model_intelligence.ledger.lifecycles import BUNDLED, StatedEnds, store_ends
from model_intelligence.ledger.prices import NO_EDITIONS, UNIT_ERROR, store_prices, withdraw
from model_intelligence.models import ModelCatalog
from model_intelligence.naming import resolve
from model_intelligence.naming.catalog_index import known_names
from model_intelligence.naming.snapshots import pinned_names
from model_intelligence.observations.listing import Dropped, Lifecycle, Listing
from model_intelligence.observations.origin import Origin
from model_intelligence.records import OWN_PRICES


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
    names = resolve.index(known)
    enter(names, (listing.provider_model_id for listing in listings))
    dated = resolve.index(resolve.snapshots_of(pinned_names(), names))
    asked = [name for name in configured if resolve.resolve(name, dated) is None]
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
    # Without the optional package the list of ends is empty, and takes back nothing.
    ended = store_ends(session, bundled, StatedEnds(ends, is_whole=bool(ends)), now)
    offers = offered_prices(listings, models, names)
    prices_new, quarantined, history = store_prices(session, offers, now, editions)
    dropped.update({UNIT_ERROR: quarantined} if quarantined else {})
    withdraw(session, history, offers, {OWN_PRICES, *(one.source for one in listings)}, now)
    prices_seen = sum(len(listing.prices) for listing in offers.values())
    changed += len(ended & known.keys())
    return CatalogReport(len(models), new, changed, prices_seen, prices_new, dict(dropped))
