"""The end of a current model: how near it is, and what is proposed then."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from model_intelligence.config.bot_yaml import Retirement
from model_intelligence.decision.deadline import deadline_of, sentence
from model_intelligence.decision.values import Keep, Upgrade
from model_intelligence.recommender import recommend
from model_intelligence.sources import llmshift
from tests.bot.world import config, evidence

TODAY = date(2026, 11, 23)
POLICY = config().policy("tidy")


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (91, None),
        (90, "notice"),
        (61, "notice"),
        (60, "propose"),
        (15, "propose"),
        (14, "urgent"),
        (1, "urgent"),
        (0, "past"),
        (-30, "past"),
    ],
)
def test_a_deadline_has_the_stage_of_its_days(days: int, stage: str | None) -> None:
    model = replace(
        evidence({"old-a": "1"}, {}).models["old-a"], retires_at=TODAY + timedelta(days=days)
    )
    found = deadline_of(model, Retirement(), TODAY)
    assert (found.stage if found else None) == stage


def test_the_days_are_told_in_words() -> None:
    model = evidence({"old-a": "1"}, {}, **{"old-a": TODAY + timedelta(days=1)}).models["old-a"]
    found = deadline_of(model, Retirement(), TODAY)
    assert found is not None
    assert sentence(found) == "old-a retires on 2026-11-24, in 1 day"


def decide(prices: dict[str, str], scores: dict[str, str], **ends: date) -> Upgrade | Keep:
    ends = {name.replace("_", "-"): day for name, day in ends.items()}
    return recommend(POLICY, "old-a", evidence(prices, scores, **ends), TODAY)


SOON = TODAY + timedelta(days=30)


def test_a_retiring_model_is_replaced_even_by_one_that_scores_lower() -> None:
    prices = {"old-a": "1", "worse": "3"}
    found = decide(prices, {"old-a": "50", "worse": "40"}, old_a=SOON)
    assert isinstance(found, Upgrade)
    assert found.candidate.score.total < found.assessment.staying.total
    assert found.deadline is not None


def test_the_same_model_is_kept_when_nothing_ends() -> None:
    assert isinstance(decide({"old-a": "1", "worse": "3"}, {"old-a": "50", "worse": "40"}), Keep)


def test_what_ends_soon_itself_is_no_replacement() -> None:
    prices = {"old-a": "1", "better": "1", "worse": "3"}
    scores = {"old-a": "50", "better": "90", "worse": "40"}
    found = decide(prices, scores, old_a=SOON, better=TODAY + timedelta(days=80))
    assert isinstance(found, Upgrade)
    assert found.candidate.spelling == "worse"


def test_a_model_without_results_is_better_than_one_that_ends() -> None:
    found = decide({"old-a": "1", "unknown": "1"}, {"old-a": "50"}, old_a=SOON)
    assert isinstance(found, Upgrade)
    assert found.candidate.spelling == "unknown"


def test_where_no_other_model_may_be_called_the_end_is_still_told() -> None:
    found = decide({"old-a": "1"}, {"old-a": "50"}, old_a=SOON)
    assert isinstance(found, Keep)
    assert found.reason == (
        "old-a retires on 2026-12-23, in 30 days, and no other model may be called"
    )


def test_the_providers_own_replacement_comes_before_one_of_the_family() -> None:
    known = evidence({"old-a": "1", "old-b": "1", "named": "2"}, {}, **{"old-a": SOON})
    old = replace(known.models["old-a"], replacement="Named")
    known = replace(known, models={**known.models, "old-a": old})
    found = recommend(POLICY, "old-a", known, TODAY)
    assert isinstance(found, Upgrade)
    assert found.candidate.spelling == "named"
    assert found.candidate.cost_delta_pct == Decimal(100)


def test_the_bundled_list_names_ends_with_their_source() -> None:
    ends = {(end.provider, end.model): end for end in llmshift.lifecycles()}
    end = ends["anthropic", "claude-sonnet-4-5"]
    assert (end.retires_at, end.replacement) == (date(2026, 11, 30), "claude-sonnet-5-5")
    assert (end.source_url or "").startswith("https://platform.claude.com/")


@pytest.mark.parametrize(
    "row",
    [
        {"id": "x", "provider": "google-vertex", "status": "retired", "retires": "2026-01-01"},
        {"id": "x", "provider": "a-reseller", "status": "retired", "retires": "2026-01-01"},
    ],
)
def test_what_others_than_its_maker_say_of_a_model_is_left_out(row: dict[str, str]) -> None:
    assert llmshift.parse(row) is None
