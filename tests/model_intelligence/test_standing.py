"""What ranks a candidate is what describes it: the quick way and the exact one agree."""

import pytest

from model_intelligence.assessing import assess
from model_intelligence.judgement import is_measured
from tests.model_intelligence.build import TODAY
from tests.model_intelligence.random_evidence import Question, questions


@pytest.mark.parametrize("seed", range(60))
def test_a_standing_has_the_figures_of_its_candidate(seed: int) -> None:
    for question in questions(seed):
        seen = assess(question.policy, question.current, question.evidence, TODAY)
        for standing, candidate in zip(seen.standings, seen.candidates, strict=True):
            assert standing.model is candidate.model
            assert standing.total == candidate.score.total
            assert standing.settled == candidate.score.settled
            assert standing.shared == len(candidate.compared)
            assert standing.is_measured == is_measured(candidate)


def test_some_of_the_made_up_candidates_share_two_editions_of_one_benchmark() -> None:
    asked = [question for seed in range(60) for question in questions(seed)]
    seen = [(one, assess(one.policy, one.current, one.evidence, TODAY)) for one in asked]
    assert sum(len(assessment.standings) for _, assessment in seen) > 300
    assert any(
        len(_editions(one, candidate.model.model_id) & _editions(one, current.model_id)) == 2
        for one, assessment in seen
        for candidate in assessment.candidates
        if (current := assessment.current) is not None
    )


def _editions(question: Question, model_id: str) -> set[str | None]:
    results = question.evidence.benchmarks.get(model_id, ())
    keys = (result.key for result in results)
    return {key.dataset_version for key in keys if key.benchmark_name == "Aider"}
