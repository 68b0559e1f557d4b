"""A built catalog into the ledger: models, facts, retirements and prices."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from model_intelligence.ingest.catalog_builder import BuiltCatalog
from model_intelligence.ledger.catalog import CatalogReport, store_models
from model_intelligence.ledger.facts import keep_facts
from model_intelligence.ledger.lifecycles import StatedEnds, store_ends
from model_intelligence.ledger.prices import UNIT_ERROR, store_prices, withdraw
from model_intelligence.models import ModelCatalog
from model_intelligence.observations.origin import Origin
from model_intelligence.records import Model


def stored_catalog(session: Session) -> dict[str, ModelCatalog]:
    """model id -> its row."""
    return {row.model_id: row for row in session.scalars(select(ModelCatalog))}


def as_models(rows: Mapping[str, ModelCatalog]) -> dict[str, Model]:
    """The rows as values."""
    return {
        model_id: Model(*(getattr(row, name) for name in Model.__slots__))
        for model_id, row in rows.items()
    }


def store_catalog(
    session: Session,
    stored: Mapping[str, ModelCatalog],
    built: BuiltCatalog,
    *,
    sources: Collection[str],
    now: datetime,
) -> CatalogReport:
    """Appends what is new; a price that its list, one of `sources`, no longer has is withdrawn.

    So is a retirement that is still to come, if its list is in `built.ends` without it. `stored` is
    the catalog that `built` was built on.
    """
    new, changed = store_models(session, stored, built.models, now)
    ended: dict[str, Origin] = {}
    for source, ends in built.ends.items():
        origin = Origin(source, built.editions.get(source))
        changed_ends = store_ends(session, origin, StatedEnds(ends, is_whole=True), now)
        ended |= dict.fromkeys(changed_ends, origin)
    keep_facts(session, {**ended, **built.origins}, now)
    prices_new, quarantined, history = store_prices(session, built.offers, now, built.editions)
    withdraw(session, history, built.offers, sources, now)
    return CatalogReport(
        models_seen=len(built.models),
        models_new=new,
        models_changed=changed + len(ended.keys() & stored.keys()),
        prices_seen=sum(len(listing.prices) for listing in built.offers.values()),
        prices_new=prices_new,
        dropped={UNIT_ERROR: quarantined} if quarantined else {},
    )
