"""Promises of merged proposals: what they are, when they are broken, and who is to blame."""

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_intelligence.scorecards.outcomes import actuals, changes, predictions
from model_intelligence.scorecards.text import regression_of, regressions, with_interval
from model_intelligence.scorecards.values import (
    Actual,
    Check,
    Conditions,
    Figure,
    Prediction,
    ScoreCard,
    Seen,
    due,
    window_after,
)
from model_intelligence.stats import histogram
from tests.model_intelligence.build import stats

MERGED_AT = datetime(2026, 11, 2, 15, 30, tzinfo=UTC)
TOLERATED = Decimal(0)
GUIDE = {"basis": "guide"}


def figure(value: str, low: str | None = None, high: str | None = None) -> Figure:
    return Figure(Decimal(value), low and Decimal(low), high and Decimal(high))  # type: ignore[arg-type]


def seen(calls: int = 1_000, **figures: Figure) -> Seen:
    return Seen(stats(calls=calls, id=7), figures)


def promise(measure: str, before: Figure | None, predicted: Figure | None) -> Prediction:
    return Prediction(measure, "own calls", before, predicted)


def outcome(promised: Prediction, now: Seen | None, *changed: str, tolerated: int = 0) -> str:
    """What came of one promise."""
    why = {promised.measure: changed}
    [found] = actuals([promised], now, why, Decimal(tolerated))
    assert found.reasons == (changed if found.outcome == "not_attributable" else ())
    return found.outcome


def test_days_are_whole_and_start_after_that_of_the_merge() -> None:
    start, end = window_after(MERGED_AT, 7)
    assert (start, end) == (datetime(2026, 11, 3, tzinfo=UTC), datetime(2026, 11, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "checks"),
    [("2026-11-09T23:59", []), ("2026-11-10T00:00", [7]), ("2026-11-17", [7, 14])],
)
def test_a_check_is_due_when_its_days_are_over(day: str, checks: list[int]) -> None:
    assert due(MERGED_AT, datetime.fromisoformat(day).replace(tzinfo=UTC)) == checks


BEFORE = figure("0.0100", "0.0098", "0.0102")
PREDICTED = figure("0.0080", "0.0078", "0.0082")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (figure("0.0079", "0.0077", "0.0081"), "as_promised"),
        (figure("0.0070", "0.0069", "0.0071"), "better"),
        (figure("0.0090", "0.0088", "0.0092"), "missed"),  # broken, and yet cheaper than before
        (figure("0.0103", "0.01021", "0.0104"), "missed"),  # dearer than before, by 3 %
        (figure("0.0120", "0.0118", "0.0122"), "regressed"),
        (figure("0.0120", "0.0081", "0.0160"), "as_promised"),  # too wide to say otherwise
        (figure("0.0120"), "undecided"),
    ],
)
def test_a_dearer_call_is_a_loss_only_beyond_what_it_was_before(now: Figure, expected: str) -> None:
    promised = promise("usd_per_call", BEFORE, PREDICTED)
    assert outcome(promised, seen(usd_per_call=now)) == expected


def test_success_counts_the_other_way_round() -> None:
    before, predicted = figure("0.90", "0.88", "0.92"), figure("0.92", "0.90", "0.94")
    promised = promise("success_rate", before, predicted)
    lower, higher = figure("0.80", "0.78", "0.82"), figure("0.97", "0.96", "0.98")
    assert outcome(promised, seen(success_rate=lower)) == "regressed"
    assert outcome(promised, seen(success_rate=higher)) == "better"


def test_what_the_policy_tolerates_is_no_loss() -> None:
    promised = promise("success_rate", figure("0.90", "0.89", "0.91"), figure("0.90", "0.89", "1"))
    now = seen(success_rate=figure("0.86", "0.85", "0.87"))
    assert outcome(promised, now, tolerated=3) == "regressed"
    assert outcome(promised, now, tolerated=5) == "missed"


def test_a_loss_that_something_else_explains_is_not_put_down_to_the_model() -> None:
    promised = promise("usd_per_call", BEFORE, PREDICTED)
    now = seen(usd_per_call=figure("0.0120", "0.0118", "0.0122"))
    assert outcome(promised, now, "the price moved") == "not_attributable"


def test_a_model_that_nobody_called_before_cannot_be_gone_back_to() -> None:
    promised = promise("usd_per_call", None, PREDICTED)
    now = seen(usd_per_call=figure("0.0120", "0.0118", "0.0122"))
    assert outcome(promised, now) == "missed"


@pytest.mark.parametrize("now", [None, seen(29, usd_per_call=BEFORE)])
def test_few_calls_say_nothing(now: Seen | None) -> None:
    assert outcome(promise("usd_per_call", BEFORE, PREDICTED), now) == "too_few_calls"


def test_what_was_not_promised_is_shown_and_never_a_loss() -> None:
    promised = promise("p95_latency_ms", figure("100", "99", "101"), None)
    now = seen(p95_latency_ms=figure("900", "890", "910"))
    [found] = actuals([promised], now, {}, TOLERATED)
    assert (found.outcome, found.figure) == ("not_promised", figure("900", "890", "910"))


def promises(cost: dict[str, Any], before: Seen | None, candidate: Seen | None) -> Any:
    found = predictions(cost, before, candidate, Decimal(1))
    return {each.measure: (each.basis, each.predicted) for each in found}


def test_own_calls_of_the_new_model_are_the_promise() -> None:
    candidate = seen(success_rate=figure("0.95", "0.93", "0.97"))
    found = promises(GUIDE, seen(success_rate=figure("0.90", "0.88", "0.92")), candidate)
    assert found["success_rate"] == ("own calls", figure("0.95", "0.93", "0.97"))


