"""Folding a month of calls: against SQL by hand and exact percentiles. One day more of a year."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, text

from model_intelligence.db import transaction
from model_intelligence.runtime_stats import compute_runtime_stats
from model_intelligence.telemetry.aggregate.days import catch_up
from tests.benchmarks import by_hand, calls
from tests.benchmarks.benchmark import FreshDatabase, WrongAnswer
from tests.benchmarks.calls import NOW, first_of
from tests.benchmarks.clock import best, seconds, slope
from tests.benchmarks.row import Row

CALLS = 10_000_000
MONTH, YEAR = 30, 365
ROUNDS = 2
PARTIALS = "telemetry_daily, telemetry_histograms, telemetry_spans, telemetry_folds"
SAME = """
SELECT (SELECT array_agg(s ORDER BY s::text) FROM (
    SELECT provider, model, role, use_case, sum(calls), sum(successes), sum(total_tokens),
        sum(recorded_usd)
    FROM {sums} GROUP BY 1, 2, 3, 4) s)::text
    || (SELECT sum(v & 1099511627775)::text || sum(v >> 40) FROM {histograms}, unnest(histogram) v)
"""


def rows(fresh_database: FreshDatabase, small: bool) -> list[Row]:
    """As many calls in a month as in a year: what a first run meets, and what a run a day does."""
    count, rounds = (20_000, 1) if small else (CALLS, ROUNDS)
    with fresh_database() as engine:
        calls.hold_no_ids(engine)
        calls.fill(engine, count, MONTH)
        found = of_a_month(engine, count, rounds)
    with fresh_database() as engine:
        calls.hold_no_ids(engine)
        calls.fill(engine, count, YEAR)
        return [*found, of_a_day(engine, count, rounds)]


def of_a_month(engine: Engine, count: int, rounds: int) -> list[Row]:
    """Everything anew, against other ways to the same."""
    ours, hand, exact, once = best(
        rounds,
        seconds,
        lambda: fold(engine, MONTH, MONTH),
        lambda: fold_by_hand(engine),
        lambda: percentiles(engine, by_hand.EXACT),
        lambda: percentiles(engine, by_hand.EXACT_ONCE),
    )
    check(engine)
    sizes, times = growth(engine, count)
    figure = f"{count:,} calls of {MONTH} days in {ours:.1f} s"
    return [
        Row("fold: by hand", figure, f"hand-written SQL: {hand:.1f} s", ours / hand, 1.15),
        Row(
            "fold: exact",
            figure,
            f"percentile_cont by role and by use case: {exact:.1f} s",
            ours / exact,
            0.6,
        ),
        Row(
            "fold: exact, once",
            figure,
            f"percentile_cont by both together: {once:.1f} s",
            ours / once,
            None,
        ),
        Row(
            "fold: growth",
            f"{sizes[0]:,} to {sizes[-1]:,} calls: {times[0]:.2f} to {times[-1]:.1f} s",
            "slope of log time over log size",
            slope(sizes, times),
            1.05,
        ),
    ]


def of_a_day(engine: Engine, count: int, rounds: int) -> Row:
    """One new day of a year whose other days are folded."""
    [whole] = best(rounds, seconds, lambda: fold(engine, YEAR, YEAR))
    more = min(one_day_more(engine, count // YEAR) for _ in range(rounds))
    return Row(
        "fold: a new day",
        f"{count // YEAR:,} calls in {more:.2f} s",
        f"all {YEAR} days: {whole:.1f} s",
        more / whole,
        0.02,
    )


def fold(engine: Engine, days: int, window_days: int) -> None:
    """The window's first so many days from nothing, and the statistics of the whole window."""
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {PARTIALS}, telemetry_stale_days, model_runtime_stats"))
        connection.execute(
            text(
                "INSERT INTO telemetry_stale_days SELECT CAST(:first AS date) + n, 0, false "
                "FROM generate_series(0, :days - 1) AS n"
            ),
            {"first": first_of(window_days), "days": days},
        )
    run(engine, window_days)


def run(engine: Engine, window_days: int) -> None:
    """What `compute-runtime-stats --window-days` does."""
    catch_up(engine, NOW)
    with transaction(engine) as session:
        compute_runtime_stats(session, window_days=window_days, now=NOW)


def fold_by_hand(engine: Engine) -> None:
    """The same partials without leaving the server, day by day, into tables with the same keys."""
    with engine.begin() as connection:
        connection.exec_driver_sql(by_hand.TABLES)
        connection.exec_driver_sql(by_hand.SETTINGS)
        for day in range(MONTH):
            values = {"day": f"{first_of(MONTH) + timedelta(days=day)} 00:00Z"}
            connection.execute(text(by_hand.SUMS), values)
            connection.execute(text(by_hand.HISTOGRAMS), values)


def percentiles(engine: Engine, statement: str) -> Sequence[Any]:
    """The month's statistics with exact percentiles, from the calls themselves."""
    values = {
        "first": f"{first_of(MONTH)} 00:00Z",
        "after": f"{NOW.date() + timedelta(days=1)} 00:00Z",
    }
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL work_mem = '512MB'")
        return connection.execute(text(statement), values).all()


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
                "SELECT model, role, use_case, calls, p50_latency_ms, p99_latency_ms, p95_tokens "
                "FROM model_runtime_stats"
            )
        ).all()
    if one != other:
        raise WrongAnswer("the partials are not those of the hand-written SQL")
    found = {(row.model, row.role, row.use_case): row[3:] for row in stored}
    exact = percentiles(engine, by_hand.EXACT)
    if len(exact) != len(found):
        raise WrongAnswer(f"{len(found)} statistics, and {len(exact)} exact ones")
    for row in exact:
        group, latency, tokens = tuple(row[1:4]), row[-3], row[-1]
        wanted = [row[4], latency[0], latency[3], tokens[2]]
        if list(map(float, found[group])) != pytest.approx(wanted, rel=0.01):
            raise WrongAnswer(f"{group}: {found[group]} is not near {wanted}")


def one_day_more(engine: Engine, count: int) -> float:
    """Seconds of a run that finds one new day: the last of the window anew, with its calls."""
    with engine.begin() as connection:
        connection.execute(
            text("DELETE FROM llm_usage_events WHERE created_at >= CAST(:last AS timestamptz)"),
            {"last": f"{NOW.date()} 00:00Z"},
        )
    run(engine, YEAR)
    calls.fill(engine, count, 1)
    return seconds(lambda: run(engine, YEAR))


def growth(engine: Engine, count: int) -> tuple[list[int], list[float]]:
    """A tenth, two, four and eight tenths of the days alone."""
    parts = [MONTH * part // 10 for part in (1, 2, 4, 8)]
    works = [partial(fold, engine, days, MONTH) for days in parts]
    return [count * days // MONTH for days in parts], best(1, seconds, *works)
