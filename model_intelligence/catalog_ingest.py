"""Models and prices into the catalog: of models.yaml, pricing.yaml and the bundled lists."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from model_intelligence.ingest.catalog_builder import (
    NO_EDITIONS,
    NO_LIFECYCLES,
    Lifecycles,
    build,
)
from model_intelligence.ingest.store_catalog import as_models, store_catalog, stored_catalog
from model_intelligence.ledger.catalog import CatalogReport
from model_intelligence.observations.listing import Dropped, Listing, Release
from model_intelligence.records import OWN_PRICES


def ingest_catalog(
    session: Session,
    *,
    configured: Iterable[str],
    rows: Iterable[Listing | Dropped],
    now: datetime,
    lifecycles: Lifecycles = NO_LIFECYCLES,
    releases: Iterable[Release] = (),
    editions: Mapping[str, str] = NO_EDITIONS,
) -> CatalogReport:
    """Stores models and prices; a second run with the same input changes no row.

    `configured` are the names that config/models.yaml uses, as written there; `rows` come from
    config/pricing.yaml and the price lists, `lifecycles` (source -> its list) and `releases` from
    the other bundled lists. `editions` is source -> the version or digest of its list.
    """
    taken, stored = list(rows), stored_catalog(session)
    listings = [row for row in taken if isinstance(row, Listing)]
    built = build(
        listings,
        _installed(lifecycles),
        releases,
        configured=configured,
        known=as_models(stored),
        retired_by=now.date(),
        editions=editions,
    )
    sources = {OWN_PRICES, *(listing.source for listing in listings)}
    report = store_catalog(session, stored, built, sources=sources, now=now)
    dropped = Counter(row.reason for row in taken if isinstance(row, Dropped))
    return replace(report, dropped=dict(dropped + Counter(report.dropped)))


def ingest_ends(
    session: Session, lifecycles: Lifecycles, now: datetime, editions: Mapping[str, str]
) -> None:
    """Stores what the bundled lists say of retirements once more, after live lists.

    These may have brought spellings of models that ended long ago.
    """
    stored = stored_catalog(session)
    built = build((), _installed(lifecycles), known=as_models(stored), editions=editions)
    store_catalog(session, stored, built, sources=(), now=now)


def _installed(lifecycles: Lifecycles) -> Lifecycles:
    """Without its optional package a list is empty, and takes nothing back."""
    return {source: ends for source, ends in lifecycles.items() if ends}
