"""Where things stand on the report's charts."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_intelligence.report import charts, scales
from model_intelligence.report.charts import Choice, PriceStep, frontier, price_chart, scatter

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CHEAP = Choice("cheap", 1, -10, -15, -5, "other")
STAYING = Choice("staying", 5, 0, 0, 0, "now")
GOOD = Choice("good", 5, 8, 2, 14, "proposed")
DEAR = Choice("dear", 20, 5, -1, 11, "other")
choices = st.lists(
    st.builds(
        lambda name, usd, points: Choice(name, usd, points, points - 3, points + 3, "other"),
        st.text("abc", min_size=1),
        st.floats(0.001, 1000),
        st.floats(-50, 50),
    ),
    min_size=2,
    max_size=30,
)


def test_the_frontier_is_what_nobody_beats_in_both() -> None:
    assert frontier([DEAR, GOOD, STAYING, CHEAP]) == (CHEAP, GOOD)


@given(choices)
def test_everyone_off_the_frontier_is_beaten_by_somebody_on_it(found: list[Choice]) -> None:
    edge = frontier(found)
    for one in found:
        assert any(best.usd <= one.usd and best.points >= one.points for best in edge)
    for lower, higher in pairwise(edge):
        assert lower.usd < higher.usd
        assert lower.points < higher.points


def test_dearer_stands_further_right_and_better_further_up() -> None:
    chart = scatter([CHEAP, STAYING, GOOD, DEAR])
    assert chart is not None
    dots = {dot.choice.name: dot for dot in chart.dots}
    assert dots["cheap"].x < dots["staying"].x == dots["good"].x < dots["dear"].x
    assert dots["good"].y < dots["dear"].y < dots["staying"].y == chart.zero_y < dots["cheap"].y
    assert dots["good"].high_y < dots["good"].y < dots["good"].low_y
    assert dots["staying"].label_y is not None
    assert dots["dear"].label_y is None  # beaten by `good`, so it has no name


@given(choices)
def test_everything_stands_inside_the_frame(found: list[Choice]) -> None:
    chart = scatter(found)
    assert chart is not None
    for dot in chart.dots:
        assert charts.LEFT <= dot.x <= charts.RIGHT
        assert charts.TOP <= dot.high_y <= dot.y <= dot.low_y <= charts.BOTTOM


@pytest.mark.parametrize("found", [[], [GOOD], [GOOD, STAYING._replace(usd=0)]])
def test_there_is_no_chart_without_two_models_that_cost_something(found: list[Choice]) -> None:
    assert scatter(found) is None


def test_a_price_holds_until_the_next_one() -> None:
    year = [
        PriceStep(datetime(2026, 1, 1, tzinfo=UTC), 4.0),
        PriceStep(datetime(2026, 7, 1, tzinfo=UTC), 2.0),
    ]
    chart = price_chart([("glm-4.6", year), ("unpriced", [])], NOW)
    assert chart is not None
    [course] = chart.lines
    first, fall, rest = course.path.replace("V", "H").split("H")[0:3]
    assert first.startswith(f"M{charts.LEFT}")
    assert charts.LEFT < float(fall) < charts.RIGHT
    assert float(rest) > float(first.split()[1])  # cheaper is further down
    assert course.path.endswith(f"H{charts.RIGHT}V{course.end_y:g}")


def test_without_prices_there_is_no_chart() -> None:
    assert price_chart([("a", [])], NOW) is None


def test_names_that_would_touch_are_moved_apart() -> None:
    assert scales.spread([100, 40, 101], 15) == [100, 40, 115]


@given(st.lists(st.floats(0.0001, 10_000), min_size=1))
def test_an_axis_has_ticks_in_order_within_its_ends(values: list[float]) -> None:
    axis = scales.logarithmic(values, 0, 500, str)
    places = [tick.at for tick in axis.ticks]
    assert places == sorted(places)
    assert all(0 <= place <= 500 for place in places)
