"""Calls in `llm_usage_events` of a PostgreSQL server: the own database, or another one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from model_intelligence.telemetry.engines import FoldedRow

TABLE = "llm_usage_events"
# The planner takes every call for a group of its own, and would sort them all; memory is used only
# as groups are found. A day's calls lie together: whole pages are read, not one row after another.
PLANNING: Final = {
    "enable_sort": "off",
    "enable_indexscan": "off",
    "jit": "off",
    "work_mem": "512MB",
}
ALONE: Final = {**PLANNING, "max_parallel_workers_per_gather": "0"}  # others run beside it


class PostgresEvents:
    """Calls that a connection reaches; the settings are put back after each statement."""

    def __init__(self, connection: Connection, settings: Mapping[str, str] = PLANNING) -> None:
        self._connection = connection
        self._settings = settings

    def run(self, statement: str, since: datetime, until: datetime) -> Iterator[FoldedRow]:
        """The groups of the calls in that time."""
        with self._planned():
            values = {"since": since, "until": until}
            rows = self._connection.execute(text(statement.format(events=TABLE)), values).all()
        yield from rows

    @contextmanager
    def _planned(self) -> Iterator[None]:
        before = self._set(self._settings)
        yield
        self._set(before)

    def _set(self, values: Mapping[str, str]) -> dict[str, str]:
        """Sets what the server knows of these for this transaction; what they were before."""
        # The join with pg_settings skips what an older server does not know, which set_config()
        # refuses. `true` limits each setting to the transaction.
        query = text(
            "SELECT name, current_setting(name), set_config(name, value, true) "
            "FROM unnest(:names, :values) AS wanted (name, value) JOIN pg_settings USING (name)"
        )
        given = {"names": list(values), "values": list(values.values())}
        return {name: before for name, before, _ in self._connection.execute(query, given)}


@contextmanager
def opened(address: str) -> Iterator[PostgresEvents]:
    """The calls of another database, read in one transaction; nothing is written there."""
    from model_intelligence.db import open_engine

    with open_engine(address) as engine, engine.connect() as connection:
        yield PostgresEvents(connection)
