"""The names that wait for review: kept as boards are ingested."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from model_intelligence.db import add_rows
from model_intelligence.models import UnmatchedName
from model_intelligence.naming.review import NameToReview


def keep_unmatched(
    session: Session,
    source: str,
    waiting: Iterable[NameToReview],
    matched: Iterable[str],
    now: datetime,
) -> None:
    """Remembers the names that wait, and from when on others have a model."""
    before = {row.name: row for row in _newest(session, source)}
    known = set(matched)
    for name, was in before.items():
        if name in known and was.matched_at is None:
            was.matched_at = now
    new, again = [], []
    for one in waiting:
        row = before.get(one.name)
        if row and row.matched_at is None and (row.reason, row.rows) == (one.reason, one.rows):
            again.append(row.id)
        else:
            new.append(_row(one, source, row, now))
    session.flush()
    if again:
        seen = update(UnmatchedName).where(UnmatchedName.id.in_(again))
        session.execute(seen.values(last_seen=now))
    add_rows(session, UnmatchedName, new)


def _row(
    one: NameToReview, source: str, before: UnmatchedName | None, now: datetime
) -> dict[str, object]:
    return {
        "source": source,
        "name": one.name,
        "reason": one.reason,
        "rows": one.rows,
        "revision": before.revision + 1 if before else 1,
        "first_seen": now,
        "last_seen": now,
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
    row = UnmatchedName
    query = select(row).ext(distinct_on(row.source, row.name))
    if source is not None:
        query = query.where(row.source == source)
    if as_of is not None:
        query = query.where(row.first_seen <= as_of)
    ordered = query.order_by(row.source, row.name, row.revision.desc())
    return list(session.scalars(ordered.execution_options(populate_existing=True)))
