"""What config/bot.yaml says, and what holds where it says nothing."""

from typing import Any

import pytest
from pydantic import ValidationError

from model_intelligence.config.bot_yaml import BotConfig, Policy
from model_intelligence.errors import UsageError

PATHS = [["tool_models", "tidy_semantic"]]


def config(use_case: dict[str, Any] | None = None, **defaults: Any) -> BotConfig:
    cases = {"tidy_semantic": {"paths": PATHS, **(use_case or {})}}
    return BotConfig.model_validate({"defaults": defaults, "use_cases": cases})


def policy(use_case: dict[str, Any] | None = None, **defaults: Any) -> Policy:
    return config(use_case, **defaults).policy("tidy_semantic")


def test_a_use_case_that_says_nothing_follows_the_shipped_defaults() -> None:
    assert policy() == Policy(
        use_case="tidy_semantic",
        paths=(("tool_models", "tidy_semantic"),),
        providers=("anthropic", "openai", "google"),
        task_types=("code", "reasoning"),
    )


def test_a_use_case_that_says_nothing_follows_the_files_defaults() -> None:
    found = policy(providers=["zai"], task_types=["math"])
    assert (found.providers, found.task_types) == (("zai",), ("math",))


def test_what_a_use_case_says_wins_over_the_defaults() -> None:
    use_case = {"providers": ["zai"], "task_types": ["math"]}
    found = policy(use_case, providers=["openai"], task_types=["code"])
    assert (found.providers, found.task_types) == (("zai",), ("math",))


def test_an_empty_value_in_a_use_case_leaves_the_default() -> None:
    assert policy({"providers": None}, providers=["zai"]).providers == ("zai",)


def test_one_limit_of_a_use_case_does_not_lift_another_of_the_defaults() -> None:
    limits = policy({"limits": {"allow_previews": True}}, limits={"max_cost_increase_pct": 20})
    assert limits.limits.max_cost_increase_pct == 20
    assert limits.limits.allow_previews


def test_one_requirement_of_a_use_case_does_not_lift_another_of_the_defaults() -> None:
    found = policy(
        {"requires": {"context_window_tokens": 9}}, requires={"max_output_tokens": 5}
    ).requires
    assert (found.context_window_tokens, found.max_output_tokens) == (9, 5)


def test_a_use_case_can_lift_a_limit_by_name() -> None:
    lifted = policy(
        {"limits": {"max_cost_increase_pct": None}}, limits={"max_cost_increase_pct": 20}
    )
    assert lifted.limits.max_cost_increase_pct is None


def test_an_undeclared_use_case_is_answered_with_those_there_are() -> None:
    with pytest.raises(UsageError) as refused:
        config().policy("tidy_semantics")
    assert str(refused.value) == (
        "'tidy_semantics' is not a use case of bot.yaml; it declares tidy_semantic"
    )


def test_a_policy_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        policy().role = "builder"  # type: ignore[misc]  # the point of the test


@pytest.mark.parametrize("name", ["../x", "a b", "", "-x", "x" * 65, "a/b", "a\nb"])
def test_a_use_case_has_a_name_that_a_branch_can_carry(name: str) -> None:
    with pytest.raises(ValidationError, match="should match pattern"):
        BotConfig.model_validate({"use_cases": {name: {"paths": PATHS}}})


@pytest.mark.parametrize(
    "use_case",
    [
        {"paths": []},
        {"paths": [[]]},
        {"limits": {"min_chance": 1.1}},
        {"limits": {"min_chance_to_move": 0.4}},
        {"limits": {"max_cost_increase_pct": -1}},
        {"requires": {"context_window_tokens": 0}},
        {"requires": {"eyesight": True}},
        {"weights": {}},
    ],
)
def test_a_value_that_means_nothing_is_refused(use_case: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        config(use_case)
