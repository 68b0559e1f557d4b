"""What ranks a candidate is what describes it: the quick way and the exact one agree."""

import pytest

from model_intelligence.decision.assess import assess
from model_intelligence.decision.judgement import is_measured
from model_intelligence.decision.score import runs_by_board
from model_intelligence.records import RuntimeStats
from tests.model_intelligence.build import (
    CURRENT,
    OTHER,
    TODAY,
    evidence,
    model,
    policy,
    price,
    stats,
)
from tests.model_intelligence.random_evidence import Question, questions


@pytest.mark.parametrize("seed", range(60))
def test_a_standing_has_the_figures_of_its_candidate(seed: int) -> None:
    for question in questions(seed):
        seen = assess(question.policy, question.current, question.evidence, TODAY)
        for ranked, candidate in zip(seen.ranked, seen.candidates, strict=True):
            assert ranked.model is candidate.model
            assert ranked.total == candidate.score.total
            assert ranked.settled == candidate.score.settled
            assert ranked.shared == len(runs_by_board(candidate.compared))
            assert ranked.is_measured == is_measured(candidate)


def test_some_of_the_made_up_candidates_share_two_editions_of_one_benchmark() -> None:
    asked = [question for seed in range(120) for question in questions(seed)]
    seen = [(one, assess(one.policy, one.current, one.evidence, TODAY)) for one in asked]
    assert sum(len(assessment.ranked) for _, assessment in seen) > 300
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


MINE, THEIRS = stats(CURRENT, "0.5", role="tidy"), stats(OTHER, "0.9", role="tidy")
MY_OWN = stats(CURRENT, "0.7", use_case="tidy_semantic")
THEIR_OWN = stats(OTHER, "0.6", use_case="tidy_semantic")
ANOTHERS = stats(OTHER, "0.1", use_case="something_else")


@pytest.mark.parametrize(
    ("known", "mine", "theirs"),
    [
        ([MINE, THEIRS], MINE, THEIRS),
        ([MINE, THEIRS, MY_OWN, THEIR_OWN, ANOTHERS], MY_OWN, THEIR_OWN),
        ([MINE, THEIRS, THEIR_OWN], MINE, THEIRS),  # both in the role, or it is other work
        ([MINE, THEIRS, MY_OWN], MY_OWN, None),
        ([MINE, ANOTHERS], MINE, None),
        ([THEIRS], None, THEIRS),
    ],
)
def test_calls_of_the_use_case_come_before_those_of_its_role_and_are_compared_with_their_like(
    known: list[RuntimeStats], mine: RuntimeStats | None, theirs: RuntimeStats | None
) -> None:
    found = evidence(model(CURRENT), model(OTHER), price(CURRENT), price(OTHER), *known)
    seen = assess(policy(role="tidy"), CURRENT, found, TODAY)
    assert seen.runtime == mine
    assert [candidate.runtime for candidate in seen.candidates] == [theirs]


@pytest.mark.parametrize(
    ("providers", "moves"), [(("zai", "novita"), None), (("novita",), "provider")]
)
def test_a_model_that_only_others_still_list_is_called_at_its_maker_if_it_may_be(
    providers: tuple[str, ...], moves: str | None
) -> None:
    listed = (model(provider="a cloud"), price(provider="a cloud"))
    sold = price(OTHER, provider=providers[0])
    facts = evidence(*listed, model(OTHER), sold)
    [candidate] = assess(policy(providers=providers), CURRENT, facts, TODAY).candidates
    assert candidate.outlook.moves == moves
