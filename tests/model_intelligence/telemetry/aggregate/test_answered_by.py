"""Who answers under another name is told, and an alias's one snapshot is not taken for another."""

import pytest

from model_intelligence.telemetry.aggregate.answered_by import drifts
from model_intelligence.telemetry.aggregate.figures import Group, PricedSums


def answers(asked: str, **by: int) -> list[PricedSums]:
    group = Group("zai", asked, None, None)
    return [
        PricedSums(group, name.replace("__", "/").replace("_", "-"), "none", None, {"calls": calls})
        for name, calls in by.items()
    ]


def test_another_model_is_told_with_its_share() -> None:
    assert drifts(answers("glm-5", glm_5=1_300, glm_4=1_200)) == (
        "zai glm-5 was answered by glm-4 in 1,200 of 2,500 calls",
    )


@pytest.mark.parametrize("name", ["glm_5", "GLM_5", "z_ai__glm_5", "glm_5_20261101"])
def test_the_same_model_by_another_spelling_is_no_drift(name: str) -> None:
    assert drifts(answers("glm-5", **{name: 5})) == ()


def test_bedrocks_id_is_answered_by_the_model_that_it_serves() -> None:
    group = Group("aws-us", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", None, None)
    answered = PricedSums(group, "claude-sonnet-4-5-20250929", "none", None, {"calls": 3})
    assert drifts([answered]) == ()


def test_an_alias_pointed_at_another_snapshot_is_told() -> None:
    assert drifts(answers("glm-5", glm_5_20261101=5, glm_5_20261115=7)) == (
        "zai glm-5 was answered by glm-5-20261115 in 7 of 12 calls",
        "zai glm-5 was answered by glm-5-20261101 in 5 of 12 calls",
    )


def test_a_name_that_goes_on_is_another_model() -> None:
    assert len(drifts(answers("glm-5", glm_5_air=5))) == 1


def test_calls_that_do_not_say_who_answered_show_nothing() -> None:
    part = answers("glm-5", glm_4=1)[0]
    unsaid = PricedSums(part.group, None, "none", None, {"calls": 3})
    assert drifts([unsaid]) == ()
