"""Work that a use case does not do, and editions of one benchmark."""

import pytest

from model_intelligence.decision.benchmarks.editions import newest_editions
from model_intelligence.decision.score import Pair
from model_intelligence.decision.values import Upgrade
from model_intelligence.explanation.caveats import against
from model_intelligence.explanation.other_task_types import other_work
from model_intelligence.recommender import recommend
from model_intelligence.records import BenchmarkResult
from tests.model_intelligence.build import (
    CURRENT,
    OTHER,
    TODAY,
    evidence,
    key,
    model,
    policy,
    price,
    result,
)


def pair(before: str = "50", after: str = "60", **changed: str | None) -> Pair:
    named = key(**changed)
    return result(CURRENT, before, key=named), result(OTHER, after, id=2, key=named)


def of(task_type: str, score: str, model_id: str = CURRENT) -> BenchmarkResult:
    return result(model_id, score, key=key(benchmark_name=task_type), task_type=task_type)


def test_only_work_that_does_not_count_is_other_work() -> None:
    ours = [of("code", "50"), of("math", "81"), of("law", "20")]
    theirs = [of("code", "60", OTHER), of("math", "76", OTHER), of("play", "9", OTHER)]
    assert other_work(ours, theirs, ["code", "play"]) == ((ours[1], theirs[1]),)


def test_other_work_run_in_another_way_is_not_compared_either() -> None:
    mine = result(CURRENT, "81", task_type="math", key=key(effort="high"))
    assert other_work([mine], [result(OTHER, "76", task_type="math")], ["code"]) == ()


def decided(*extra: BenchmarkResult) -> Upgrade:
    models = model(CURRENT), price(CURRENT), model(OTHER), price(OTHER, id=2)
    code = result(CURRENT, "40"), result(OTHER, "60", id=2)
    decision = recommend(policy(), CURRENT, evidence(*models, *code, *extra), TODAY)
    assert isinstance(decision, Upgrade)
    return decision


def test_a_body_says_where_the_answer_would_be_another() -> None:
    behind = of("math", "81"), of("math", "76", OTHER)
    ahead = of("law", "50"), of("law", "60", OTHER)
    clearly = of("play", "90"), of("play", "78", OTHER)
    upgrade = decided(*behind, *ahead, *clearly)
    assert [one for one in against(upgrade) if "At others" in one] == [
        "This compares code tasks only. At others it is behind: -5.0 percentage points on 1 math "
        "benchmark (95 % interval -14.2 to +4.3), perhaps by chance; -12.0 percentage points on 1 "
        "play benchmark (95 % interval -20.2 to -3.7)."
    ]
    assert upgrade.not_comparable == ()


def test_nothing_is_said_where_other_work_gains_too() -> None:
    upgrade = decided(of("law", "50"), of("law", "60", OTHER))
    assert [one for one in against(upgrade) if "other work" in one] == []


@pytest.mark.parametrize(
    ("older", "newer"),
    [("2025-12-23", "2026-01-08"), ("V9", "V10"), ("1.0.0", "1.0.1"), (None, "1")],
)
def test_of_two_editions_the_newer_counts(older: str | None, newer: str) -> None:
    pairs = pair(dataset_version=newer), pair(dataset_version=older)
    assert newest_editions(pairs) == newest_editions(pairs[::-1]) == pairs[:1]


@pytest.mark.parametrize(
    "changed", [{"effort": "high"}, {"harness": "prompt"}, {"benchmark_name": "Another"}]
)
def test_other_ways_of_running_are_no_editions(changed: dict[str, str]) -> None:
    pairs = pair(dataset_version="1"), pair(dataset_version="2", **changed)
    assert newest_editions(pairs) == pairs
