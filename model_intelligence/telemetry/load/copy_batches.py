"""Stores batches of calls with COPY, through a temporary table once a call was stored before.

A batch, its verdicts and the position in its source are one transaction: if the process is killed,
all of it is stored or nothing.
"""

import io
import json
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import psycopg2
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.telemetry.event import COLUMNS, TaskVerdict, UsageEvent
from model_intelligence.telemetry.load import partitions
from model_intelligence.telemetry.load.source import Mark

LISTED = ", ".join(COLUMNS)
# Emptied at COMMIT, not dropped, because the pool hands the connection to the next batch.
STAGING = f"""
CREATE TEMP TABLE IF NOT EXISTS arriving_events ON COMMIT DELETE ROWS AS
SELECT {LISTED} FROM llm_usage_events WITH NO DATA
"""  # noqa: S608  # the columns of our own table
MERGE = f"""
INSERT INTO llm_usage_events ({LISTED}) SELECT {LISTED} FROM arriving_events
ON CONFLICT DO NOTHING
"""  # noqa: S608  # the columns of our own table
JUDGE = """
UPDATE llm_usage_events SET task_ok = :task_ok, outcome_source = :outcome_source
WHERE event_id = :event_id AND (task_ok, outcome_source)
    IS DISTINCT FROM (CAST(:task_ok AS boolean), CAST(:outcome_source AS text))
"""
KNOWN = "SELECT DISTINCT event_id FROM llm_usage_events WHERE event_id = ANY(:ids)"
REMEMBER = """
INSERT INTO telemetry_sources AS t
    (source, mark, read, loaded, duplicates, left_out, rejected)
VALUES (:source, CAST(:mark AS jsonb), :read, :loaded, :duplicates, :left_out, :rejected)
ON CONFLICT (source) DO UPDATE SET
    mark = excluded.mark, read = t.read + excluded.read, loaded = t.loaded + excluded.loaded,
    duplicates = t.duplicates + excluded.duplicates, left_out = t.left_out + excluded.left_out,
    rejected = t.rejected + excluded.rejected, updated_at = now()
"""
DISK_FULL = "53100"
# SQLSTATEs worth another try: deadlock, serialization failure, and a server that stops or starts.
PASSING = {"40P01", "40001", "57P01", "57P02", "57P03"}
PAUSES_SECONDS = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
WIDTH = len(COLUMNS)
AT_ONCE = 1024 * 1024  # characters; each piece waits for its turn beside the thread that reads


class StoredBatch(NamedTuple):
    """The counts of a stored batch; `unknown` are verdicts on calls that are not stored."""

    loaded: int
    duplicates: int
    judged: int
    unknown: int


@dataclass(slots=True)
class Batch:
    """Calls as lines of COPY, verdicts, and how far their source has been read with them."""

    source: str | None
    mark: Mark = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    months: set[tuple[int, int]] = field(default_factory=set)
    verdicts: list[TaskVerdict] = field(default_factory=list)
    read: int = 0
    left_out: int = 0
    rejected: int = 0

    def add(self, event: UsageEvent) -> None:
        """Adds a call."""
        at = event.created_at
        self.months.add((at.year, at.month))
        self.lines.append(copy_line(event))


def copy_line(event: UsageEvent) -> str:
    """The event in COPY's text format; NULL is the empty string, which no column contains."""
    # Tabs and line breaks cannot occur: the formats accept only printable text.
    line = "\t".join(["" if one is None else str(one) for one in event[:WIDTH]])
    return (line if "\\" not in line else line.replace("\\", "\\\\")) + "\n"


def mark_of(engine: Engine, source: str) -> Mark | None:
    """How far an earlier run read the source."""
    with engine.connect() as connection:
        return _mark(connection, source)


def _mark(connection: Connection, source: str | None) -> Mark | None:
    statement = text("SELECT mark FROM telemetry_sources WHERE source = :source")
    found: Mark | None = connection.scalar(statement, {"source": source})
    return found


