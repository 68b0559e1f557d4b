"""Days are folded once, whatever way their calls came, and nothing is lost or counted twice."""

import io
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert, text, update
from sqlalchemy.orm import Session

from model_intelligence.db import transaction
from model_intelligence.models import LlmUsageEvent
from model_intelligence.stats.histogram import unpack
from model_intelligence.telemetry.aggregate import window
from model_intelligence.telemetry.aggregate.days import NOTHING, FoldReport, catch_up, fold_new_days
from model_intelligence.telemetry.aggregate.window import cover, histograms
from tests.model_intelligence.build import NOW, listing, point
from tests.model_intelligence.observe import rows
from tests.model_intelligence.test_runtime_stats import call, compute, ingest, record

DAY = timedelta(days=1)
FIRST = datetime(2026, 11, 1, 12, tzinfo=UTC)
COUNTED = "SELECT coalesce(sum(calls), 0) FROM telemetry_daily"

Write = Callable[[Engine, dict[str, Any]], None]


def fold(engine: Engine) -> FoldReport:
    with transaction(engine) as session:
        return fold_new_days(session, NOW)


def counted(engine: Engine) -> int:
    return int(rows(engine, COUNTED)[0][0])


def by_orm(engine: Engine, event: dict[str, Any]) -> None:
    with transaction(engine) as session:
        session.add(LlmUsageEvent(**event))


def by_copy(engine: Engine, event: dict[str, Any]) -> None:
    line = f"{event['event_id']}\t{event['created_at'].isoformat()}\tzai\tglm-4.6\n"
    raw = engine.raw_connection()
    raw.cursor().copy_expert(
        "COPY llm_usage_events (event_id, created_at, provider, model) FROM STDIN",
        io.StringIO(line),
    )
    raw.commit()
    raw.close()


def by_update(engine: Engine, event: dict[str, Any]) -> None:
    record(engine, {**event, "created_at": FIRST - 90 * DAY})
    with transaction(engine) as session:
        session.execute(
            update(LlmUsageEvent)
            .where(LlmUsageEvent.event_id == event["event_id"])
            .values(created_at=event["created_at"])
        )


def partition(engine: Engine) -> None:
    """Turns the table into one that is partitioned by time, as a busy team's is."""
    with engine.begin() as connection:
        for statement in (
            "CREATE TABLE parted (LIKE llm_usage_events INCLUDING DEFAULTS) "
            "PARTITION BY RANGE (created_at)",
            "CREATE TABLE parted_2026_10 PARTITION OF parted "
            "FOR VALUES FROM ('2026-10-01 00:00+00') TO ('2026-11-01 00:00+00')",
            "CREATE TABLE parted_rest PARTITION OF parted DEFAULT",
            "ALTER TABLE parted ADD UNIQUE (event_id, created_at)",
        ):
            connection.exec_driver_sql(statement)
        triggers = connection.exec_driver_sql(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger "
            "WHERE tgrelid = 'llm_usage_events'::regclass AND NOT tgisinternal"
        ).scalars()
        written = [trigger.replace("llm_usage_events", "parted") for trigger in triggers]
        for statement in (
            *written,
            "ALTER TABLE llm_usage_events RENAME TO flat",
            "ALTER TABLE parted RENAME TO llm_usage_events",
        ):
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize("parted", [False, True])
@pytest.mark.parametrize("write", [by_orm, by_copy, by_update])
def test_a_late_call_opens_its_own_day_only(engine: Engine, write: Write, *, parted: bool) -> None:
    if parted:
        partition(engine)
    record(engine, *(call(created_at=FIRST + n * DAY) for n in range(3)))
    assert fold(engine) == FoldReport(3, 3)
    assert fold(engine) == NOTHING
    write(engine, call(created_at=FIRST + DAY))
    with transaction(engine) as session:
        report = fold_new_days(session, NOW + DAY)
    folded = rows(engine, "SELECT day, folded_at FROM telemetry_folds WHERE calls > 0 ORDER BY day")
    assert [day for day, at in folded if at > NOW] == [date(2026, 11, 2)]
    assert report.calls == 2
    assert counted(engine) == 4


