"""In which order replacements of a retiring model are taken, and ways back of a loss."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from model_intelligence.decision.values import Decision, Keep, Regression, Upgrade
from model_intelligence.explanation.dossier import compile_dossier
from model_intelligence.recommender import recommend
from model_intelligence.records import Model
from tests.model_intelligence.build import (
    CURRENT,
    RELEASED,
    TODAY,
    Fact,
    evidence,
    model,
    policy,
    price,
    result,
    stats,
)

SOON = TODAY + timedelta(days=20)
NOTICE = "https://docs.z.ai/ends"
ENDING = (
    model(retires_at=SOON, replacement="named", retirement_source=NOTICE),
    price(usd="0.001"),
    result(score="50"),
)
LOSS = Regression("older", "https://forge/1", 7, ("success is 60 %",), (3,))


def one(name: str, usd: str, score: str | None = None, **changed: Any) -> tuple[Fact, ...]:
    """A candidate at a price, perhaps with a result; of another family unless told."""
    facts = (model(name, **{"family": name, **changed}), price(name, usd))
    return facts if score is None else (*facts, result(name, score))


def decided(*facts: Fact, **changed: Any) -> Decision:
    return recommend(policy(), CURRENT, evidence(*facts), TODAY, **changed)


def taken(*facts: Fact, **changed: Any) -> str:
    found = decided(*facts, **changed)
    assert isinstance(found, Upgrade)
    return found.candidate.spelling


WINNER, DEAR_WINNER = one("winner", "0.0015", "70"), one("dear-winner", "0.006", "90")
CLEAR = one("clear", "0.002", "50")
NAMED, WORSE = one("named", "0.009"), one("worse", "0.001", "20")
KIN, LIKE_NAMED = one("kin", "0.002"), one("Named", "0.0012")
OLDER = RELEASED - timedelta(days=1)
OWN_CALLS = (stats(CURRENT, "0.80", outcomes=900), stats("kimi-k1", "0.95", id=2, outcomes=900))
LADDER = {
    "another maker, better in our own calls": (*one("kimi-k1", "0.002", "20"), OWN_CALLS[1]),
    "same tier and price tier": one("glm-4.7", "0.0015", "70"),
    "same tier, far cheaper": one("glm-5", "0.0001", "70"),
    "another tier, same price tier": one("glm-5-air", "0.0015", "95"),
    "another tier, far cheaper": one("glm-5-flash", "0.0001", "95"),
    "another maker, same price tier": one("kimi-k2", "0.0015", "90"),
    "the same maker, expensive": one("glm-6", "0.009", "90"),
    "another maker, expensive": one("kimi-k3", "0.009", "90"),
    "likelier to be worse": one("glm-4.7-air", "0.0015", "20"),
    "of doubtful price": (
        model("glm-4.8"),
        price("glm-4.8", "0.0015", agreement="unconfirmed"),
        result("glm-4.8", "70"),
    ),
    "ending within a year": one("glm-4.9", "0.0015", "70", retires_at=TODAY + timedelta(days=200)),
    "older": one("glm-4.5", "0.0015", "70", released_at=OLDER),
    "made for other work": one("glm-5-math", "0.0015", "90"),
}


@pytest.mark.parametrize("gone", range(len(LADDER)), ids=list(LADDER))
def test_each_is_taken_when_all_before_it_are_gone(gone: int) -> None:
    left = list(LADDER.values())[gone:]
    first = left[0][0]
    assert isinstance(first, Model)
    facts = (fact for facts in left for fact in facts)
    assert taken(*ENDING, OWN_CALLS[0], *facts) == first.model_id


def test_a_model_of_unknown_age_counts_as_older() -> None:
    undated, worse = one("glm-5", "0.0015", "90", released_at=None), one("glm-5.1", "0.0015", "20")
    assert taken(*ENDING, *undated, *worse) == "glm-5.1"


UNMEASURED = (model(retires_at=SOON), price(usd="0.001"))


def test_where_nothing_is_known_the_newest_is_taken_and_of_equals_the_nearest_in_price() -> None:
    cheap, near = one("glm-4.7", "0.0004"), one("glm-5", "0.0018")
    assert taken(*UNMEASURED, *cheap, *near) == "glm-5"
    half = one("glm-4.9", "0.0007")
    assert taken(*UNMEASURED, *cheap, *near, *half) == "glm-4.9"
    newer = one("glm-5.1", "0.0019", released_at=RELEASED + timedelta(days=1))
    assert taken(*UNMEASURED, *cheap, *near, *half, *newer) == "glm-5.1"


def test_a_model_whose_price_is_unknown_is_replaced_all_the_same() -> None:
    assert taken(model(retires_at=SOON), *KIN) == "kin"


def test_what_ends_as_well_is_not_taken() -> None:
    ends = one("winner", "0.001", "90", retires_at=TODAY + timedelta(days=60))
    assert taken(*ENDING, *ends, *WORSE) == "worse"


def test_an_open_proposal_stays_as_long_as_it_is_as_good_a_reason() -> None:
    better = one("better", "0.0014", "80")
    assert taken(*ENDING, *WINNER, *better) == "better"
    assert taken(*ENDING, *WINNER, *better, proposed="winner") == "winner"


def test_a_body_says_why_a_much_dearer_one_is_taken() -> None:
    found = decided(*ENDING, *DEAR_WINNER, *WORSE)
    assert isinstance(found, Upgrade)
    assert (
        "It is expensive: no better candidate at up to twice the current cost may be called."
    ) in compile_dossier(found)["against"]


def against(*facts: Fact) -> list[str]:
    found = decided(*ENDING, *facts)
    assert isinstance(found, Upgrade)
    told: list[str] = compile_dossier(found)["against"]
    return told


def test_a_body_says_that_the_replacement_ends_too() -> None:
    end = TODAY + timedelta(days=120)
    told = f"It is due to be retired itself on {end}, so this will need changing again by then."
    assert told in against(*one("winner", "0.001", "70", retires_at=end))
    assert told not in against(*WINNER)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (NAMED, "no benchmark in common, a call costs 9× as much."),
        (
            one("Named", "0.001", "40"),
            "-10.0 percentage points on 1 shared benchmark (95 % interval -20.9 to +1.2), a call "
            "costs the same.",
        ),
        (
            one("named", "0.001", retires_at=SOON),
            "left out (retires on 2026-12-13; more than 90 days must be left).",
        ),
        ((model("named"),), "left out (no source lists a price)."),
        ((), "no source lists a price."),
    ],
)
def test_a_body_says_what_the_provider_advises(facts: tuple[Fact, ...], told: str) -> None:
    (advice,) = (line for line in against(*WINNER, *facts) if "notice names" in line)
    assert advice.startswith("The provider's notice names named as the replacement")
    assert told in advice


def test_advice_that_is_demonstrably_worse_comes_later() -> None:
    assert taken(*ENDING, *one("named", "0.001", "20"), *CLEAR) == "clear"


def test_advice_that_nothing_measured_supports_says_so() -> None:
    found = decided(*ENDING, *LIKE_NAMED)
    assert isinstance(found, Upgrade)
    told = "No measurement supports this choice; it is the provider's recommended replacement."
    assert told in compile_dossier(found)["against"]


def test_the_advice_is_not_held_against_itself() -> None:
    assert not [line for line in against(*NAMED) if "notice names" in line]


LIST = "https://lists.test/ends"
STAYS = (model(), price(usd="0.001"), result(score="50"))


def test_a_loss_goes_back_to_what_was_there_even_if_it_scores_lower() -> None:
    older = one("older", "0.001", "40")
    assert taken(*STAYS, *older, *WINNER, regression=LOSS) == "older"


@pytest.mark.parametrize("end", [TODAY - timedelta(days=1), SOON])
def test_a_loss_goes_to_the_next_where_what_was_there_has_ended_or_will_soon(end: date) -> None:
    older = one("older", "0.001", "40", retires_at=end)
    found = decided(*STAYS, *older, *WINNER, regression=LOSS)
    assert isinstance(found, Upgrade)
    assert (found.candidate.spelling, found.reason_class) == ("winner", "regression")
    assert compile_dossier(found)["regression"]["to_replaced"] is False


def test_a_loss_that_nobody_can_mend_is_kept_and_said() -> None:
    found = decided(*STAYS, regression=LOSS)
    assert isinstance(found, Keep)
    assert found.reason == (
        "success is 60 % since https://forge/1, and no other model may be called"
    )


def test_the_verdict_of_a_way_back_begins_with_why() -> None:
    found = decided(*STAYS, *one("older", "0.001", "40"), regression=LOSS)
    assert isinstance(found, Upgrade)
    assert compile_dossier(found)["verdict"] == (
        "older instead of glm-4.6, to go back: since https://forge/1 success is 60 %"
    )


@pytest.mark.parametrize(
    ("days", "page", "end"),
    [
        (20, NOTICE, "is due to be retired on 2026-12-13, as its provider recommends"),
        (0, NOTICE, "was retired on 2026-11-23, as its provider recommends"),
        (-3, LIST, "was retired on 2026-11-20, as a retirement list recommends"),
        (20, None, "is due to be retired on 2026-12-13, as a retirement list recommends"),
    ],
)
def test_a_verdict_says_whether_the_end_has_come_and_who_advises(
    days: int, page: str | None, end: str
) -> None:
    ends = TODAY + timedelta(days=days)
    ending = model(replacement="named", retires_at=ends, retirement_source=page)
    found = decided(ending, price(usd="0.001"), *LIKE_NAMED)
    assert isinstance(found, Upgrade)
    whole = compile_dossier(found)
    assert f"instead of glm-4.6, which {end}: " in whole["verdict"]
    assert whole["deadline"]["has_ended"] == (days <= 0)
    assert whole["current"]["is_noticed"] == ("its provider" in end)


def test_what_a_list_knows_by_itself_is_not_called_the_providers_notice() -> None:
    listed = (replace(ENDING[0], retirement_source=LIST), *ENDING[1:])
    found = decided(*listed, *WINNER, *NAMED)
    assert isinstance(found, Upgrade)
    (advice,) = (line for line in compile_dossier(found)["against"] if " names " in line)
    assert advice.startswith("A retirement list names named as the replacement: ")
