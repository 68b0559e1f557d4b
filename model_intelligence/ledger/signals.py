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
from sqlalchemy.orm import Session

from model_intelligence.db import add_rows, take_turns
from model_intelligence.ledger.revisions import Ledger
from model_intelligence.models import ModelSentimentSignal

WORDS = ("source", "title", "author", "published_at", "snippet", "sentiment", "tags")
LEDGER = Ledger(ModelSentimentSignal, ("model_id", "source_url"))
_Row = dict[str, Any]  # the columns of a signal


def append(session: Session, rows: Sequence[_Row]) -> list[_Row]:
    """Stores the rows that are new or say something else, and returns them with their revision.

    One for each model and address. What was forgotten stays forgotten: a list may be older.
    """
    take_turns(session)
    addresses = {row["source_url"] for row in rows}
    before = LEDGER.by_key(session, ModelSentimentSignal.source_url.in_(addresses))
    forgotten = {key for key, known in before.items() if known.forgotten_at is not None}
    kept = (row for row in rows if LEDGER.key_of(row) not in forgotten)
    new = LEDGER.further(kept, before, WORDS)
    add_rows(session, ModelSentimentSignal, new)
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
