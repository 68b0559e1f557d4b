"""The names that wait for review: kept as boards are ingested."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from model_intelligence.models import UnmatchedName
from model_intelligence.name_review import Waiting


def keep_unmatched(
    session: Session, source: str, waiting: Iterable[Waiting], matched: Iterable[str], now: datetime
) -> None:
    """Remembers the names that wait, and forgets those that have a model by now."""
    found = [
        {
            "source": source,
            "name": one.name,
            "reason": one.reason,
            "rows": one.rows,
            "first_seen": now,
            "last_seen": now,
        }
        for one in waiting
    ]
    if found:
        given = insert(UnmatchedName)
        taken = {name: given.excluded[name] for name in ("reason", "rows", "last_seen")}
        session.execute(
            given.on_conflict_do_update(constraint="uq_unmatched_name", set_=taken), found
        )
    known = list(matched)
    if known:
        session.execute(
            delete(UnmatchedName).where(
                UnmatchedName.source == source, UnmatchedName.name.in_(known)
            )
        )


def waiting_names(session: Session, source: str | None) -> list[Waiting]:
    """All of them, or those of one source, in the order of their names."""
    wanted = select(UnmatchedName).order_by(UnmatchedName.source, UnmatchedName.name)
    if source is not None:
        wanted = wanted.where(UnmatchedName.source == source)
    return [Waiting(row.source, row.name, row.reason, row.rows) for row in session.scalars(wanted)]
