"""Intervals and verdicts, against published examples and by their properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_intelligence.stats.proportions import Rate, holm, judge, newcombe, p_value, wilson


@st.composite
def rates(draw: st.DrawFn) -> Rate:
    calls = draw(st.integers(0, 5_000))
    return Rate(draw(st.integers(0, calls)), calls)


@pytest.mark.parametrize(
    ("successes", "calls", "low", "high"),
    [  # Newcombe 1998, two-sided intervals for the single proportion, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(
    successes: int, calls: int, low: float, high: float
) -> None:
    assert wilson(Rate(successes, calls)) == pytest.approx((low, high), abs=0.00006)


@pytest.mark.parametrize(
    ("candidate", "current", "low", "high"),
    [  # Newcombe 1998, interval estimation for the difference, table II, method 10
        (Rate(56, 70), Rate(48, 80), 0.0524, 0.3339),
        (Rate(9, 10), Rate(3, 10), 0.1705, 0.8090),
        (Rate(10, 10), Rate(0, 20), 0.6791, 1.0000),
    ],
)
def test_newcombe_gives_the_published_intervals(
    candidate: Rate, current: Rate, low: float, high: float
) -> None:
    assert newcombe(current, candidate) == pytest.approx((low, high), abs=0.00006)


@pytest.mark.parametrize(
    ("current", "candidate", "kind"),
    [
        (Rate(900, 1000), Rate(950, 1000), "better"),
        (Rate(950, 1000), Rate(900, 1000), "worse"),
        (Rate(900, 1000), Rate(900, 1000), "non_inferior"),
        (Rate(90, 100), Rate(90, 100), "inconclusive"),
        (Rate(29, 29), Rate(0, 1000), "no_evidence"),
        (Rate(0, 0), Rate(0, 0), "no_evidence"),
    ],
)
def test_a_verdict_needs_its_interval(current: Rate, candidate: Rate, kind: str) -> None:
    assert judge(current, candidate).kind == kind


def test_fifty_calls_each_at_ninety_percent_are_no_win() -> None:
    """The original called such a pair of equals "better" more often than not."""
    assert judge(Rate(44, 50), Rate(46, 50)).kind == "inconclusive"


def test_few_calls_are_weak() -> None:
    assert judge(Rate(100, 199), Rate(500, 900)).is_weak
    assert not judge(Rate(100, 200), Rate(500, 900)).is_weak


@given(rates(), rates())
def test_an_interval_holds_the_observed_difference_and_turns_with_the_sides(
    a: Rate, b: Rate
) -> None:
    low, high = newcombe(a, b)
    assert -1 <= low <= b.share - a.share + 1e-12
    assert b.share - a.share - 1e-12 <= high <= 1
    assert newcombe(b, a) == pytest.approx((-high, -low))


@given(rates())
def test_a_model_is_never_better_or_worse_than_itself(rate: Rate) -> None:
    verdict = judge(rate, rate)
    assert verdict.kind in {"non_inferior", "inconclusive", "no_evidence"}
    assert p_value(verdict) == 1


def test_holm_steps_down_until_one_fails() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == [True, False, False, True]
    assert holm([0.04]) == [True]
    assert holm([0.04, 0.5]) == [False, False]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_never_lets_more_stand_than_each_alone(p_values: list[float]) -> None:
    assert all(p <= 0.05 for p, stands in zip(p_values, holm(p_values), strict=True) if stands)
