"""The same calls give the same groups everywhere, and percentiles within the stated error."""

import importlib.util
import shutil
import sys
from datetime import datetime
from math import ceil, floor
from pathlib import Path
from typing import Any, TypedDict

import pytest
from sqlalchemy import Engine

from model_intelligence.db import transaction
from model_intelligence.errors import ModelIntelligenceError, UsageError
from model_intelligence.models import ModelRuntimeStats
from model_intelligence.runtime_stats import compute_runtime_stats
from model_intelligence.stats.histogram import ERROR, quantile
from model_intelligence.telemetry.aggregate.days import NOTHING
from model_intelligence.telemetry.engines import opened
from model_intelligence.telemetry.engines.fold_sql import FOLD, LOOK
from model_intelligence.telemetry.engines.postgres import PostgresEvents
from tests.model_intelligence.observe import whole_tables
from tests.model_intelligence.telemetry.engines.calls import (
    DAY,
    SINCE,
    comparable,
    filled,
    folded_by_hand,
    generated,
    parquet,
    spreads,
)

CALLS = generated()


class Window(TypedDict):
    """What a run is asked for."""

    window_days: int
    now: datetime


NO_SPARK = "pyspark is an extra of 400 MB: pip install 'model-bot[spark]', and Java 17"
with_spark = pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None or shutil.which("java") is None, reason=NO_SPARK
)


@pytest.fixture(autouse=True)
def two_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spark runs as a cluster does: a driver, and two workers in processes of their own."""
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", "--master local-cluster[2,1,1024] pyspark-shell")


@pytest.fixture
def in_postgres(engine: Engine) -> Any:
    with filled(engine, CALLS) as connection:
        yield PostgresEvents(connection)


@pytest.mark.parametrize(
    ("scheme", "pattern"),
    [("duckdb", "/*/*.parquet"), pytest.param("spark", "", marks=with_spark)],
)
def test_every_engine_gives_the_same_groups(
    in_postgres: PostgresEvents, tmp_path: Path, scheme: str, pattern: str
) -> None:
    lake = parquet(CALLS, tmp_path)
    with opened(f"{scheme}:{lake}{pattern}") as events:
        for since, until in ((SINCE, SINCE + DAY), (SINCE + DAY / 2, SINCE + 2 * DAY)):
            there = comparable(events.run(FOLD, since, until))
            assert there == comparable(in_postgres.run(FOLD, since, until))
            assert len(there) > 500
        window = SINCE - DAY, SINCE + 4 * DAY
        assert set(map(tuple, events.run(LOOK, *window))) == set(
            map(tuple, in_postgres.run(LOOK, *window))
        )


@pytest.mark.parametrize(
    ("measure", "column"),
    [("latency_ms", "latency_ms"), ("first_token_ms", "time_to_first_token_ms")],
)
@pytest.mark.parametrize("share", [0.5, 0.9, 0.95, 0.99])
def test_percentiles_are_within_the_stated_error_of_the_exact_ones(
    in_postgres: PostgresEvents, measure: str, column: str, share: float
) -> None:
    found = spreads(comparable(in_postgres.run(FOLD, SINCE, SINCE + 3 * DAY)), measure)
    exact = folded_by_hand(CALLS, column)
    assert found.keys() == exact.keys()
    for key, values in exact.items():
        rank = share * (len(values) - 1)
        low, high = values[floor(rank)], values[ceil(rank)]
        wanted = low + (high - low) * (rank - floor(rank))
        assert float(quantile(found[key], share) or 0) == pytest.approx(wanted, rel=ERROR)


def test_calls_in_files_become_statistics_as_those_of_the_own_table_do(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    window = Window(window_days=7, now=SINCE + 3 * DAY)
    lake = parquet(CALLS, tmp_path)
    with transaction(engine) as session, opened(f"duckdb:{lake}/*/*.parquet") as events:
        first = compute_runtime_stats(session, events=events, **window)
        assert first.folded.calls == len(CALLS)
        assert compute_runtime_stats(session, events=events, **window).folded == NOTHING
    from_files = whole_tables(engine)[ModelRuntimeStats.__tablename__]
    with filled(engine, CALLS):
        pass
    with transaction(engine) as session:
        own = compute_runtime_stats(session, **window)
    assert own.folded.calls == len(CALLS)
    assert (own.new, own.changed) == (0, 0)
    assert whole_tables(engine)[ModelRuntimeStats.__tablename__] == from_files


def test_a_late_file_opens_its_days_only(engine: Engine, tmp_path: Path) -> None:
    window = Window(window_days=7, now=SINCE + 3 * DAY)
    early = [call for call in CALLS if call["created_at"] < SINCE + 2 * DAY]
    late = [call for call in CALLS if call not in early]
    for name, calls in (("early", early), ("late", late), ("more", late[:10])):
        (tmp_path / name).mkdir()
        parquet(calls, tmp_path / name)
    for pattern, folded in (("early", 2), ("*e*", 1), ("*e*", 0)):
        with (
            transaction(engine) as session,
            opened(f"duckdb:{tmp_path}/{pattern}/lake/*/*.parquet") as events,
        ):
            report = compute_runtime_stats(session, events=events, **window)
        assert report.folded.days == folded


def test_an_address_of_no_engine_is_refused_with_what_there_is() -> None:
    with pytest.raises(UsageError, match=r"mysql.*write postgresql://"):
        opened("mysql://host/name")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("duckdb:{}/*.parquet", "DuckDB cannot fold .*No files found"),
        pytest.param("spark:{}/none", "Spark cannot fold .*PATH_NOT_FOUND", marks=with_spark),
    ],
)
def test_files_that_are_not_there_are_told_in_one_line(
    tmp_path: Path, address: str, told: str
) -> None:
    with (
        pytest.raises(ModelIntelligenceError, match=f"^{told}.*$"),
        opened(address.format(tmp_path)) as events,
    ):
        list(events.run(FOLD, SINCE, SINCE + DAY))


@pytest.mark.parametrize(
    ("address", "missing", "extra"),
    [("duckdb:x", "duckdb", "parquet"), ("spark:x", "pyspark.sql", "spark")],
)
def test_a_missing_library_is_told_with_the_extra_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, address: str, missing: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with (
        pytest.raises(UsageError, match=rf"pip install 'model-bot\[{extra}\]'"),
        opened(address),
    ):
        pass
