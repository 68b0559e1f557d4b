"""How fast calls are loaded: `python -m tests.benchmarks.bench_telemetry_load` prints the ratio.

The reference is a bare COPY of the same rows, ready in COPY's own format, into the same table.
"""

import json
import os
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from model_intelligence import db, embedded_postgres
from model_intelligence.telemetry import loading, native, partitions
from model_intelligence.telemetry.event import COLUMNS, Event

EVENTS = 1_000_000
START = datetime(2025, 8, 1, tzinfo=UTC)
LEAST_RATIO, MOST_MEGABYTES = 0.3, 200
CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Figures:
    """What one measurement found; `ratio` is the ingest's speed by the bare COPY's."""

    events: int
    copy_seconds: float
    ingest_seconds: float
    peak_megabytes: float

    @property
    def ratio(self) -> float:
        """1 is as fast as a bare COPY."""
        return self.copy_seconds / self.ingest_seconds


def records(count: int) -> Iterator[dict[str, object]]:
    """Calls in order of time over three months, as an application writes them down."""
    chance = random.Random(7)  # noqa: S311  # the same calls in every run
    for number in range(count):
        at = START + timedelta(days=90) * (number / count)
        sent, read, got = (
            chance.randint(100, 4_000),
            chance.randint(0, 3_000),
            chance.randint(1, 900),
        )
        yield {
            "event_id": str(uuid.UUID(int=chance.getrandbits(128))),
            "created_at": at.isoformat(),
            "provider": "anthropic",
            "model": "claude-sonnet-4-5",
            "role": chance.choice(("builder", "auditor", "tidy")),
            "input_uncached_tokens": sent,
            "cache_read_tokens": read,
            "cache_write_tokens": 0,
            "output_tokens": got,
            "prompt_tokens": sent + read,
            "completion_tokens": got,
            "latency_ms": 300 + got * chance.randint(5, 20),
            "time_to_first_token_ms": chance.randint(80, 300),
            "call_ok": chance.random() < 0.98,
            "cost_usd": round(chance.random() / 20, 6),
            "session_id": f"session-{number // 10}",
        }


def write(folder: Path, count: int) -> tuple[Path, Path]:
    """The same calls as JSON lines and in the format of COPY."""
    lines, rows = folder / "calls.jsonl", folder / "calls.copy"
    with lines.open("w") as as_json, rows.open("w") as as_rows:
        for record in records(count):
            as_json.write(json.dumps(record) + "\n")
            event = native.normalise(record)
            assert isinstance(event, Event), event
            as_rows.write(loading.copy_line(event))
    return lines, rows


def measure(url: str, folder: Path, count: int) -> Figures:
    """Both on databases of their own on the server of `url`."""
    lines, rows = write(folder, count)
    return Figures(count, copied(_database(url), rows), *ingested(_database(url), lines, count))


def _database(url: str) -> str:
    return embedded_postgres.create_database(url, f"load_{uuid.uuid4().hex}")


def copied(url: str, rows: Path) -> float:
    """Seconds that COPY takes into the table with its months made."""
    with db.open_database(url) as engine, engine.connect() as connection:
        for month in (8, 9, 10):
            partitions.make(connection, [START.date().replace(month=month)])
        connection.commit()
        began = time.perf_counter()
        with closing(connection.connection.cursor()) as cursor, rows.open() as stream:
            cursor.copy_expert(f"COPY llm_usage_events ({', '.join(COLUMNS)}) FROM STDIN", stream)
        connection.commit()
        return time.perf_counter() - began


def ingested(url: str, lines: Path, count: int) -> tuple[float, float]:
    """Seconds and peak megabytes of the command, start of Python and migration included."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "model_intelligence"),
            *("ingest-telemetry", "--from", "native", str(lines)),
        ],
        env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.returncode
    with db.open_engine(url) as engine, engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM llm_usage_events")) == count
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return seconds, kilobytes / 1024


def run(events: int = EVENTS) -> Figures:
    """Measures on a server of its own."""
    with (
        TemporaryDirectory() as folder,
        embedded_postgres.running(Path(folder) / "postgres") as url,
    ):
        return measure(url, Path(folder), events)


def main() -> None:
    """Prints the figures."""
    figures = run(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS)
    sys.stdout.write(
        f"{figures.events:,} events from JSON lines\n"
        f"bare COPY  {figures.copy_seconds:7.1f} s\n"
        f"ingest     {figures.ingest_seconds:7.1f} s\n"
        f"ratio      {figures.ratio:7.2f}   (at least {LEAST_RATIO})\n"
        f"memory     {figures.peak_megabytes:7.0f} MB (at most {MOST_MEGABYTES})\n"
    )


if __name__ == "__main__":
    main()
