"""Tables of telemetry in another PostgreSQL, read through a cursor on the server.

Only columns of the format that the table has are selected, so messages never leave the database.
Rows are read in order of time. The next run starts a day before the last row of this one: calls are
written when they end, not when they begin, and a row that is read twice is stored once.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from model_intelligence.errors import UsageError
from model_intelligence.telemetry.formats.format import EventFormat, SourceTable
from model_intelligence.telemetry.load.source import Broken, Document, Mark

BATCH = 2_000
OVERLAP = timedelta(days=1)
COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped
"""


def is_address(where: str) -> bool:
    """Whether a source is named as a PostgreSQL address."""
    return where.startswith(("postgresql://", "postgres://", "postgresql+psycopg2://"))


class DatabaseTable:
    """The format's table at an address; the mark is the last row's time and key."""

    def __init__(self, address: str, event_format: EventFormat, table: SourceTable) -> None:
        try:
            url = make_url(address).set(drivername="postgresql")
        except ArgumentError as error:
            raise UsageError(
                "the address is not valid; write postgresql://user:password@host/name"
            ) from error
        self._dsn = url.render_as_string(hide_password=False)
        # The key is stored, so it must not hold the password; another user reads the same source.
        shown = url.set(username=None, password=None).render_as_string()
        self.key: str | None = f"{event_format.name}:{shown}"
        self.label = f"{table.name} of {url.database}"
        self.skipped = 0
        self._format, self._table = event_format, table
        self._mark: Mark = {}

    def documents(self, mark: Mark | None) -> Iterator[Document]:
        """The rows, each as an object of the format's columns."""
        self._mark = mark or {}
        try:
            with closing(psycopg2.connect(self._dsn)) as connection:
                connection.set_session(readonly=True)
                yield from self._rows(connection)
        except psycopg2.OperationalError as error:
            reason = str(error).strip().splitlines()[0]
            raise Broken(
                f"{self.label}: the connection failed: {reason}; check the address, and run this "
                "again: it continues where it stopped"
            ) from error
        except psycopg2.Error as error:
            reason = str(error).strip().splitlines()[0]
            raise Broken(f"{self.label}: cannot be read: {reason}") from error

    def _rows(self, connection: Any) -> Iterator[Document]:
        with connection.cursor() as cursor:
            names = self._columns(cursor)
        at = names.index(self._table.time)
        key = names.index(self._table.key)
        # A named cursor stays on the server; the default one would load the whole table into
        # memory.
        with connection.cursor(name="telemetry") as cursor:
            cursor.itersize = BATCH
            cursor.execute(*self.statement(names))
            for number, row in enumerate(cursor, 1):
                if row[at] is not None:
                    self._mark = {"time": row[at].isoformat(), "key": str(row[key])}
                yield Document(number, dict(zip(names, row, strict=True)))

    def _columns(self, cursor: Any) -> list[str]:
        # Quoted, because LiteLLM's names are in camel case. to_regclass() gives NULL for a missing
        # table, where a cast would raise.
        cursor.execute(COLUMNS, [f'"{self._table.name}"'])
        found = {name for (name,) in cursor}
        names = [name for name in self._format.fields if name in found]
        missing = {self._table.time, self._table.key} - set(names)
        if missing:
            raise UsageError(
                f"{self.label}: no such table with {' and '.join(sorted(missing))}; check --from"
            )
        return names

    def statement(self, names: list[str]) -> tuple[sql.Composed, list[object]]:
        """The SELECT of these columns, and its values."""
        time, key = sql.Identifier(self._table.time), sql.Identifier(self._table.key)
        columns = sql.SQL(", ").join(map(sql.Identifier, names))
        select = sql.SQL("SELECT {} FROM {}").format(columns, sql.Identifier(self._table.name))
        order = sql.SQL(" ORDER BY {}, {}").format(time, key)
        last = self._mark.get("time")
        if not isinstance(last, str):
            return select + order, []
        since = datetime.fromisoformat(last) - OVERLAP
        return select + sql.SQL(" WHERE {} >= %s").format(time) + order, [since]

    def mark(self) -> Mark:
        """The time and key of the last row."""
        return self._mark
