"""From calls in the table to what people read in a pull request, the run's log and the evidence."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from model_intelligence.stats.histogram import ERROR
from tests.bot.conftest import NOW, Run
from tests.fake_github import FakeGitHub
from tests.model_intelligence.test_runtime_stats import call, record

OLD = {"provider": "anthropic", "model": "claude-sonnet-4-5", "role": "builder"}
NEW = {"provider": "zai", "model": "glm-5", "role": "builder"}


def traffic(
    who: dict[str, str], fails: int, latency_ms: int, **changed: Any
) -> list[dict[str, Any]]:
    """300 calls over ten days, one in twenty of them ten times as slow."""
    return [
        call(
            **who,
            created_at=NOW - timedelta(hours=1 + n % 240),
            task_ok=n >= fails,
            latency_ms=latency_ms * (10 if n % 20 == 0 else 1),
            time_to_first_token_ms=latency_ms // 4,
            **changed,
        )
        for n in range(300)
    ]


def body_of(hub: FakeGitHub, use_case: str) -> str:
    return next(p.body or "" for p in hub.state.pulls() if p.head == f"model-bot/{use_case}")


def rows_about(body: str, *labels: str) -> list[list[str]]:
    """The cells of the table's rows with those labels."""
    lines = [line.strip("| ").split(" | ") for line in body.splitlines() if line.startswith("| ")]
    return [cells for label in labels for cells in lines if cells[0] == label]


def test_a_pull_request_shows_what_our_own_calls_cost_and_how_fast_they_were(
    job: Run, hub: FakeGitHub, engine: Engine
) -> None:
    record(engine, *traffic(OLD, 60, 40), *traffic(NEW, 15, 20))
    job()
    since = "300 calls compared with 300, 2026-10-25 to 2026-11-24"
    assert rows_about(
        body_of(hub, "builder_medium"),
        "Task success, own calls",
        "Latency, median (±1 %)",
        "Latency, 95th percentile (±1 %)",
        "Time to first token, median (±1 %)",
    ) == [
        [
            "Task success, own calls",
            "80.0\u00a0% of 300",
            "95.0\u00a0% of 300",
            "+15.0 percentage points (95 % interval +9.8 to +20.3; 300 calls compared with 300): "
            "better",
        ],
        ["Latency, median (±1 %)", "40 ms", "20 ms", f"−50.0\u00a0% on {since}"],
        ["Latency, 95th percentile (±1 %)", "58 ms", "29 ms", f"−50.1\u00a0% on {since}"],
        ["Time to first token, median (±1 %)", "10 ms", "5 ms", f"−50.0\u00a0% on {since}"],
    ]
    [cost] = rows_about(body_of(hub, "builder_medium"), "Cost of a successful call, measured")
    assert cost[1:4] == ["$0.0225", "$0.00442", f"−80.4\u00a0% on {since}"]


def test_the_use_cases_own_calls_are_shown_and_not_all_of_its_role(
    job: Run, hub: FakeGitHub, engine: Engine
) -> None:
    other_work = [*traffic(OLD, 0, 900), *traffic(NEW, 299, 900)]
    own = {"use_case": "builder_medium"}
    record(engine, *other_work, *traffic(OLD, 60, 40, **own), *traffic(NEW, 15, 20, **own))
    job()
    [latency] = rows_about(body_of(hub, "builder_medium"), "Latency, median (±1 %)")
    assert latency[1:3] == ["40 ms", "20 ms"]


def test_a_model_that_answers_under_another_name_is_told_in_the_log(
    job: Run, engine: Engine
) -> None:
    record(engine, *traffic(OLD, 0, 40, response_model="claude-haiku-4-5"))
    said: list[str] = []
    job(said=said)
    assert [line.strip() for line in said if "Drift" in line] == [
        "! Drift: anthropic claude-sonnet-4-5 was answered by claude-haiku-4-5 in 300 of 300 calls"
    ]


@pytest.mark.parametrize("again", [False, True])
def test_a_run_folds_what_is_new_and_no_more(job: Run, engine: Engine, *, again: bool) -> None:
    record(engine, *traffic(OLD, 0, 40))
    job()
    if again:
        record(engine, call(**OLD, created_at=NOW - timedelta(days=3)))
    job(now=NOW + timedelta(minutes=5))
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT count(*) FROM telemetry_folds WHERE folded_at > %s", (NOW,)
        ).scalar()
    assert found == int(again)


def test_the_error_that_a_body_states_is_that_of_the_histograms() -> None:
    assert ERROR == 0.01


def test_no_figure_is_made_up_where_calls_are_silent(
    job: Run, hub: FakeGitHub, engine: Engine
) -> None:
    record(engine, *(call(**who) for who in (OLD, NEW) for _ in range(50)))
    job()
    assert not re.search(r"^\| (Latency|First token)", body_of(hub, "builder_medium"), re.MULTILINE)
