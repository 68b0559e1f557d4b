"""Prices that depend on the day or on the hour, as points in time."""

from datetime import UTC, datetime, time
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from model_intelligence.records import UNDATED
from model_intelligence.sources.price_windows import Condition, dated_points, hour_outside
from tests.model_intelligence.build import point

ONE, TWO, THREE, FOUR = map(Decimal, range(1, 5))

AUGUST = datetime(2026, 8, 17, tzinfo=UTC)
MORNING, LATE = (time(1), time(4)), (time(22), time(2))
hours = st.integers(0, 23).map(time)


def test_without_hours_there_is_one_price_a_date_and_the_last_of_one_wins() -> None:
    first, second, changed = point("1"), point("2"), point("3")
    given = [Condition(second, AUGUST), Condition(first), Condition(changed, AUGUST)]
    found = dated_points(given)
    assert [(one.effective_at, one.input_per_1k) for one in found] == [
        (UNDATED, ONE),
        (AUGUST, THREE),
    ]
    assert {one.hour_utc for one in found} == {None}


def test_the_dearer_hours_are_kept_and_one_of_them_is_named() -> None:
    [found] = dated_points([Condition(point("1")), Condition(point("2"), window=MORNING)])
    assert (found.input_per_1k, found.hour_utc, found.effective_at) == (TWO, 1, UNDATED)


def test_a_discount_for_some_hours_leaves_the_usual_price() -> None:
    [found] = dated_points(
        [Condition(point("2")), Condition(point("1"), window=(time(0), time(3)))]
    )
    assert (found.input_per_1k, found.hour_utc) == (TWO, 3)


def test_hours_are_taken_to_hold_since_the_last_change() -> None:
    given = [
        Condition(point("1")),
        Condition(point("2"), AUGUST),
        Condition(point("4"), window=MORNING),
    ]
    before, now = dated_points(given)
    assert (before.input_per_1k, before.hour_utc) == (ONE, None)
    assert (now.input_per_1k, now.hour_utc, now.effective_at) == (FOUR, 1, AUGUST)


def test_a_window_may_run_over_midnight() -> None:
    assert hour_outside([LATE]) == 2
    assert hour_outside([LATE, (time(2), time(22))]) is None


@given(st.lists(st.tuples(hours, hours), min_size=1), st.lists(st.decimals("0.1", 9), min_size=1))
def test_the_price_kept_is_the_dearest_of_all_hours(
    windows: list[tuple[time, time]], amounts: list[Decimal]
) -> None:
    base = Condition(point(str(amounts[0])))
    others = [
        Condition(point(str(usd)), window=window)
        for usd, window in zip(amounts[1:], windows, strict=False)
    ]
    [found] = dated_points([base, *others])
    assert found.input_per_1k == max(one.point.input_per_1k for one in (base, *others))
