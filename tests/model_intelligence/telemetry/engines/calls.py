"""The same random calls for every engine, and what is true of them, worked out without SQL."""

import csv
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from model_intelligence.models import LlmUsageEvent
from model_intelligence.stats.histogram import unpack
from model_intelligence.telemetry.engines import FoldedRow
from model_intelligence.telemetry.engines.fold_sql import COLUMNS, KEY, SUMS

DAY = timedelta(days=1)
PRODUCTS = {name for name, text in SUMS.items() if "exp(0)" in text}
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
NAMES = [column.name for column in LlmUsageEvent.__table__.c if column.name != "id"]
Found = dict[tuple[Any, ...], Any]


def generated(calls: int = 3_000, seed: int = 7) -> list[dict[str, Any]]:
    """Calls of three days by 6 models, with everything that may be unknown unknown in some."""
    rng = random.Random(seed)  # noqa: S311  # nothing is kept secret with it
    return [_call(number, rng) for number in range(calls)]


def _call(number: int, rng: random.Random) -> dict[str, Any]:
    def maybe(value: Any, share: float = 0.8) -> Any:
        return value if rng.random() < share else None

    fresh, read, made = (int(rng.lognormvariate(mu, 2)) for mu in (7, 6, 5))
    latency = int(rng.lognormvariate(7, 1))
    model, failed = f"model-{rng.randrange(6)}", rng.random() < 0.1
    return {
        "event_id": f"call-{number}",
        "created_at": SINCE + timedelta(milliseconds=rng.randrange(3 * 86_400_000)),
        "provider": f"provider-{int(model[-1]) % 2}",
        "model": model,
        "response_model": maybe(rng.choice([model, "model-x"])),
        "role": maybe(rng.choice(["builder", "tidy"])),
        "use_case": maybe(rng.choice(["one", "two"]), 0.5),
        "input_uncached_tokens": maybe(fresh),
        "cache_read_tokens": maybe(read),
        "cache_write_tokens": maybe(0),
        "output_tokens": maybe(made),
        "reasoning_tokens": maybe(made // 3),
        "prompt_tokens": maybe(fresh + read),
        "completion_tokens": maybe(made),
        "total_tokens": maybe(fresh + read + made),
        "latency_ms": maybe(latency),
        "time_to_first_token_ms": maybe(latency // 5),
        "call_ok": maybe(not failed),
        "task_ok": maybe(rng.random() < 0.7, 0.4),
        "outcome_source": None,
        "error_type": rng.choice(["400", "RateLimitError", "503"]) if failed else None,
        "cost_usd": maybe(Decimal(fresh + made) / 1_000_000, 0.5),
        "session_id": None,
        "prompt_version": None,
    }


def parquet(calls: Iterable[dict[str, Any]], folder: Path) -> Path:
    """The calls as a Parquet file, one in a folder of its own for each day."""
    duckdb = pytest.importorskip("duckdb", reason="DuckDB writes the Parquet files")
    table = folder / "calls.csv"
    with table.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(NAMES)
        writer.writerows([_text(call[name]) for name in NAMES] for call in calls)
    types = {name: "BIGINT" for name in NAMES if name.endswith(("_tokens", "_ms"))}
    types |= {"created_at": "TIMESTAMPTZ", "call_ok": "BOOLEAN", "task_ok": "BOOLEAN"}
    types |= {"cost_usd": "DECIMAL(20, 10)"}
    columns = {name: types.get(name, "VARCHAR") for name in NAMES}
    lake = folder / "lake"
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(
        f"COPY (SELECT *, strftime(created_at, '%Y-%m-%d') AS day "  # noqa: S608  # own names
        f"FROM read_csv('{table}', columns = {columns}, header = true)) "
        f"TO '{lake}' (FORMAT parquet, PARTITION_BY (day))"
    )
    return lake


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else "" if value is None else str(value)


def comparable(rows: Iterable[FoldedRow]) -> Found:
    """Group and measure -> sums, or histogram; floats to nine digits, as order changes the rest."""
    found: Found = {}
    for row in rows:
        named = dict(zip(COLUMNS, row, strict=True))
        packed, measure = named.pop("histogram"), named.pop("measure")
        key = (*(named.pop(name) for name in KEY), measure)
        assert key not in found
        found[key] = (
            unpack(map(int, packed.split(",")))
            if packed
            else {name: _rounded(name, value) for name, value in named.items()}
        )
    return found


def _rounded(name: str, value: Any) -> Any:
    if value is None:
        return None
    return f"{value:.9g}" if name in PRODUCTS else Decimal(str(value))


def folded_by_hand(calls: Sequence[dict[str, Any]], measure: str) -> dict[Any, list[int]]:
    """(provider, model, role, use case) -> the values of a column, in order."""
    values: dict[Any, list[int]] = defaultdict(list)
    for call in calls:
        if call[measure] is not None:
            key = (call["provider"], call["model"], call["role"], call["use_case"])
            values[key].append(call[measure])
    return {key: sorted(found) for key, found in values.items()}


def spreads(found: Found, measure: str) -> dict[Any, Counter[int]]:
    return {key[:4]: spread for key, spread in found.items() if key[-1] == measure}


@contextmanager
def filled(engine: Any, calls: Sequence[dict[str, Any]]) -> Iterator[Any]:
    """A connection to a database that holds the calls."""
    from sqlalchemy import insert

    with engine.begin() as connection:
        connection.execute(insert(LlmUsageEvent), calls)
        yield connection
