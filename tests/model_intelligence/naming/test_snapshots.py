"""Configs that name a dated snapshot, `claude-sonnet-4-5-20250929`, instead of the model's name."""

from typing import Any

import pytest

from model_intelligence.decision.values import Decision, Upgrade
from model_intelligence.explanation.dossier import compile_dossier
from model_intelligence.recommender import recommend
from model_intelligence.records import OWN_PRICES, Model
from tests.model_intelligence.build import (
    CURRENT,
    OTHER,
    TODAY,
    evidence,
    model,
    policy,
    price,
    result,
)

DATED, OTHER_DATED = "glm-4.6-2025-09-30", "glm-4.7-2025-12-22"
FACTS = (model(), price(), result(), model(OTHER), price(OTHER), result(OTHER, "80", id=2))
BOTH = {DATED: CURRENT, OTHER_DATED: OTHER}


def decided(current: str, *more: Any, snapshots: dict[str, str] = BOTH, **asked: Any) -> Decision:
    known = evidence(*FACTS, *more, snapshots=snapshots)
    return recommend(policy(**asked), current, known, TODAY)


def proposed(current: str, *more: Any, **asked: Any) -> Upgrade:
    found = decided(current, *more, **asked)
    assert isinstance(found, Upgrade)
    return found


@pytest.mark.parametrize(
    ("current", "written"),
    [
        (DATED, OTHER_DATED),
        (f"zai/{DATED}", f"zai/{OTHER_DATED}"),
        (f"zai:chat:{DATED}", f"zai:chat:{OTHER_DATED}"),
        (CURRENT, OTHER),
    ],
)
def test_what_replaces_a_snapshot_is_a_snapshot(current: str, written: str) -> None:
    assert proposed(current).candidate.spelling == written


def test_a_snapshot_is_judged_by_the_evidence_of_its_model() -> None:
    assert proposed(DATED).candidate.score == proposed(CURRENT).candidate.score


def test_where_no_snapshot_is_known_the_name_is_written_and_that_is_said() -> None:
    found = proposed(DATED, snapshots={DATED: CURRENT})
    assert found.candidate.spelling == OTHER
    said = (
        "Your config names a dated snapshot, glm-4.6-2025-09-30. No dated snapshot of glm-4.7 is "
        "known, so its maker may change what the name points to."
    )
    assert said in compile_dossier(found)["unknowns"]
    for current in (DATED, CURRENT):
        assert said not in compile_dossier(proposed(current))["unknowns"]


def test_an_entry_of_the_snapshots_own_is_no_candidate() -> None:
    entry = (model(OTHER_DATED), price(OTHER_DATED, "0.0001"), result(OTHER_DATED, "90", id=3))
    seen = proposed(DATED, *entry).assessment
    assert [each.model.model_id for each in seen.candidates] == [OTHER]
    assert [(one.model_id, one.reason) for one in seen.excluded] == [
        (OTHER_DATED, "a dated snapshot of glm-4.7")
    ]


def test_a_price_of_our_own_for_the_snapshot_counts() -> None:
    listed = price(DATED, "0.0001", source="another list")
    own = price(DATED, "0.0001", source=OWN_PRICES, agreement="own")
    entry: Model = model(DATED)
    assert decided(DATED, entry, listed).assessment.current_price == price()
    assert decided(DATED, entry, own).assessment.current_price == own


def test_a_resellers_way_to_write_dates_is_not_guessed() -> None:
    resold = [
        price(name, provider="openrouter", provider_model_id=f"z-ai/{name}")
        for name in (CURRENT, OTHER)
    ]
    found = decided(f"openrouter/z-ai/{DATED}", *resold, providers=("openrouter",))
    assert [one.reason for one in found.assessment.excluded] == [
        f"its name at openrouter cannot be written in the form of openrouter/z-ai/{DATED}"
    ]


GONE = "glm-4.5-20250728"
ENDED = model(GONE, retires_at=TODAY, replacement=OTHER_DATED)
SOLD = (model(OTHER), price(OTHER))


def replaced(current: str, *facts: Any, **asked: Any) -> Decision:
    known = evidence(ENDED, *facts, snapshots={OTHER_DATED: OTHER})
    return recommend(policy(**asked), current, known, TODAY)


@pytest.mark.parametrize(
    ("current", "written"),
    [
        (GONE, OTHER_DATED),
        (GONE.upper(), OTHER_DATED),
        (f"zai/{GONE}", f"zai/{OTHER_DATED}"),
        (f"zai:chat:{GONE}", f"zai:chat:{OTHER_DATED}"),
    ],
)
def test_a_snapshot_that_no_list_prices_any_more_is_replaced_by_what_its_maker_names(
    current: str, written: str
) -> None:
    found = replaced(current, *SOLD)
    assert isinstance(found, Upgrade)
    assert found.candidate.spelling == written
    assert compile_dossier(found)["advised"]
    assert compile_dossier(found)["current"]["provider"] == "zai"


def test_advice_in_a_dated_name_is_advice_of_its_model() -> None:
    nearer = (model("glm-4.8"), price("glm-4.8", "0.0005"))
    found = replaced(GONE, *SOLD, *nearer)
    assert isinstance(found, Upgrade)
    assert found.candidate.model.model_id == OTHER


def test_a_name_says_whom_it_calls_where_only_a_reseller_lists_the_model() -> None:
    resold = model(GONE, provider="openrouter", retires_at=TODAY, replacement=OTHER)
    elsewhere = price(GONE, provider="openrouter", provider_model_id=f"z-ai/{GONE}")
    for facts in ((resold, *SOLD), (resold, elsewhere, *SOLD)):
        found = recommend(policy(), f"zai/{GONE}", evidence(*facts), TODAY)
        assert isinstance(found, Upgrade)
        assert found.candidate.spelling == f"zai/{OTHER}"


def test_a_resellers_name_without_a_price_is_not_carried_over() -> None:
    resold = price(OTHER, provider="openrouter", provider_model_id=f"z-ai/{OTHER}")
    found = replaced(f"openrouter/z-ai/{GONE}", *SOLD, resold, providers=("openrouter",))
    assert [one.reason for one in found.assessment.excluded] == [
        f"its name at openrouter cannot be written in the form of openrouter/z-ai/{GONE}"
    ]
