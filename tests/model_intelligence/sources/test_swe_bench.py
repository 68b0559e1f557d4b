"""SWE-bench's bash-only board."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.sources import swe_bench
from tests.model_intelligence.sources import measure

NEWEST = "swe-bench/leaderboards.2025-12-10.f1176b6.json.gz"
RESULT: dict[str, Any] = {
    "name": "Big 1 medium (20260102)",
    "resolved": 61.2,
    "date": "2026-01-03",
    "cost": 120.5,
    "mini-swe-agent_version": "1.16.0",
    "tags": ["Model: big-1-20260102", "Org: Maker"],
    "warning": None,
}


def parsed(*boards: tuple[str, dict[str, Any]]) -> list[BenchmarkRow | Dropped]:
    body = {"leaderboards": [{"name": name, "results": [result]} for name, result in boards]}
    return list(swe_bench.parse(json.dumps(body).encode()))


def test_a_row_is_one_model_with_the_fixed_agent() -> None:
    assert parsed(("Verified", {}), ("bash-only", RESULT)) == [
        BenchmarkRow(
            name="Big 1 medium (20260102)",
            benchmark_name="SWE-bench Verified",
            harness="mini-swe-agent 1.16",
            unit="percent",
            score=Decimal("61.2"),
            task_type="code",
            task_count=500,
            measured_at=date(2026, 1, 3),
            cost_usd=Decimal("120.5"),
            own_ids=("big-1-20260102",),
        )
    ]


def test_a_row_that_the_board_warns_of_is_left_out() -> None:
    [row] = parsed(("bash-only", {**RESULT, "warning": "cost is off"}))
    assert row == Dropped(RESULT["name"], "the board warns: cost is off")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"leaderboards": []}', b'{"leaderboards": [{"name": "bash-only"}]}'],
)
def test_another_shape_is_told(body: bytes) -> None:
    with pytest.raises(ShapeChanged):
        list(swe_bench.parse(body))


def test_a_result_that_lost_its_score_is_told() -> None:
    broken = {name: value for name, value in RESULT.items() if name != "resolved"}
    with pytest.raises(ShapeChanged, match="resolved"):
        parsed(("bash-only", broken))


def test_the_goal_for_names_is_reached_without_guessing() -> None:
    rows = list(swe_bench.parse(measure.snapshot(NEWEST)))
    found = measure.identified("swe-bench", rows, measure.refreshed())
    assert len(found) == 31
    assert measure.share(found) >= 95