def test_a_deleted_call_leaves_the_sums(engine: Engine) -> None:
    record(engine, call(), call())
    fold(engine)
    with transaction(engine) as session:
        session.execute(delete(LlmUsageEvent))
    assert fold(engine) == FoldReport(1, 0)
    assert counted(engine) == 0
    assert rows(engine, "SELECT * FROM telemetry_histograms") == []


def test_an_emptied_table_empties_the_sums(engine: Engine) -> None:
    record(engine, call(), call(created_at=FIRST))
    fold(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE llm_usage_events")
    assert fold(engine) == FoldReport(2, 0)
    assert counted(engine) == 0


def test_sums_outlive_the_calls_that_retention_drops(engine: Engine) -> None:
    partition(engine)
    october = datetime(2026, 10, 5, tzinfo=UTC)
    record(engine, call(created_at=october), call(created_at=october), call())
    fold(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE parted_2026_10")
    assert fold(engine) == NOTHING
    record(engine, call(created_at=october))  # far too late
    assert fold(engine) == FoldReport(kept=(october.date(),))
    assert counted(engine) == 3


def test_a_call_that_is_not_committed_yet_is_not_lost(engine: Engine) -> None:
    record(engine, call())
    with Session(engine) as slow:
        slow.execute(insert(LlmUsageEvent), [call()])
        assert fold(engine) == FoldReport(1, 1)
        slow.commit()
    assert fold(engine) == FoldReport(1, 2)
    assert counted(engine) == 2


def test_a_call_that_comes_while_its_day_is_folded_is_counted_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(engine, call())
    from model_intelligence.telemetry.engines.postgres import PostgresEvents

    run = PostgresEvents.run

    def late(self: Any, *given: Any) -> Any:
        record(engine, call())
        return run(self, *given)

    monkeypatch.setattr(PostgresEvents, "run", late)
    assert fold(engine) == FoldReport(1, 2)
    monkeypatch.undo()
    assert fold(engine) == FoldReport(1, 2)  # its mark stayed: once more, to the same sums
    assert fold(engine) == NOTHING
    assert counted(engine) == 2


@pytest.mark.parametrize("statements_before", range(9))
def test_a_kill_at_any_moment_loses_nothing(engine: Engine, statements_before: int) -> None:
    record(engine, *(call(created_at=FIRST + n * DAY) for n in range(2)))
    fold(engine)
    record(engine, call(created_at=FIRST), call(created_at=FIRST + DAY))
    from sqlalchemy import event

    left = iter(range(statements_before))

    def kill(*_: Any) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    event.listen(engine, "before_cursor_execute", kill)
    with suppress(KeyboardInterrupt):
        fold(engine)
    event.remove(engine, "before_cursor_execute", kill)
    assert fold(engine) == FoldReport(2, 4)
    assert counted(engine) == 4


def test_catching_up_keeps_each_day_it_finished(engine: Engine) -> None:
    record(engine, *(call(created_at=FIRST + n * DAY) for n in range(3)))
    assert catch_up(engine, NOW) == FoldReport(3, 3)
    assert rows(engine, "SELECT * FROM telemetry_stale_days") == []


def test_single_inserts_of_one_transaction_leave_one_mark(engine: Engine) -> None:
    with transaction(engine) as session:
        for _ in range(5):
            session.execute(insert(LlmUsageEvent), [call()])
    assert len(rows(engine, "SELECT * FROM telemetry_stale_days")) == 1


def costs(engine: Engine) -> list[tuple[object, ...]]:
    return rows(engine, "SELECT revision, est_cost_usd FROM model_runtime_stats ORDER BY 1")


def test_a_price_that_changed_within_a_folded_day_cuts_it(engine: Engine) -> None:
    noon = NOW.replace(hour=3)
    record(engine, call(created_at=noon - timedelta(hours=1)), call(created_at=noon))
    ingest(engine, listing("glm-4.6", point("0.001")))
    compute(engine)
    ingest(engine, listing("glm-4.6", point("0.001"), point("0.010", noon)))
    assert compute(engine).folded == FoldReport(1, 2)
    assert costs(engine) == [(1, Decimal("0.004")), (2, Decimal("0.022"))]
    assert compute(engine).folded == NOTHING


def test_a_price_corrected_later_prices_old_days_without_folding_them(engine: Engine) -> None:
    record(engine, call())
    ingest(engine, listing("glm-4.6", point("0.001", NOW.replace(day=1, hour=0))))
    compute(engine)
    ingest(engine, listing("glm-4.6", point("0.003", NOW.replace(day=1, hour=0))))
    assert compute(engine).folded == NOTHING
    assert costs(engine) == [(1, Decimal("0.002")), (2, Decimal("0.006"))]


def test_a_price_of_a_model_that_was_not_called_folds_nothing(engine: Engine) -> None:
    record(engine, call())
    compute(engine)
    ingest(engine, listing("glm-4.7", point("0.001"), point("0.010", NOW)))
    assert compute(engine).folded == NOTHING


def test_a_window_is_covered_by_quarters_months_thirds_and_days() -> None:
    spans, days = cover(date(2025, 8, 29), date(2026, 1, 14))
    assert spans == [
        (date(2025, 9, 1), date(2025, 10, 1)),
        (date(2025, 10, 1), date(2026, 1, 1)),
        (date(2026, 1, 1), date(2026, 1, 11)),
    ]
    august, january = range(29, 32), range(11, 14)
    assert days == [
        *(date(2025, 8, day) for day in august),
        *(date(2026, 1, day) for day in january),
    ]


def test_thirds_end_with_their_months() -> None:
    spans, days = cover(date(2028, 2, 9), date(2028, 3, 1))
    assert spans == [
        (date(2028, 2, 11), date(2028, 2, 21)),
        (date(2028, 2, 21), date(2028, 3, 1)),
    ]
    assert days == [date(2028, 2, 9), date(2028, 2, 10)]


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(0, 500))
def test_a_window_is_covered_once(first: date, length: int) -> None:
    spans, days = cover(first, first + length * DAY)
    of_spans = [one + n * DAY for one, other in spans for n in range((other - one).days)]
    assert sorted([*of_spans, *days]) == [first + n * DAY for n in range(length)]
    assert len(days) <= 20


Change = tuple[str, int, int]
changes = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "drop", "move", "fold"]),
        st.integers(0, 45),
        st.integers(0, 3_000),
    ),
    max_size=12,
)


