"""Calls are kept by month: any date can be inserted, old months go whole."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from model_intelligence import db
from model_intelligence.models import LlmUsageEvent
from model_intelligence.telemetry.load import partitions
from model_intelligence.telemetry.load.partitions import DroppedMonth
from tests.model_intelligence.observe import rows

INSERT = "INSERT INTO llm_usage_events (event_id, created_at, provider, model) VALUES "
WHERE_IT_IS = "SELECT event_id, tableoid::regclass::text FROM llm_usage_events ORDER BY 1"


def insert(engine: Engine, *calls: tuple[str, str]) -> None:
    with engine.begin() as connection:
        values = ", ".join(f"('{name}', '{at}', 'zai', 'glm-4.6')" for name, at in calls)
        connection.execute(text(INSERT + values))


def event(name: str, at: datetime) -> LlmUsageEvent:
    return LlmUsageEvent(event_id=name, created_at=at, provider="zai", model="glm-4.6")


@pytest.mark.parametrize("at", ["0001-01-01", "2026-11-23 12:00Z", "9999-12-31 23:59:59.999999Z"])
def test_a_plain_insert_works_for_any_date(engine: Engine, at: str) -> None:
    insert(engine, ("a", at))
    assert rows(engine, WHERE_IT_IS) == [("a", "llm_usage_events_default")]


def test_an_application_inserts_through_the_orm_and_gets_rising_ids(session: Session) -> None:
    calls = [event(name, datetime(2026, 11, 23, tzinfo=UTC)) for name in "abc"]
    for call in calls:
        session.add(call)
        session.flush()
    assert [call.id for call in calls] == sorted({call.id for call in calls})


def test_the_same_call_is_not_stored_twice(engine: Engine) -> None:
    insert(engine, ("a", "2026-11-23 12:00Z"))
    with pytest.raises(IntegrityError, match="event_id"):
        insert(engine, ("a", "2026-11-23 13:00+01"))


def test_a_month_takes_its_calls_over_from_the_default_partition(engine: Engine) -> None:
    insert(
        engine,
        ("before", "2026-10-31 23:59:59.999999Z"),
        ("first", "2026-11-01 00:00Z"),
        ("last", "2026-11-30 23:59:59.999999Z"),
        ("after", "2026-12-01 00:00Z"),
    )
    with engine.begin() as connection:
        partitions.make(connection, [date(2026, 11, 1)])
        partitions.make(connection, [date(2026, 11, 1)])
    insert(engine, ("next", "2026-11-15 00:00Z"))
    assert rows(engine, WHERE_IT_IS) == [
        ("after", "llm_usage_events_default"),
        ("before", "llm_usage_events_default"),
        ("first", "llm_usage_events_2026_11"),
        ("last", "llm_usage_events_2026_11"),
        ("next", "llm_usage_events_2026_11"),
    ]
    with pytest.raises(IntegrityError):
        insert(engine, ("next", "2026-11-15 00:00Z"))


@pytest.mark.parametrize(
    ("today", "dropped"),
    [
        (date(2026, 12, 30), []),
        (date(2026, 12, 31), [DroppedMonth(date(2026, 10, 1), 2)]),
        (date(2027, 1, 29), [DroppedMonth(date(2026, 10, 1), 2)]),
        (
            date(2027, 1, 30),
            [DroppedMonth(date(2026, 10, 1), 2), DroppedMonth(date(2026, 11, 1), 1)],
        ),
    ],
)
def test_a_month_is_dropped_when_its_last_day_is_no_longer_kept(
    engine: Engine, today: date, dropped: list[DroppedMonth]
) -> None:
    insert(engine, ("a", "2026-10-05"), ("b", "2026-10-06"), ("c", "2026-11-30 23:00Z"))
    with engine.begin() as connection:
        assert partitions.drop_older(connection, keep_days=60, today=today) == tuple(dropped)
    left = [name for name, at in [("a", 10), ("b", 10), ("c", 11)] if at not in _months(dropped)]
    assert [row[0] for row in rows(engine, WHERE_IT_IS)] == left


def _months(dropped: list[DroppedMonth]) -> set[int]:
    return {one.month.month for one in dropped}


def test_a_day_of_the_month_that_is_still_going_on_is_never_dropped(engine: Engine) -> None:
    insert(engine, ("a", "2026-11-01"))
    with engine.begin() as connection:
        assert partitions.drop_older(connection, keep_days=0, today=date(2026, 11, 30)) == ()
    assert len(rows(engine, WHERE_IT_IS)) == 1


def test_a_date_that_no_calendar_has_stays_in_the_default_partition(engine: Engine) -> None:
    insert(engine, ("a", "9999-12-31"), ("b", "infinity"), ("c", "2026-11-01"))
    with engine.begin() as connection:
        partitions.settle(connection)
    assert [row[1] for row in rows(engine, WHERE_IT_IS)] == [
        "llm_usage_events_default",
        "llm_usage_events_default",
        "llm_usage_events_2026_11",
    ]


def test_a_query_of_one_month_looks_into_that_month_only(engine: Engine) -> None:
    months = [date(2026, number, 1) for number in range(1, 13)]
    with engine.begin() as connection:
        partitions.make(connection, months)
    plan = rows(
        engine,
        "EXPLAIN SELECT count(*) FROM llm_usage_events WHERE created_at >= "
        "TIMESTAMPTZ '2026-03-01 00:00Z' AND created_at < TIMESTAMPTZ '2026-04-01 00:00Z'",
    )
    looked_into = {name for month in months if (name := _name(month)) in str(plan)}
    assert looked_into == {"llm_usage_events_2026_03"}


def _name(month: date) -> str:
    return partitions.partition_of(month)


OLD = [
    ("a", "2026-10-31 23:59Z", 10, None),
    ("b", "2026-11-01 00:00Z", None, "0.0001"),
    ("c", "2025-12-31 23:59Z", 0, None),
]


def _fill(engine: Engine) -> list[tuple[Any, ...]]:
    with engine.begin() as connection:
        for name, at, tokens, usd in OLD:
            connection.execute(
                text(
                    INSERT.replace("model)", "model, prompt_tokens, cost_usd)")
                    + "(:name, :at, 'zai', 'glm-4.6', :tokens, :usd)"
                ),
                {"name": name, "at": at, "tokens": tokens, "usd": usd},
            )
    return _all(engine)


def _all(engine: Engine) -> list[tuple[Any, ...]]:
    """Every call with the columns that were there before."""
    names = ", ".join(
        each.name for each in LlmUsageEvent.__table__.c if each.name != "prompt_version"
    )
    return rows(engine, f"SELECT {names} FROM llm_usage_events ORDER BY event_id")  # noqa: S608


def test_calls_of_before_are_carried_over_into_their_months_and_back(
    empty_database_url: str,
) -> None:
    with db.open_engine(empty_database_url) as engine:
        db.migrate(engine, "0013")
        before = _fill(engine)
        assert len(before) == 3
        db.migrate(engine)
        assert _all(engine) == before
        assert [row[1] for row in rows(engine, WHERE_IT_IS)] == [
            "llm_usage_events_2026_10",
            "llm_usage_events_2026_11",
            "llm_usage_events_2025_12",
        ]
        insert(engine, ("d", "2026-11-02"))
        assert rows(engine, "SELECT max(id) FROM llm_usage_events") == [(4,)]
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM llm_usage_events WHERE event_id = 'd'"))
        with engine.connect() as connection:
            command.downgrade(_config(connection), "0013")
            connection.commit()
        assert _all(engine) == before
        assert not [n for n in inspect(engine).get_table_names() if n.startswith("llm_usage_ev")][
            1:
        ]
        insert(engine, ("e", "2026-11-02"))
        assert rows(engine, "SELECT max(id) FROM llm_usage_events") == [(5,)]


def _config(connection: Any) -> Any:
    config = db.alembic_config()
    config.attributes["connection"] = connection
    return config