def test_without_them_the_price_is_the_promise_as_sure_as_what_was_seen_before() -> None:
    cost = {"basis": "classes", "proposed": {"usd_per_call": "0.005"}}
    found = promises(cost, seen(usd_per_call=figure("0.010", "0.008", "0.012")), None)
    assert found["usd_per_call"] == ("list price", figure("0.005", "0.004", "0.006"))


def test_without_them_success_is_promised_to_be_no_worse_within_what_the_policy_lets_go() -> None:
    found = promises(GUIDE, seen(success_rate=figure("0.90", "0.88", "0.92")), None)
    assert found["success_rate"] == ("no worse than before", figure("0.90", "0.87", "1"))


def test_at_the_guides_mix_no_cost_is_promised_and_latency_never_without_calls() -> None:
    before = seen(usd_per_call=BEFORE, p50_latency_ms=figure("100", "99", "101"))
    found = promises(GUIDE, before, None)
    assert found["usd_per_call"] == ("nothing", None)
    assert found["p50_latency_ms"] == ("nothing", None)


THEN = Conditions(Decimal(1_000), Decimal("0.2"), Decimal(2), Decimal(8), frozenset({"1"}))


@pytest.mark.parametrize(
    ("changed", "cost", "success"),
    [
        ({}, [], []),
        ({"prompt_tokens": Decimal(1_350)}, [], []),  # another tokenizer, perhaps
        (
            {"prompt_tokens": Decimal(500)},
            ["a call carries 500 prompt tokens, 1,000 when it was proposed (-50 %)"],
            ["a call carries 500 prompt tokens, 1,000 when it was proposed (-50 %)"],
        ),
        (
            {"input_usd_per_1m": Decimal(3)},
            ["a million prompt tokens cost $3, $2 when it was proposed"],
            [],
        ),
        (
            {"prompt_versions": frozenset({"1", "2"})},
            ["the prompt has another version: 2"],
            ["the prompt has another version: 2"],
        ),
        ({"prompt_versions": None, "prompt_tokens": None, "cached": None}, [], []),
    ],
)
def test_what_else_changed_is_told_where_it_matters(
    changed: dict[str, Any], cost: list[str], success: list[str]
) -> None:
    found = changes(THEN, THEN._replace(**changed))
    assert (found["usd_per_call"], found["success_rate"]) == (cost, success)


def test_another_share_from_the_cache_explains_cost_and_time() -> None:
    found = changes(THEN, THEN._replace(cached=Decimal("0.5")))
    told = ["50 % of the prompt tokens are read from the cache, 20 % when it was proposed"]
    assert (found["usd_per_call"], found["p50_latency_ms"]) == (told, told)
    assert found["success_rate"] == []


def card(*outcomes: str, use_case: str = "tidy", to_model: str = "new") -> ScoreCard:
    """Checks after 7, 14, … days, whose success came out like this."""
    promised = promise("success_rate", figure("0.9", "0.88", "0.92"), figure("0.9", "0.88", "1"))
    now = figure("0.6", "0.5", "0.7")
    checks = [
        Check(7 * n, (Actual("success_rate", 100, now, each, id=n),))  # type: ignore[arg-type]
        for n, each in enumerate(outcomes, 1)
    ]
    return ScoreCard(
        1,
        use_case,
        "old",
        to_model,
        "old-id",
        "https://forge/1",
        MERGED_AT,
        (promised,),
        (*checks,),
    )


def test_the_newest_check_decides() -> None:
    assert regression_of(card("regressed", "as_promised"), "new") is None
    found = regression_of(card("as_promised", "regressed"), "new")
    assert found is not None
    assert (found.replaced, found.days, found.records) == ("old-id", 14, (2,))
    assert found.reasons == (
        "success is 60.0 % (50.0 % to 70.0 %) over 100 calls; 88.0 % or more was promised, "
        "90.0 % before",
    )


def test_once_another_model_stands_there_nothing_is_to_be_undone() -> None:
    assert regression_of(card("regressed"), "newest") is None
    assert regressions([card("regressed")], {"tidy": "newest"}) == {}


def test_only_the_newest_merge_of_a_use_case_is_undone() -> None:
    cards = [card("as_promised"), card("regressed")]
    assert regressions(cards, {"tidy": "new"}) == {}
    assert list(regressions(cards[::-1], {"tidy": "new"})) == ["tidy"]


def test_money_is_shown_in_three_digits() -> None:
    assert with_interval("usd_per_call", figure("0.018", "0.0175", "1.5")) == (
        "$0.0180 ($0.0175 to $1.50)"
    )


def counted(values: list[int]) -> Counter[int]:
    """A histogram of whole numbers below 50, which have a bucket each."""
    buckets = {histogram.value_of(bucket): bucket for bucket in range(-1, 250)}
    return Counter(buckets[float(value)] for value in values)


def test_a_percentiles_interval_is_that_of_the_binomial_ranks() -> None:
    # Of 100 values the 50th percentile's 95 % interval is from the 40th to the 61st (n p ± 1.96 s).
    found = histogram.interval(counted([n // 4 + 10 for n in range(100)]), 0.5)
    assert found == (Decimal("18.81"), Decimal("25.25"))  # values 19 and 25, with the error of 1 %


@given(st.lists(st.integers(1, 49), min_size=1, max_size=300), st.sampled_from([0.5, 0.9, 0.95]))
def test_an_interval_holds_its_percentile_or_is_not_known(values: list[int], share: float) -> None:
    spread = counted(values)
    found, value = histogram.interval(spread, share), histogram.quantile(spread, share)
    assert value is not None
    if found is not None:
        assert found[0] <= value <= found[1]


def test_few_values_bound_no_high_percentile() -> None:
    assert histogram.interval(counted(list(range(1, 31))), 0.95) is None
