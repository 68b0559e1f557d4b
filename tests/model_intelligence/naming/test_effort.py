"""Efforts in one spelling."""

import pytest

from model_intelligence.decision.score import comparable, newest_by_key
from model_intelligence.explanation.not_comparable import not_comparable
from model_intelligence.naming.effort import budget, effort_class
from model_intelligence.naming.name_parts import split_name
from tests.model_intelligence.build import CURRENT, OTHER, key, result


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("high", "high"),
        (" High ", "high"),
        ("extra high", "xhigh"),
        ("max", "max"),
        ("32K", "32k thinking"),
        ("32k thinking", "32k thinking"),
        ("32k thinking tokens", "32k thinking"),
        ("32000", "32k thinking"),
        ("32768 tokens", "32k thinking"),
        ("0", "none"),
        ("no thinking", "none"),
        ("none", "none"),
        ("enabled", "thinking"),
        ("thinking", "thinking"),
        ("high, 64K", "64k thinking, high"),
        ("64k thinking, high", "64k thinking, high"),
        ("thinking, high", "high, thinking"),
        ("adaptive reasoning, max effort", "max, thinking"),
        ("non-reasoning", "none"),
        ("until dawn", "until dawn"),
        ("", None),
        (None, None),
    ],
)
def test_spellings_of_one_setting_are_one(told: str | None, said: str | None) -> None:
    assert effort_class(told) == said
    assert effort_class(said) == said


@pytest.mark.parametrize(
    ("tokens", "said"),
    [(24576, "24k thinking"), (32000, "32k thinking"), (32768, "32k thinking"), (0, "none")],
)
def test_a_budget_is_counted_in_either_thousand(tokens: int, said: str) -> None:
    assert budget(tokens) == said


@pytest.mark.parametrize("other", [None, "high", "max", "64K", "none", "thinking"])
def test_different_settings_are_not_compared_and_the_reason_names_both(other: str | None) -> None:
    mine = result(CURRENT, "50", key=key(effort=effort_class("32K")))
    theirs = result(OTHER, "60", id=2, key=key(effort=effort_class(other)))
    assert comparable(newest_by_key([mine]), newest_by_key([theirs]), ["code"]) == ()
    [entry] = not_comparable([mine], [theirs], (), ["code"])
    told = effort_class(other) or "not stated"
    assert entry.reason == f"run differently: effort 32k thinking versus {told}"


def test_the_same_setting_in_two_spellings_is_compared() -> None:
    mine = result(CURRENT, "50", key=key(effort=effort_class("32K")))
    theirs = result(OTHER, "60", id=2, key=key(effort=effort_class("32768")))
    assert comparable(newest_by_key([mine]), newest_by_key([theirs]), ["code"]) == ((mine, theirs),)


def test_thinking_at_an_effort_is_not_that_effort_without_thinking() -> None:
    thinks, does_not = (
        split_name(f"claude-opus-4-5-20251101-{setting}").effort
        for setting in ("thinking-high-effort", "high-effort")
    )
    assert (effort_class(thinks), effort_class(does_not)) == ("high, thinking", "high")
