"""The age of the newest benchmark results, in days and in words."""

from datetime import date, timedelta

import pytest

from model_intelligence.decision.assess import assess
from model_intelligence.decision.evidence_age import NewestResult, newest_result
from model_intelligence.decision.values import Keep
from model_intelligence.explanation.evidence_age import evidence_age
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


def measured(days_ago: int, model_id: str = CURRENT) -> BenchmarkResult:
    return result(model_id, measured_at=TODAY - timedelta(days=days_ago))


def of_edition(version: str) -> BenchmarkResult:
    return result(key=key(dataset_version=version))


def test_the_newest_of_a_models_results_counts() -> None:
    newest = newest_result([measured(90), measured(12), result()], model())
    assert newest == NewestResult(3, TODAY - timedelta(days=12))


def test_a_result_without_a_day_is_as_old_as_its_edition() -> None:
    dated = newest_result([of_edition("2026-06-25")], model(released_at=None))
    assert dated.on == date(2026, 6, 25)
    assert newest_result([of_edition("V4")], model(released_at=None)).on is None


def test_a_result_is_no_older_than_its_model() -> None:
    late = model(released_at=date(2026, 10, 2))
    assert newest_result([of_edition("2026-06-25")], late).on == date(2026, 10, 2)


@pytest.mark.parametrize(
    ("results", "said"),
    [
        ((measured(12),), "current model 12 days old"),
        ((measured(0),), "current model 0 days old"),
        ((measured(1),), "current model 1 day old"),
        ((measured(60),), "current model 60 days old"),
        ((measured(61),), "current model 2 months old"),
        ((measured(420),), "current model 14 months old"),
        ((result(key=key(dataset_version="V4")),), "current model not dated"),
        ((), "current model has none"),
    ],
)
def test_the_age_in_words(results: tuple[BenchmarkResult, ...], said: str) -> None:
    known = evidence(model(), price(), *results)
    kept = Keep(assess(policy(), CURRENT, known, TODAY), "")
    assert evidence_age(kept) == f"newest benchmark results: {said}"


def test_a_proposal_names_the_age_for_both_models() -> None:
    known = evidence(
        *(model(), price(), model(OTHER), price(OTHER, id=2)),
        result(score="40", measured_at=TODAY - timedelta(days=12)),
        result(OTHER, "60", id=2, measured_at=TODAY - timedelta(days=3)),
    )
    assert evidence_age(recommend(policy(), CURRENT, known, TODAY)) == (
        "newest benchmark results: current model 12 days old, proposed model 3 days old"
    )
