"""Models and prices into the catalog: of models.yaml, pricing.yaml and the bundled lists."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from model_intelligence.ingest.catalog_builder import NO_EDITIONS, build
from model_intelligence.ingest.store_catalog import (
    ListOfEnds,
    as_models,
    store_catalog,
    stored_catalog,
)
from model_intelligence.ledger.catalog import CatalogReport
from model_intelligence.ledger.lifecycles import BUNDLED
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
    config/pricing.yaml and the price lists, `lifecycles` from the bundled list of retirements.
    `editions` is source -> the version or digest of its list.
    """
    taken, stored = list(rows), stored_catalog(session)
    listings = [row for row in taken if isinstance(row, Listing)]
    built = build(
        listings,
        lifecycles,
        configured=configured,
        known=as_models(stored),
        retired_by=now.date(),
        editions=editions,
    )
    # Without the optional package the list is empty, and takes nothing back.
    bundled = ListOfEnds(Origin(BUNDLED, editions.get(BUNDLED)), is_whole=bool(built.ends))
    sources = {OWN_PRICES, *(listing.source for listing in listings)}
    report = store_catalog(session, stored, built, bundled, sources=sources, now=now)
    dropped = Counter(row.reason for row in taken if isinstance(row, Dropped))
    return replace(report, dropped=dict(dropped + Counter(report.dropped)))
