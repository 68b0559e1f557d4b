"""tau2-bench's submissions."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.sources import tau2_bench
from tests.model_intelligence.sources import measure

NEWEST = "tau2-bench/submissions.2026-08-18.a2c0247.json"
RUN: dict[str, Any] = {
    "evaluation_date": "2026-03-02",
    "tau2_bench_version": "v1.0.1",
    "user_simulator": "sim-5.2",
    "notes": "User simulator: sim-5.2 with reasoning_effort: low. 4 trials.",
}
SUBMISSION: dict[str, Any] = {
    "model_name": "Big 1",
    "submission_type": "standard",
    "modality": "text",
    "reasoning_effort": "high",
    "submission_date": "2026-03-04",
    "methodology": RUN,
    "results": {"airline": {"pass_1": 82.505, "cost": 0.5}, "retail": None},
}


def parsed(**changed: Any) -> list[BenchmarkRow | Dropped]:
    return list(tau2_bench.parse(json.dumps({**SUBMISSION, **changed}).encode()))


def test_a_row_is_one_domain_with_the_user_that_was_played() -> None:
    assert parsed() == [
        BenchmarkRow(
            name="Big 1",
            benchmark_name="tau2-bench airline",
            dataset_version="1.0.1",
            harness="user simulator sim-5.2 (low)",
            effort="high",
            unit="percent",
            score=Decimal("82.50"),
            task_type="agentic",
            task_count=50,
            measured_at=date(2026, 3, 2),
            cost_usd=Decimal("25.0"),
        )
    ]


def test_how_documents_were_found_is_part_of_the_harness() -> None:
    banking = {"banking_knowledge": {"pass_1": 9, "retrieval_config": "terminal"}}
    [row] = measure.results(parsed(results=banking))
    assert (row.benchmark_name, row.harness) == (
        "tau2-bench banking",
        "user simulator sim-5.2 (low), retrieval terminal",
    )


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"modality": "voice"}, "a conversation by voice"),
        ({"submission_type": "custom"}, "an agent of the submitter's own, not a model"),
        (
            {"methodology": {**RUN, "user_simulator": None}},
            "nothing is said about who played the user",
        ),
        (
            {"methodology": {**RUN, "verification": {"modified_prompts": True}}},
            "prompts modified by the submitter",
        ),
    ],
)
def test_what_scores_no_model_in_a_known_way_is_left_out(
    changed: dict[str, Any], reason: str
) -> None:
    assert parsed(**changed) == [Dropped("Big 1", reason)]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"model_name": "Big 1", "methodology": {"user_simulator": "sim-5.2"}}'],
)
def test_another_shape_is_told(body: bytes) -> None:
    with pytest.raises(ShapeChanged):
        list(tau2_bench.parse(body))


def test_the_goal_for_names_is_reached_without_guessing() -> None:
    rows = list(tau2_bench.parse(measure.snapshot(NEWEST)))
    found = measure.identified("tau2-bench", rows, measure.refreshed())
    assert measure.share(found) >= 90
