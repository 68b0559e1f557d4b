"""A live source's list into the catalog.

What is bundled describes a model; a live source only fills in what is unknown.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from model_intelligence.ingest.catalog_builder import build
from model_intelligence.ingest.store_catalog import as_models, store_catalog, stored_catalog
from model_intelligence.ledger.catalog import CatalogReport
from model_intelligence.observations.listing import Lifecycle, Listing, Release


def ingest_listings(
    session: Session,
    source: str,
    rows: Iterable[Listing | Lifecycle | Release],
    now: datetime,
    version: str | None = None,
) -> CatalogReport:
    """Adds a live source's whole list to the catalog, and withdraws prices that it no longer has.

    A retirement that is still to come and no longer listed is taken back. `version` is the list's.
    """
    taken, stored = list(rows), stored_catalog(session)
    listings = [row for row in taken if isinstance(row, Listing)]
    editions = {name: version for name in (source, *(row.source for row in listings)) if version}
    built = build(
        listings,
        {source: [row for row in taken if isinstance(row, Lifecycle)]},
        (row for row in taken if isinstance(row, Release)),
        known=as_models(stored),
        known_wins=True,
        editions=editions,
    )
    return store_catalog(session, stored, built, sources={source}, now=now)
