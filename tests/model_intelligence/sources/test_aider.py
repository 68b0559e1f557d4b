"""Aider's polyglot board."""

from datetime import date
from decimal import Decimal

import pytest

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.sources import aider
from tests.model_intelligence.sources import measure

NEWEST = "aider/polyglot_leaderboard.2025-10-04.cb6a152e5.yml"
ROW = """
- model: Big 1 (high)
  edit_format: diff
  pass_rate_2: 61.3
  test_cases: 225
  date: 2026-01-02
  command: aider --model maker/big-1 --reasoning-effort high
  reasoning_effort: high
  total_cost: 12.5
"""


def one(text: str) -> BenchmarkRow | Dropped:
    [row] = aider.parse(text.encode())
    return row


def test_a_row_is_a_share_of_exercises_solved_in_one_format() -> None:
    assert one(ROW) == BenchmarkRow(
        name="Big 1 (high)",
        benchmark_name="Aider polyglot",
        harness="aider, diff format",
        effort="high",
        unit="percent",
        score=Decimal("61.3"),
        task_type="code",
        task_count=225,
        measured_at=date(2026, 1, 2),
        cost_usd=Decimal("12.5"),
        own_ids=("maker/big-1",),
    )


@pytest.mark.parametrize("cost", ["total_cost: 0", "seconds_per_case: 3"])
def test_a_cost_of_zero_is_unknown(cost: str) -> None:
    row = one(ROW.replace("total_cost: 12.5", cost))
    assert isinstance(row, BenchmarkRow)
    assert row.cost_usd is None


@pytest.mark.parametrize(
    ("tokens", "effort"), [(32000, "32k thinking"), (24576, "24k thinking"), (0, "none")]
)
def test_a_thinking_budget_is_the_effort(tokens: int, effort: str) -> None:
    without_level = ROW.replace("  reasoning_effort: high\n", "")
    row = one(f"{without_level}  thinking_tokens: {tokens}\n")
    assert isinstance(row, BenchmarkRow)
    assert row.effort == effort


def test_a_budget_beside_a_level_is_another_effort_than_the_level_alone() -> None:
    row = one(ROW + "  thinking_tokens: 32000\n")
    assert isinstance(row, BenchmarkRow)
    assert row.effort == "32k thinking, high"


def test_two_models_at_work_are_nobodys_score() -> None:
    assert one(ROW + "  editor_model: small-1\n") == Dropped(
        "Big 1 (high)", "two models, one that plans and one that edits"
    )


@pytest.mark.parametrize(
    "text", ["", "a: 1", "- 1", "- {model: a}", ROW.replace("61.3", "most"), "- [", "\x00"]
)
def test_another_shape_is_told(text: str) -> None:
    with pytest.raises(ShapeChanged):
        list(aider.parse(text.encode()))


def test_what_two_models_did_is_all_that_is_left_out() -> None:
    rows = list(aider.parse(measure.snapshot(NEWEST)))
    assert (len(measure.results(rows)), len(rows)) == (66, 69)


# Why each of these waits: rolling aliases (chatgpt-4o-latest), previews under a cover name (Alpha),
# a variant that no list has (-quality), an id without a snapshot (-flash-exp), and three that
# neither a list that we follow nor a list of ends names.
UNMATCHED = [
    "DeepSeek Chat V2.5",
    "Optimus Alpha",
    "Quasar Alpha",
    "chatgpt-4o-latest (2025-02-15)",
    "chatgpt-4o-latest (2025-03-29)",
    "command-a-03-2025-quality",
    "gemini-2.0-flash-exp",
    "qwen-max-2025-01-25",
    "yi-lightning",
]


def test_the_goal_for_names_is_reached_without_guessing() -> None:
    rows = list(aider.parse(measure.snapshot(NEWEST)))
    found = measure.identified("aider", rows, measure.refreshed())
    assert len(found) == 65
    assert measure.share(found) >= 85
    assert measure.unmatched(found) == UNMATCHED