@given(changes)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_happens_the_sums_are_those_of_the_calls(
    engine: Engine, history: list[Change]
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE llm_usage_events")
    for kind, days, latency in history:
        _change(engine, kind, FIRST - days * DAY, latency)
    fold(engine)
    start, end = FIRST.replace(hour=0) - 45 * DAY, FIRST.replace(hour=0) + DAY
    with Session(engine) as session:
        found = histograms(session, start, end)
        calls = sum(int(part.sums["calls"]) for part in window.priced_sums(session, start, end))
    latencies = [row[0] for row in rows(engine, "SELECT latency_ms FROM llm_usage_events")]
    assert calls == len(latencies)
    spreads = [unpack(packed) for _, measure, packed in found if measure == "latency_ms"]
    [spread] = spreads or [Counter()]
    expected = rows(
        engine,
        "SELECT CASE WHEN latency_ms < 1 THEN -1 ELSE floor(ln(latency_ms) / ln(1.0202)) END, "
        "count(*) FROM llm_usage_events GROUP BY 1",
    )
    assert spread == {int(bucket): count for bucket, count in expected}


def _change(engine: Engine, kind: str, at: datetime, latency: int) -> None:
    if kind == "fold":
        with transaction(engine) as session:
            fold_new_days(session, NOW)
            histograms(session, FIRST.replace(hour=0) - 45 * DAY, FIRST.replace(hour=0) + DAY)
        return
    if kind == "add":
        record(engine, call(created_at=at, latency_ms=latency))
        return
    one = "(SELECT min(id) FROM llm_usage_events)"
    statement = f"DELETE FROM llm_usage_events WHERE id = {one}"  # noqa: S608  # own text
    if kind == "move":
        statement = (
            "UPDATE llm_usage_events SET created_at = :at, latency_ms = :ms "  # noqa: S608
            f"WHERE id = {one}"
        )
    with engine.begin() as connection:
        connection.execute(text(statement), {"at": at, "ms": latency} if kind == "move" else {})
