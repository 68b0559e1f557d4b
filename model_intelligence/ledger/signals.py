"""The ledger of what people say: other words are a further revision, nothing is overwritten.

There is one exception. Where a source asks that what its author deleted is deleted everywhere (the
terms of Hacker News' and Reddit's interfaces do), `forget` blanks the words and who said them.
That there was a signal, of which model, when and where, stays: a body that names its record still
finds it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from model_intelligence.db import add_rows, take_turns
from model_intelligence.models import ModelSentimentSignal

WORDS = ("source", "title", "author", "published_at", "snippet", "sentiment", "tags")
_Row = dict[str, Any]  # the columns of a signal


def append(session: Session, rows: Sequence[_Row]) -> list[_Row]:
    """Stores the rows that are new or say something else, and returns them with their revision.

    One for each model and address. What was forgotten stays so: a list may be older than the wish.
    """
    take_turns(session)
    table = ModelSentimentSignal
    newest = (
        select(table)
        .ext(distinct_on(table.model_id, table.source_url))
        .where(table.source_url.in_({row["source_url"] for row in rows}))
        .order_by(table.model_id, table.source_url, table.revision.desc())
    )
    before = {(one.model_id, one.source_url): one for one in session.scalars(newest)}
    new = []
    for row in rows:
        known = before.get((row["model_id"], row["source_url"]))
        if known is None or (known.forgotten_at is None and _differs(row, known)):
            new.append({**row, "revision": known.revision + 1 if known else 1})
    add_rows(session, table, new)
    return new


def forget(session: Session, ids: Iterable[int], now: datetime) -> int:
    """Blanks the words and the author of these signals, of every revision at the same address.

    How many rows were blanked; a second time none. From `now` on they are no evidence any more.
    """
    table = ModelSentimentSignal
    # By address, not by id: one post can hold opinions on several models, in several revisions.
    addresses = select(table.source_url).where(table.id.in_(list(ids)))
    blanked = session.execute(
        update(table)
        .where(table.source_url.in_(addresses), table.forgotten_at.is_(None))
        .values(snippet="", title=None, author=None, tags={}, raw=None, forgotten_at=now)
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    return len(blanked.all())


def _differs(row: _Row, known: ModelSentimentSignal) -> bool:
    return any(row[name] != getattr(known, name) for name in WORDS)
