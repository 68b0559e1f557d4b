"""What every append-only table does: the newest row of a key, and a further one if it differs.

A row is never changed. Where a source gives other figures for the same key, a row with the next
`revision` is appended; a reader takes the newest that had been seen by its time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute, Session

from model_intelligence.models import Base

Stored = TypeVar("Stored", bound=Base)
_Row = Mapping[str, Any]  # its columns
_Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Ledger(Generic[Stored]):
    """An append-only table: what its rows are about, when they were seen, and which is newer."""

    table: type[Stored]
    key: tuple[str, ...]
    seen: str = "observed_at"
    order: str = "revision"

    def newest(self, *columns: Any, seen_by: datetime | None = None) -> Select[Any]:
        """Selects the newest row of each key that had been seen by then; the whole row by default.

        A caller may add conditions on the key, but none on what a later revision changes: an older
        one would take its place.
        """
        key = [self._column(name) for name in self.key]
        query: Select[Any] = select(*(columns or (self.table,))).ext(distinct_on(*key))
        if seen_by is not None:
            query = query.where(self._column(self.seen) <= seen_by)
        return query.order_by(*key, self._column(self.order).desc())

    def by_key(self, session: Session, *among: ColumnElement[bool]) -> dict[_Key, Stored]:
        """The newest row of each key, among some keys if conditions are given."""
        return {self.key_of(row): row for row in session.scalars(self.newest().where(*among))}

    def key_of(self, row: object) -> _Key:
        """What a row, stored or not yet, is about."""
        if isinstance(row, Mapping):
            return tuple(row[name] for name in self.key)
        return tuple(getattr(row, name) for name in self.key)

    def further(
        self, rows: Iterable[_Row], before: Mapping[_Key, Any], figures: Sequence[str]
    ) -> list[dict[str, Any]]:
        """The rows whose figures differ from those `before`, if any, each with its revision.

        Compared in Python, where None equals None: in SQL two results without an effort would never
        be equal, and every run would add the same row again.
        """
        found = []
        for row in rows:
            known = before.get(self.key_of(row))
            if known is None or any(row[name] != getattr(known, name) for name in figures):
                found.append({**row, "revision": known.revision + 1 if known else 1})
        return found

    def _column(self, name: str) -> InstrumentedAttribute[Any]:
        column: InstrumentedAttribute[Any] = getattr(self.table, name)
        return column
