"""A live source's list into the catalog.

What is bundled describes a model; a live source completes the description, and never fights it.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from model_intelligence.ingest.catalog_builder import (
    completed,
    creators_first,
    describe,
    ends_of_makers,
    enter,
    offered_prices,
    origins,
)
from model_intelligence.ledger.catalog import CatalogReport, store_models
from model_intelligence.ledger.facts import keep_facts
from model_intelligence.ledger.lifecycles import StatedEnds, store_ends
from model_intelligence.ledger.prices import UNIT_ERROR, store_prices, withdraw
from model_intelligence.models import ModelCatalog
from model_intelligence.naming import resolve
from model_intelligence.observations.listing import Lifecycle, Listing
from model_intelligence.observations.origin import Origin
from model_intelligence.records import UNKNOWN_PROVIDER, Model


def ingest_listings(
    session: Session,
    source: str,
    rows: Iterable[Listing | Lifecycle],
    now: datetime,
    version: str | None = None,
) -> CatalogReport:
    """Adds a live source's whole list to the catalog, and notes which prices it no longer holds.

    An end that is still to come and no longer listed is taken back. `version` is the list's.
    """
    taken = list(rows)
    listings = creators_first(row for row in taken if isinstance(row, Listing))
    known = {row.model_id: row for row in session.scalars(select(ModelCatalog))}
    names = resolve.index(known)
    enter(names, (listing.provider_model_id for listing in listings))
    said = describe(listings, names)
    models = {
        model_id: completed_by_a_list(_model(known[model_id]), model)
        if model_id in known
        else model
        for model_id, model in said.items()
    }
    editions = {row.source: version for row in listings} if version else {}
    new, changed = store_models(session, known, models, now)
    keep_facts(session, origins(listings, models, names, editions), now)
    offers = offered_prices(listings, models, names)
    prices_new, quarantined, history = store_prices(session, offers, now, editions)
    withdraw(session, history, offers, {source}, now)
    prices_seen = sum(len(listing.prices) for listing in offers.values())
    providers = {row.model_id: row.provider for row in known.values()}
    providers |= {model_id: model.provider for model_id, model in models.items()}
    ends = ends_of_makers((row for row in taken if isinstance(row, Lifecycle)), providers, names)
    ended = store_ends(session, Origin(source, version), StatedEnds(ends, is_whole=True), now)
    changed += len(ended)
    dropped = {UNIT_ERROR: quarantined} if quarantined else {}
    return CatalogReport(len(models), new, changed, prices_seen, prices_new, dropped)


def completed_by_a_list(known: Model, said: Model) -> Model:
    """The catalog's entry with what it lacked; a model's maker describes it rather than others."""
    creators = resolve.CREATORS.values()
    if known.provider == UNKNOWN_PROVIDER or (
        said.provider in creators and known.provider not in creators
    ):
        return said
    return completed(known, said)


def _model(row: ModelCatalog) -> Model:
    return Model(*(getattr(row, name) for name in Model.__slots__))
