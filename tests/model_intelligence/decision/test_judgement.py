"""In which class a candidate may be proposed, and what forbids it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from model_intelligence.decision.assess import assess
from model_intelligence.decision.judgement import (
    Judgement,
    judge_candidate,
    may_be_considered,
    objections,
)
from model_intelligence.decision.values import Outlook
from tests.model_intelligence.build import (
    CURRENT,
    OTHER,
    RELEASED,
    TODAY,
    Fact,
    evidence,
    model,
    policy,
    price,
    stats,
)

LIKELY = Outlook(
    better=0.9,
    not_worse=0.94,
    both_measured=True,
    released=RELEASED,
    age_days=30,
    moves=None,
    same_line=True,
    same_tier=True,
    fits_the_work=True,
)


def judged(
    *calls: Fact, usd: str = "0.001", limits: dict[str, Any] | None = None, **outlook: Any
) -> Judgement:
    """What is thought of a candidate of that outlook, which no benchmark compares directly."""
    facts = evidence(model(), price(), model(OTHER), price(OTHER, usd), *calls)
    assessment = assess(policy(limits=limits or {}), CURRENT, facts, TODAY)
    [candidate] = assessment.candidates
    return judge_candidate(replace(candidate, outlook=LIKELY._replace(**outlook)), assessment)


WORSE = (stats(CURRENT, "0.95", outcomes=1000), stats(OTHER, "0.85", id=2, outcomes=1000))
BETTER = (stats(CURRENT, "0.85", outcomes=1000), stats(OTHER, "0.95", id=2, outcomes=1000))
NO_WORSE = (stats(CURRENT, "0.9", outcomes=9000), stats(OTHER, "0.9", id=2, outcomes=9000))


@pytest.mark.parametrize(
    ("changed", "reason_class"),
    [
        ({}, "quality"),
        ({"better": 0.8}, "quality"),
        ({"better": 0.79}, None),
        ({"usd": "0.0015"}, "quality"),
        ({"usd": "0.00151"}, None),
        ({"usd": "0.009", "limits": {"max_cost_increase_pct": 900}}, "quality"),
        ({"better": 0.79, "limits": {"min_chance": 0.79}}, "quality"),
        # To another provider or maker.
        ({"moves": "provider"}, None),
        ({"moves": "maker", "better": 0.95}, "quality"),
        ({"moves": "maker", "limits": {"min_chance_to_move": 0.9}}, "quality"),
        # One of the two has no result: only the successor, at the same price or less.
        ({"both_measured": False}, "successor"),
        ({"both_measured": False, "usd": "0.00101"}, None),
        ({"both_measured": False, "age_days": 0}, None),
        ({"both_measured": False, "same_line": False}, "successor"),
        ({"both_measured": False, "same_line": False, "same_tier": False}, None),
        ({"both_measured": False, "moves": "maker", "better": 0.99}, None),
        ({"both_measured": False, "better": 0.79}, None),
        # Cheaper by a fifth, and hardly worse.
        ({"better": 0.6, "not_worse": 0.8, "usd": "0.0008"}, "cost"),
        ({"better": 0.6, "not_worse": 0.8, "usd": "0.00081"}, None),
        ({"better": 0.6, "not_worse": 0.79, "usd": "0.0008"}, None),
        ({"better": 0.6, "not_worse": 0.9, "usd": "0.0008", "moves": "maker"}, None),
        ({"better": 0.6, "not_worse": 0.9, "usd": "0.0008", "both_measured": False}, None),
        (
            {"better": 0.6, "not_worse": 0.8, "usd": "0.0009", "limits": {"min_saving_pct": 10}},
            "cost",
        ),
    ],
)
def test_the_class_in_which_it_may_be_proposed(
    changed: dict[str, Any], reason_class: str | None
) -> None:
    found = judged(**changed)
    assert found.reason_class == reason_class
    assert found.against == ()
    assert found.may_be_proposed is (reason_class is not None)
    assert bool(found.gain) is not bool(found.lacking)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"better": 0.49, "not_worse": 0.99, "usd": "0.0001"}, "is only 49 % likely to be better"),
        (
            {"age_days": -1, "released": RELEASED - timedelta(days=1)},
            "is older than the current model (released on 2026-02-28)",
        ),
        (
            {"released": None, "age_days": None},
            "no source states its release date; config/pricing.yaml can (released_at)",
        ),
        ({"fits_the_work": False}, "is made for another kind of work"),
        (
            {"better": None, "not_worse": None, "both_measured": False},
            "neither model has a result on any benchmark, so nothing is known",
        ),
    ],
)
def test_what_forbids_a_proposal(changed: dict[str, Any], reason: str) -> None:
    found = judged(**changed)
    assert found.against == (reason,)
    assert not found.may_be_proposed


def test_own_calls_decide_over_the_chance() -> None:
    assert judged(*BETTER, better=0.2).reason_class == "quality"
    assert judged(*BETTER, better=0.2).against == ()
    assert judged(*NO_WORSE, better=0.2, usd="0.0008").reason_class == "cost"
    assert judged(*NO_WORSE, better=0.99).reason_class is None
    [reason] = judged(*WORSE, better=0.99).against
    assert reason.startswith("succeeds less often in your own calls: -10.0 percentage points")


def test_own_calls_do_not_lead_to_an_older_model() -> None:
    assert not judged(*BETTER, age_days=-1).may_be_proposed


def test_what_a_chance_promises_and_what_it_lacks() -> None:
    assert judged().gain == "90 % likely to be better"
    saving = judged(better=0.6, not_worse=0.8, usd="0.0008").gain
    assert saving == "a call costs 20.0 % less; 80 % likely to be at most 2 points worse"
    assert judged(better=0.7).lacking == "is only 70 % likely to be better; a proposal needs 80 %"
    assert judged(moves="maker").lacking == (
        "is only 90 % likely to be better; to change the maker it needs 95 %"
    )
    assert judged(better=0.6, not_worse=0.7, usd="0.0008").lacking == (
        "is only 70 % likely to be at most 2 points worse; a proposal needs 80 %"
    )
    assert judged(usd="0.002").lacking == "a call costs 2× as much"
    assert judged(both_measured=False, usd="0.0011").lacking == (
        "one of the two models has no result, and it is no successor at the same price"
    )


def test_a_saving_is_measured_exactly() -> None:
    assert judged(better=0.6, usd="0.0008").reason_class == "cost"
    limits = {"min_saving_pct": Decimal("20.0001")}
    assert judged(better=0.6, usd="0.0008", limits=limits).reason_class is None


def test_what_may_be_considered_is_what_nothing_is_said_against() -> None:
    facts = evidence(model(), price(), model(OTHER), price(OTHER))
    [candidate] = assess(policy(), CURRENT, facts, TODAY).candidates
    released, days, work = (None, RELEASED), (None, -1, 0), (True, False)
    said = []
    for better, day, age, fits in product((None, 0.0, 0.49, 0.5, 1.0), released, days, work):
        outlook = LIKELY._replace(better=better, released=day, age_days=age, fits_the_work=fits)
        seen = replace(candidate, outlook=outlook)
        said.append(may_be_considered(seen))
        assert said[-1] is not any(objections(seen))
    assert set(said) == {True, False}
