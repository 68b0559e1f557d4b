"""Published results into the ledger: appended when new or corrected, never twice."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.config.benchmarks_yaml import BenchmarksFile
from model_intelligence.db import transaction
from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.ingest.benchmarks import BenchmarkReport, ingest_benchmarks
from tests.model_intelligence.build import NOW, listing
from tests.model_intelligence.observe import rows, whole_tables


def group(*results: dict[str, Any], **changed: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "benchmark_name": "SWE-bench Verified",
        "unit": "percent",
        "task_type": "code",
        "source": "board",
        "source_url": "https://example.org/board",
        "results": results or ({"model": "glm-4.6", "score": 45.5},),
    }
    return {**values, **changed}


def ingest(engine: Engine, *groups: dict[str, Any], days: int = 0) -> BenchmarkReport:
    file = BenchmarksFile.model_validate({"benchmarks": groups})
    with transaction(engine) as session:
        return ingest_benchmarks(session, file, NOW + timedelta(days=days))


@pytest.fixture(autouse=True)
def catalog(engine: Engine) -> None:
    with transaction(engine) as session:
        given = [listing(), listing("glm-4.7")]
        ingest_catalog(session, configured=(), rows=given, now=NOW)


def test_a_second_run_changes_no_row(engine: Engine) -> None:
    groups = (group(), group(harness="mini-swe-agent"), group(dataset_version="2"))
    assert ingest(engine, *groups).new == 3
    before = whole_tables(engine)
    assert ingest(engine, *groups, days=1) == BenchmarkReport(seen=3, new=0, unmatched=())
    assert whole_tables(engine) == before


def test_a_corrected_score_is_a_further_revision(engine: Engine) -> None:
    for day, score in enumerate([45.5, 46, 45.5]):
        ingest(engine, group({"model": "glm-4.6", "score": score}), days=day)
    stored = rows(engine, "SELECT revision, score FROM model_benchmarks ORDER BY revision")
    assert stored == [(1, Decimal("45.5")), (2, Decimal(46)), (3, Decimal("45.5"))]


@pytest.mark.parametrize(
    "corrected", [{"higher_is_better": False}, {"task_type": "agentic"}, {"task_count": 500}]
)
def test_whatever_else_the_comparison_rests_on_is_corrected_too(
    engine: Engine, corrected: dict[str, Any]
) -> None:
    ingest(engine, group())
    assert ingest(engine, group(**corrected)).new == 1
    assert ingest(engine, group(**corrected)).new == 0


@pytest.mark.parametrize(
    "other",
    [
        {"benchmark_name": "HumanEval"},
        {"dataset_version": "2"},
        {"harness": "x"},
        {"effort": "high"},
        {"unit": "fraction"},
        {"source_url": "https://example.org/other"},
    ],
)
def test_a_result_obtained_in_another_way_is_another_result(
    engine: Engine, other: dict[str, Any]
) -> None:
    ingest(engine, group(), group(**other))
    assert rows(engine, "SELECT revision FROM model_benchmarks") == [(1,), (1,)]


def test_names_that_no_model_has_are_reported_and_not_stored(engine: Engine) -> None:
    results = [{"model": name, "score": 1} for name in ("x-9", "glm-4.6", "a-1", "x-9")]
    assert ingest(engine, group(*results)) == BenchmarkReport(
        seen=1, new=1, unmatched=("a-1", "x-9")
    )


def test_a_boards_spelling_reaches_the_model(engine: Engine) -> None:
    ingest(engine, group({"model": "zai/GLM-4.6", "score": 1}))
    assert rows(engine, "SELECT model_id FROM model_benchmarks") == [("glm-4.6",)]


def test_a_results_own_effort_and_address_win_over_the_groups(engine: Engine) -> None:
    own = {"model": "glm-4.6", "score": 1, "effort": "high", "source_url": "https://example.org/1"}
    ingest(engine, group(own, {"model": "glm-4.7", "score": 2}, effort="low"))
    assert rows(engine, "SELECT effort, source_url FROM model_benchmarks ORDER BY model_id") == [
        ("high", "https://example.org/1"),
        ("low", "https://example.org/board"),
    ]


def test_licence_and_the_boards_own_name_are_kept_as_tags(engine: Engine) -> None:
    named = {"model": "glm-4.6", "score": 1, "board_name": "GLM 4.6 (high)"}
    ingest(engine, group(named, licence="MIT"))
    assert rows(engine, "SELECT tags FROM model_benchmarks") == [
        ({"licence": "MIT", "board_name": "GLM 4.6 (high)"},)
    ]


def test_a_score_of_zero_is_a_result(engine: Engine) -> None:
    ingest(engine, group({"model": "glm-4.6", "score": 0}))
    assert rows(engine, "SELECT score FROM model_benchmarks") == [(Decimal(0),)]


def test_one_result_twice_with_one_score_is_one_row(engine: Engine) -> None:
    twice = [{"model": name, "score": 1} for name in ("glm-4.6", "GLM-4.6")]
    assert ingest(engine, group(*twice)).new == 1


def test_one_result_twice_with_two_scores_is_refused_and_nothing_stored(engine: Engine) -> None:
    twice = [{"model": "glm-4.6", "score": 1}, {"model": "GLM-4.6", "score": 2}]
    with pytest.raises(ModelIntelligenceError) as refused:
        ingest(engine, group({"model": "glm-4.7", "score": 5}), group(*twice))
    assert str(refused.value) == (
        "glm-4.6 has two scores on SWE-bench Verified, 1 and 2; remove one, or tell them apart by "
        "effort, harness or date"
    )
    assert rows(engine, "SELECT * FROM model_benchmarks") == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "https://a b", ""])
def test_a_source_is_a_web_address(url: str) -> None:
    with pytest.raises(ValidationError):
        BenchmarksFile.model_validate({"benchmarks": [group(source_url=url)]})