@dataclass(slots=True)
class Loader:
    """Stores batches: straight into the table until the first call that is stored already."""

    engine: Engine
    sleep: Callable[[float], object] = time.sleep
    all_new: bool = True

    def store(self, batch: Batch) -> StoredBatch:
        """Stores the whole batch, retrying for 15 seconds when the connection is lost.

        Raises ModelIntelligenceError with what to do; then nothing of the batch is stored.
        """
        written: StoredBatch | None = None
        for pause in (*PAUSES_SECONDS, None):
            try:
                with self.engine.connect() as connection:
                    if written is not None and batch.source is not None:
                        if _mark(connection, batch.source) == batch.mark:
                            return written  # the COMMIT succeeded; only its answer was lost
                        written = None
                    try:
                        written = self._write(connection, batch)
                    except psycopg2.Error:
                        # COPY goes around SQLAlchemy, which does not see that the connection is
                        # broken, and would put it back into the pool.
                        connection.invalidate()
                        raise
                    connection.commit()
                    return written
            except (DBAPIError, psycopg2.Error) as error:
                if pause is None or not _passes(error):
                    raise ModelIntelligenceError(_message(error)) from error
                self.sleep(pause)
        raise AssertionError  # the last pause is None

    def _write(self, connection: Connection, batch: Batch) -> StoredBatch:
        partitions.make(connection, [date(year, month, 1) for year, month in batch.months])
        loaded = self._arrive(connection, batch.lines) if batch.lines else 0
        judged, unknown = _judge(connection, batch.verdicts) if batch.verdicts else (0, 0)
        stored = StoredBatch(loaded, len(batch.lines) - loaded, judged, unknown)
        if batch.source is not None:
            _remember(connection, batch, stored)
        return stored

    def _arrive(self, connection: Connection, lines: list[str]) -> int:
        """How many of the calls were new."""
        if self.all_new:
            try:
                # A savepoint: after the violation the rest of the transaction must still be usable.
                with connection.begin_nested():
                    _copy(connection, "llm_usage_events", lines)
            except psycopg2.errors.UniqueViolation:
                self.all_new = False
            else:
                return len(lines)
        connection.execute(text(STAGING))
        _copy(connection, "arriving_events", lines)
        return connection.execute(text(MERGE)).rowcount


def _copy(connection: Connection, table: str, lines: list[str]) -> None:
    with closing(connection.connection.cursor()) as cursor:
        rows = io.StringIO("".join(lines))
        cursor.copy_expert(f"COPY {table} ({LISTED}) FROM STDIN NULL ''", rows, AT_ONCE)


def _remember(connection: Connection, batch: Batch, stored: StoredBatch) -> None:
    values = {
        "source": batch.source,
        "mark": json.dumps(dict(batch.mark)),
        "read": batch.read,
        "loaded": stored.loaded,
        "duplicates": stored.duplicates,
        "left_out": batch.left_out,
        "rejected": batch.rejected,
    }
    connection.execute(text(REMEMBER), values)


def _judge(connection: Connection, verdicts: list[TaskVerdict]) -> tuple[int, int]:
    """(verdicts on known calls, verdicts on unknown ones); of several on one the last counts."""
    last = {verdict.event_id: verdict for verdict in verdicts}
    known = set(connection.scalars(text(KNOWN), {"ids": list(last)}))
    found = [verdict._asdict() for name, verdict in last.items() if name in known]
    if found:
        connection.execute(text(JUDGE), found)
    judged = sum(verdict.event_id in known for verdict in verdicts)
    return judged, len(verdicts) - judged


def _passes(error: DBAPIError | psycopg2.Error) -> bool:
    """Whether trying again may work: the connection was lost, or transactions conflicted."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, (psycopg2.OperationalError, psycopg2.InterfaceError)):
        return isinstance(error, DBAPIError) and error.connection_invalidated
    code = cause.pgcode
    # No code: the server was not reached or went away. Class 08: connection exceptions.
    return code is None or code in PASSING or code.startswith("08")


def _message(error: DBAPIError | psycopg2.Error) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    reason = (str(cause).strip() or type(cause).__name__).splitlines()[0]
    code = cause.pgcode if isinstance(cause, psycopg2.Error) else None
    if code == DISK_FULL:
        what, do = "the database's disk is full", "make room"
    elif _passes(error):
        what, do = "the connection to the database was lost", "check that it is running"
    else:
        what, do = "the database refused a batch", "fix the cause"
    return (
        f"{what}: {reason}; no batch is half stored: {do} and run the same command again, which "
        "continues after the last stored batch"
    )
