"""How a candidate stands to the current model: family, age, work and chances."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from model_intelligence.decision.evidence_index import Lookup
from model_intelligence.decision.outlook import Outlooks
from model_intelligence.decision.values import Outlook
from model_intelligence.records import Model
from tests.model_intelligence.build import (
    CURRENT,
    OTHER,
    RELEASED,
    TODAY,
    evidence,
    model,
    price,
    result,
)

RESULTS = (result(CURRENT, "50"), result(OTHER, "60", id=2))


def outlook(current: Model, other: Model, *work: str, moves: bool = False) -> Outlook:
    known = evidence(current, other, *RESULTS)
    outlooks = Outlooks(Lookup(known, TODAY), current, "here", frozenset(work))
    return outlooks.of(other, price(OTHER, provider="elsewhere" if moves else "here"))


def test_two_models_of_one_line() -> None:
    later = model(OTHER, released_at=RELEASED + timedelta(days=30))
    found = outlook(model(), later, "code")
    assert found == Outlook(
        better=found.better,
        not_worse=found.not_worse,
        both_measured=True,
        released=later.released_at,
        age_days=30,
        moves=None,
        same_line=True,
        same_tier=True,
        fits_the_work=True,
    )
    assert found.better is not None
    assert found.not_worse is not None
    assert 0.5 < found.better < found.not_worse < 1
    assert not found.is_older


@pytest.mark.parametrize(("days", "is_older"), [(0, False), (-1, True)])
def test_one_that_was_released_before_is_older(days: int, *, is_older: bool) -> None:
    other = model(OTHER, released_at=RELEASED + timedelta(days=days))
    assert outlook(model(), other).is_older is is_older


@pytest.mark.parametrize("days", [(None, RELEASED), (RELEASED, None)])
def test_of_unknown_age_nobody_is_called_older(days: tuple[date | None, date | None]) -> None:
    current, other = (
        model(name, released_at=day) for name, day in zip((CURRENT, OTHER), days, strict=True)
    )
    found = outlook(current, other)
    assert found.age_days is None
    assert not found.is_older


@pytest.mark.parametrize(
    ("name", "moves_provider", "moves"),
    [
        (OTHER, False, None),
        (OTHER, True, "provider"),
        ("kimi-k2", False, "maker"),
        ("kimi-k2", True, "provider"),
    ],
)
def test_what_changes_beside_the_model(
    name: str, moves: str | None, *, moves_provider: bool
) -> None:
    assert outlook(model(), model(name), moves=moves_provider).moves == moves


@pytest.mark.parametrize(
    ("current", "other", "work", "fits"),
    [
        ("glm-4.6", "glm-5-coder", ["code"], True),
        ("glm-4.6", "glm-5-coder", ["agentic", "tool_use"], True),
        ("glm-4.6", "glm-5-coder", ["code", "reasoning"], False),
        ("glm-4-coder", "glm-5-coder", ["reasoning"], True),
        ("glm-4.6", "glm-5-math", ["code"], False),
        ("glm-4-coder", "glm-5", ["code"], True),
    ],
)
def test_a_model_made_for_one_kind_of_work_does_that_work(
    current: str, other: str, work: list[str], *, fits: bool
) -> None:
    assert outlook(model(current), model(other), *work).fits_the_work is fits


def test_a_resellers_id_has_the_chances_of_the_makers_model() -> None:
    resold = model("reseller/other", provider="reseller")
    known = replace(
        evidence(model(), model(OTHER), resold, *RESULTS), same={"reseller/other": OTHER}
    )
    outlooks = Outlooks(Lookup(known, TODAY), model(), None, frozenset())
    assert outlooks.of(model(OTHER), price(OTHER)) == outlooks.of(resold, price(OTHER))


def test_the_dated_id_of_a_reseller_is_the_makers_model_too() -> None:
    resold, dated = (
        model(name, provider="reseller") for name in ("reseller/other", "reseller/other-2026-01-01")
    )
    known = replace(
        evidence(model(), model(OTHER), resold, dated, *RESULTS),
        snapshots={dated.model_id: resold.model_id},
        same={resold.model_id: OTHER},
    )
    profiles = Lookup(known, TODAY).profiles
    assert profiles[dated.model_id] == profiles[OTHER]
