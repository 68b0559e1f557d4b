"""Calls in Parquet files, folded by DuckDB on one machine (`pip install model-bot[parquet]`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from model_intelligence.errors import ModelIntelligenceError, UsageError
from model_intelligence.telemetry.engines import FoldedRow


class DuckDBFiles:
    """Parquet files named by a pattern; they have the columns of `llm_usage_events`."""

    def __init__(self, pattern: str) -> None:
        import duckdb

        self._connection = duckdb.connect()
        # Times without a zone would otherwise be read in the time zone of this machine.
        self._connection.execute("SET TimeZone = 'UTC'")
        # By name: files that were written before a column was added lack it, and columns may be
        # reordered.
        self._events = f"read_parquet({_quoted(pattern)}, union_by_name = true)"
        self._pattern = pattern
        self._error = duckdb.Error

    def run(self, statement: str, since: datetime, until: datetime) -> Iterator[FoldedRow]:
        """The groups of the calls in that time."""
        written = statement.format(events=self._events).replace(":since", "$since")
        written = written.replace(":until", "$until")
        try:
            yield from self._connection.execute(
                written, {"since": since, "until": until}
            ).fetchall()
        except self._error as error:
            raise ModelIntelligenceError(
                f"DuckDB cannot fold {self._pattern}: {str(error).splitlines()[0]}"
            ) from error


def _quoted(text: str) -> str:
    # The pattern goes through str.format() with the statement, hence the doubled braces.
    return "'" + text.replace("'", "''").replace("{", "{{").replace("}", "}}") + "'"


@contextmanager
def opened(address: str) -> Iterator[DuckDBFiles]:
    """The calls at `duckdb:PATTERN`; UsageError where DuckDB is not installed."""
    try:
        events = DuckDBFiles(address.partition(":")[2])
    except ImportError as error:
        raise UsageError("duckdb: needs DuckDB; pip install 'model-bot[parquet]'") from error
    yield events
