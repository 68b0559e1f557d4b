"""How fast calls are loaded against a bare COPY of the same rows into the same table.

The rows of the reference are ready in COPY's own format; the command starts Python, parses, checks
and remembers how far it is.
"""

import json
import random
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, text

from model_intelligence.telemetry.event import COLUMNS, UsageEvent
from model_intelligence.telemetry.formats import native
from model_intelligence.telemetry.load import copy_batches, partitions
from tests.benchmarks.benchmark import FreshDatabase, WrongAnswer
from tests.benchmarks.row import Row
from tests.peak_memory import Run, run_intel

EVENTS, FEW, ROUNDS = 1_000_000, 3_000, 2
START = datetime(2025, 8, 1, tzinfo=UTC)
LEAST_RATIO, MOST_MEGABYTES = 0.3, 200


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
            assert isinstance(event, UsageEvent), event
            as_rows.write(copy_batches.copy_line(event))
    return lines, rows


def rows(fresh_database: FreshDatabase, small: bool) -> list[Row]:
    """Speed and peak memory of `ingest-telemetry` from JSON lines."""
    count, rounds = (FEW, 1) if small else (EVENTS, ROUNDS)
    bares, runs = [], []
    with TemporaryDirectory() as folder:
        lines, ready = write(Path(folder), count)
        for _ in range(rounds):
            with fresh_database() as engine:
                bares.append(copied(engine, ready))
            with fresh_database() as engine:
                runs.append(ingested(engine, lines, count))
    bare, ours = min(bares), min(run.seconds for run in runs)
    peak = max(run.peak_megabytes for run in runs)
    return [
        Row(
            "load: speed",
            f"{count:,} events from JSON lines: {ours:.1f} s",
            f"bare COPY: {bare:.1f} s",
            bare / ours,
            LEAST_RATIO,
            at_least=True,
        ),
        Row(
            "load: memory",
            f"{peak:.0f} MB at most",
            f"{MOST_MEGABYTES} MB",
            peak / MOST_MEGABYTES,
            1,
        ),
    ]


def copied(engine: Engine, ready: Path) -> float:
    """Seconds that COPY takes into the table with its months made."""
    with engine.connect() as connection:
        partitions.make(connection, [START.date().replace(month=month) for month in (8, 9, 10)])
        connection.commit()
        began = time.perf_counter()
        with closing(connection.connection.cursor()) as cursor, ready.open() as stream:
            cursor.copy_expert(
                f"COPY llm_usage_events ({', '.join(COLUMNS)}) FROM STDIN NULL ''", stream
            )
        connection.commit()
        return time.perf_counter() - began


def ingested(engine: Engine, lines: Path, count: int) -> Run:
    """The command, and a look whether it has loaded all."""
    url = engine.url.render_as_string(hide_password=False)
    run = run_intel("ingest-telemetry", "--from", "native", str(lines), database_url=url)
    with engine.connect() as connection:
        there = connection.scalar(text("SELECT count(*) FROM llm_usage_events"))
    if there != count:
        raise WrongAnswer(f"{there} of {count} events are there")
    return run
