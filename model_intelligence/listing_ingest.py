"""A live source's list into the catalog.

What is bundled describes a model; a live source completes the description, and never fights it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from model_intelligence import identity
from model_intelligence.catalog_ingest import (
    UNIT_ERROR,
    UNKNOWN_PROVIDER,
    CatalogReport,
    completed,
    creators_first,
    describe,
    offered_prices,
    store_models,
    store_prices,
)
from model_intelligence.listing import Lifecycle, Listing
from model_intelligence.models import ModelCatalog
from model_intelligence.records import Model


def ingest_listings(
    session: Session, source: str, rows: Iterable[Listing | Lifecycle], now: datetime
) -> CatalogReport:
    """Adds a live source's whole list to the catalog; what it no longer holds stays as it was."""
    taken = list(rows)
    listings = creators_first(row for row in taken if isinstance(row, Listing))
    known = {row.model_id: row for row in session.scalars(select(ModelCatalog))}
    names = identity.index(known)
    for listing in listings:
        if identity.resolve(listing.provider_model_id, names) is None:
            name = listing.provider_model_id
            names[identity.match_key(name)] = name.lower()
    said = describe(listings, (), names)
    models = {
        model_id: completed_by_a_list(_model(known[model_id]), model)
        if model_id in known
        else model
        for model_id, model in said.items()
    }
    new, changed = store_models(session, known, models, now)
    offers = offered_prices(listings, models, names)
    prices_new, quarantined, _ = store_prices(session, offers, now)
    prices_seen = sum(len(listing.prices) for listing in offers.values())
    ends = [row for row in taken if isinstance(row, Lifecycle)]
    changed += _store_ends(session, source, ends, names, now)
    dropped = {UNIT_ERROR: quarantined} if quarantined else {}
    return CatalogReport(len(models), new, changed, prices_seen, prices_new, dropped)


def completed_by_a_list(known: Model, said: Model) -> Model:
    """The catalog's entry with what it lacked; a model's maker describes it rather than others."""
    creators = identity.CREATORS.values()
    if known.provider == UNKNOWN_PROVIDER or (
        said.provider in creators and known.provider not in creators
    ):
        return said
    return completed(known, said)


def _model(row: ModelCatalog) -> Model:
    return Model(*(getattr(row, name) for name in Model.__slots__))


def _store_ends(
    session: Session,
    source: str,
    ends: Iterable[Lifecycle],
    names: Mapping[str, str],
    now: datetime,
) -> int:
    """Writes the ends that a live source announces, unless another live source did so before.

    The bundled dates yield to a live one, for good: else the two would take turns for ever.
    """
    found: dict[str, Lifecycle] = {}
    for end in sorted(ends, key=lambda end: end.retires_at):  # of two dates, the earlier
        found.setdefault(identity.resolve(end.model, names) or "", end)
    rows = select(ModelCatalog).where(ModelCatalog.model_id.in_(found))
    changed = 0
    for row in session.scalars(rows.execution_options(populate_existing=True)):
        end = found[row.model_id]
        values = (end.retires_at, end.source_url, end.replacement, source)
        held = (row.retires_at, row.retirement_source, row.replacement, row.retirement_feed)
        if (
            row.provider == end.provider
            and row.retirement_feed in {None, source}
            and values != held
        ):
            row.retires_at, row.retirement_source, row.replacement, row.retirement_feed = values
            row.updated_at = now
            changed += 1
    session.flush()
    return changed
