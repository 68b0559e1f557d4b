"""Folding a year of calls: against SQL written by hand, exact percentiles, and one day more."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, text

from model_intelligence.db import transaction
from model_intelligence.runtime_stats import compute_runtime_stats
from model_intelligence.telemetry_days import catch_up
from tests.benchmarks import by_hand, calls
from tests.benchmarks.benchmark import FreshDatabase, WrongAnswer
from tests.benchmarks.calls import DAYS, FIRST, NOW
from tests.benchmarks.clock import best, seconds, slope
from tests.benchmarks.row import Row

CALLS = 10_000_000
ROUNDS = 2
PARTIALS = "telemetry_daily, telemetry_histograms, telemetry_spans, telemetry_folds"
SAME = """
SELECT (SELECT array_agg(s ORDER BY s::text) FROM (
    SELECT provider, model, role, sum(calls), sum(successes), sum(total_tokens), sum(recorded_usd)
    FROM {sums} GROUP BY 1, 2, 3) s)::text
    || (SELECT sum(v & 1099511627775)::text || sum(v >> 40) FROM {histograms}, unnest(histogram) v)
"""


def rows(fresh_database: FreshDatabase, small: bool) -> list[Row]:
    """One database with a year of calls is enough for all of them."""
    count = 20_000 if small else CALLS
    with fresh_database() as engine:
        calls.hold_no_ids(engine)
        calls.fill(engine, count)
        ours, hand, exact = best(
            1 if small else ROUNDS,
            seconds,
            lambda: fold(engine, DAYS),
            lambda: fold_by_hand(engine),
            lambda: percentiles(engine),
        )
        check(engine)
        more = min(one_day_more(engine, count // DAYS) for _ in range(ROUNDS))
        sizes, times = growth(engine, count)
    figure = f"{count:,} calls of {DAYS} days in {ours:.1f} s"
    return [
        Row("fold: by hand", figure, f"hand-written SQL: {hand:.1f} s", ours / hand, 1.15),
        Row("fold: exact", figure, f"percentile_cont: {exact:.1f} s", ours / exact, None),
        Row(
            "fold: a new day", f"{more:.2f} s", f"all {DAYS} days: {ours:.1f} s", more / ours, 0.02
        ),
        Row(
            "fold: growth",
            f"{sizes[0]:,} to {sizes[-1]:,} calls: {times[0]:.2f} to {times[-1]:.1f} s",
            "slope of log time over log size",
            slope(sizes, times),
            1.05,
        ),
    ]


def fold(engine: Engine, days: int) -> None:
    """The first so many days from nothing, and the statistics of a window that holds them."""
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {PARTIALS}, telemetry_stale_days, model_runtime_stats"))
        connection.execute(
            text(
                "INSERT INTO telemetry_stale_days SELECT CAST(:first AS date) + n, 0, false "
                "FROM generate_series(0, :days - 1) AS n"
            ),
            {"first": FIRST, "days": days},
        )
    run(engine)


def run(engine: Engine) -> None:
    """What `compute-runtime-stats --window-days 365` does."""
    catch_up(engine, NOW)
    with transaction(engine) as session:
        compute_runtime_stats(session, window_days=DAYS, now=NOW)


def fold_by_hand(engine: Engine) -> None:
    """The same partials without leaving the server, day by day, into tables with the same keys."""
    with engine.begin() as connection:
        connection.exec_driver_sql(by_hand.TABLES)
        connection.exec_driver_sql(by_hand.SETTINGS)
        for day in range(DAYS):
            values = {"day": f"{FIRST + timedelta(days=day)} 00:00Z"}
            connection.execute(text(by_hand.SUMS), values)
            connection.execute(text(by_hand.HISTOGRAMS), values)


def percentiles(engine: Engine) -> Sequence[Any]:
    """The window's statistics with exact percentiles, from the calls themselves."""
    values = {"first": f"{FIRST} 00:00Z", "after": f"{FIRST + timedelta(days=DAYS)} 00:00Z"}
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL work_mem = '512MB'")
        return connection.execute(text(by_hand.EXACT), values).all()


def check(engine: Engine) -> None:
    """WrongAnswer unless partials are those made by hand, and percentiles near the exact ones."""
    tables = [("telemetry_daily", "telemetry_histograms"), ("hand_sums", "hand_histograms")]
    with engine.connect() as connection:
        one, other = (
            connection.scalar(text(SAME.format(sums=sums, histograms=histograms)))
            for sums, histograms in tables
        )
        stored = connection.execute(
            text(
                "SELECT model, role, p50_latency_ms, p99_latency_ms, p95_tokens "
                "FROM model_runtime_stats WHERE use_case IS NULL"
            )
        ).all()
    if one != other:
        raise WrongAnswer("the partials are not those of the hand-written SQL")
    found = {(model, role): list(map(float, rest)) for model, role, *rest in stored}
    for _, model, role, *_, latency, _first, tokens in percentiles(engine):
        wanted = [latency[0], latency[3], tokens[2]]
        if found[model, role] != pytest.approx(wanted, rel=0.01):
            raise WrongAnswer(f"{model} {role}: {found[model, role]} is not near {wanted}")


def one_day_more(engine: Engine, count: int) -> float:
    """Seconds of a run that finds one new day: the last of the window anew, with its calls."""
    with engine.begin() as connection:
        connection.execute(
            text("DELETE FROM llm_usage_events WHERE created_at >= CAST(:last AS timestamptz)"),
            {"last": f"{NOW.date()} 00:00Z"},
        )
    run(engine)
    calls.fill(engine, count, 1, NOW.date())
    return seconds(lambda: run(engine))


def growth(engine: Engine, count: int) -> tuple[list[int], list[float]]:
    """A tenth, two, four and eight tenths of the days alone."""
    parts = [DAYS * part // 10 for part in (1, 2, 4, 8)]
    works = [partial(fold, engine, days) for days in parts]
    return [count * days // DAYS for days in parts], best(1, seconds, *works)
