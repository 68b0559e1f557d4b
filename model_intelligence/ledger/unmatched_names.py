"""The names that wait for review: kept as boards are ingested."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from model_intelligence.db import add_rows
from model_intelligence.ledger.revisions import Ledger
from model_intelligence.models import UnmatchedName
from model_intelligence.naming.review import NameToReview

LEDGER = Ledger(UnmatchedName, ("source", "name"), seen="first_seen")


def keep_unmatched(
    session: Session,
    source: str,
    waiting: Iterable[NameToReview],
    matched: Iterable[str],
    now: datetime,
) -> None:
    """Remembers the names that wait, and since when others have had a model."""
    before = {LEDGER.key_of(row): row for row in _newest(session, source)}
    known = set(matched)
    for row in before.values():
        if row.name in known and row.matched_at is None:
            row.matched_at = now
    rows = [_row(name, now) for name in waiting]
    new = LEDGER.further(rows, before, ("reason", "rows", "matched_at"))
    added = {LEDGER.key_of(row) for row in new}
    again = [before[key].id for row in rows if (key := LEDGER.key_of(row)) not in added]
    session.flush()
    if again:
        seen = update(UnmatchedName).where(UnmatchedName.id.in_(again))
        session.execute(seen.values(last_seen=now))
    add_rows(session, UnmatchedName, new)


def _row(name: NameToReview, now: datetime) -> dict[str, object]:
    return {
        "source": name.source,
        "name": name.name,
        "reason": name.reason,
        "rows": name.rows,
        "first_seen": now,
        "last_seen": now,
        "matched_at": None,
    }


def waiting_names(
    session: Session, source: str | None, as_of: datetime | None = None
) -> list[NameToReview]:
    """All of them or those of one source, by their names; as they stood at `as_of`."""
    waiting = [
        row
        for row in _newest(session, source, as_of)
        if row.matched_at is None or (as_of is not None and row.matched_at > as_of)
    ]
    waiting.sort(key=lambda row: (row.source, row.name))
    return [NameToReview(row.source, row.name, row.reason, row.rows) for row in waiting]


def _newest(
    session: Session, source: str | None, as_of: datetime | None = None
) -> list[UnmatchedName]:
    query = LEDGER.newest(seen_by=as_of)
    if source is not None:
        query = query.where(UnmatchedName.source == source)
    # A review may have been stored by SQL since this session loaded the row.
    return list(session.scalars(query.execution_options(populate_existing=True)))
