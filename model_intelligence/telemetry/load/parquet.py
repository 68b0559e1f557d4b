"""Parquet files of telemetry, read in batches by DuckDB (the extra `parquet`).

Only the columns of the format are selected, so a column of messages is never decoded.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from model_intelligence.errors import UsageError
from model_intelligence.telemetry.formats.format import EventFormat
from model_intelligence.telemetry.load.source import Broken, Document, Mark

BATCH = 2_000
MISSING = "reading Parquet needs DuckDB: pip install 'model-bot[parquet]'"


class ParquetFile:
    """A Parquet file; its mark is a row and the digest of the whole file."""

    def __init__(self, path: Path, event_format: EventFormat) -> None:
        self.key: str | None = f"{event_format.name}:{path.resolve()}"
        self.label = str(path)
        self.skipped = self._row = 0
        self._path, self._format = path, event_format
        self._digest = ""

    def documents(self, mark: Mark | None) -> Iterator[Document]:
        """The rows, each as an object of the format's columns."""
        self._digest = digest_of(self._path)
        row = (mark or {}).get("row")
        if mark and mark.get("digest") == self._digest and isinstance(row, int):
            self.skipped = self._row = row
        with _connected() as connection:
            yield from self._rows(connection)

    def _rows(self, connection: Any) -> Iterator[Document]:
        names, rows = self._select(connection)
        while batch := self._fetch(rows):
            for values in batch:
                self._row += 1
                yield Document(self._row, dict(zip(names, values, strict=True)))

    def _select(self, connection: Any) -> tuple[list[str], Any]:
        import duckdb

        place = str(self._path)
        try:
            described = connection.execute("DESCRIBE FROM read_parquet(?)", [place]).fetchall()
            names = [column[0] for column in described if column[0] in self._format.fields]
            if not names:
                raise UsageError(f"{self.label}: no column of {self._format.about}; check --from")
            quoted = ", ".join('"' + name.replace('"', '""') + '"' for name in names)
            statement = f"SELECT {quoted} FROM read_parquet(?) OFFSET {self._row}"  # noqa: S608
            return names, connection.execute(statement, [place])
        except duckdb.Error as error:
            raise Broken(f"{self.label}: not a valid Parquet file; export it again") from error

    def _fetch(self, rows: Any) -> list[tuple[object, ...]]:
        import duckdb

        try:
            found: list[tuple[object, ...]] = rows.fetchmany(BATCH)
        except duckdb.Error as error:
            raise Broken(
                f"{self.label}: not a valid Parquet file after row {self._row}; export it again"
            ) from error
        return found

    def mark(self) -> Mark:
        """The row to continue after."""
        return {"row": self._row, "digest": self._digest}


def digest_of(path: Path) -> str:
    """Of the whole file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "blake2b").hexdigest()[:32]


def _connected() -> Any:
    try:
        import duckdb
    except ModuleNotFoundError as error:
        raise UsageError(MISSING) from error
    connection = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "128MB"})
    connection.execute("SET TimeZone = 'UTC'")
    # An offset only means something if the rows come in the same order each time.
    connection.execute("SET preserve_insertion_order = true")
    return connection
