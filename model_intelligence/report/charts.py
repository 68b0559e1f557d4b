"""The two charts of the report, as places in pixels: quality against cost, prices over time. Pure.

Colour is never the only sign: the model in use is a square, the proposed one a diamond.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from model_intelligence.report.scales import (
    Tick,
    line,
    linear,
    logarithmic,
    spread,
    steps,
)

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 560, 16, 312  # the names of models are to the right of the frame
LINE_HEIGHT = 15
ChoiceKind = Literal["now", "proposed", "frontier", "other"]


class Choice(NamedTuple):
    """A model to choose from: its cost, its lead in points with the interval, and its role."""

    name: str
    usd: float
    points: float
    low: float
    high: float
    kind: ChoiceKind


class Dot(NamedTuple):
    """A choice on the chart; `label_y` is the height of its name, None for one without."""

    choice: Choice
    x: float
    y: float
    low_y: float
    high_y: float
    label_y: float | None


@dataclass(frozen=True, slots=True)
class Scatter:
    """Quality (up) against cost (across, logarithmic)."""

    dots: tuple[Dot, ...]
    frontier: str | None
    zero_y: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


def frontier(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """The choices that none beats in both cost and quality, from the cheapest to the best."""
    best: list[Choice] = []
    for choice in sorted(choices, key=lambda one: (one.usd, -one.points)):
        if not best or choice.points > best[-1].points:
            best.append(choice)
    return tuple(best)


def scatter(choices: Sequence[Choice]) -> Scatter | None:
    """The chart; None for fewer than two models, or where a cost is not above zero."""
    if len(choices) < 2 or any(one.usd <= 0 for one in choices):
        return None
    across = logarithmic([one.usd for one in choices], LEFT, RIGHT, _usd)
    bounds = [point for one in choices for point in (one.low, one.points, one.high)]
    up = linear(bounds, BOTTOM, TOP, lambda value: f"{value:+g}" if value else "0")
    named = [one for one in choices if one.kind != "other"]
    places = spread([up.place(one.points) for one in named], LINE_HEIGHT)
    labels = {one.name: place for one, place in zip(named, places, strict=True)}
    dots = tuple(
        Dot(
            one,
            across.place(one.usd),
            up.place(one.points),
            up.place(one.low),
            up.place(one.high),
            labels.get(one.name),
        )
        for one in choices
    )
    edge = [(across.place(one.usd), up.place(one.points)) for one in frontier(choices)]
    path = line(edge) if len(edge) > 1 else None
    return Scatter(dots, path, up.place(0), across.ticks, up.ticks)


class PriceStep(NamedTuple):
    """The price of a million tokens from a point in time on."""

    since: datetime
    usd: float


class PriceLine(NamedTuple):
    """One model's prices as a line; its name is at height `label_y`."""

    name: str
    path: str
    end_y: float
    label_y: float


@dataclass(frozen=True, slots=True)
class PriceChart:
    """Prices (up, logarithmic) over time (across)."""

    lines: tuple[PriceLine, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


def price_chart(
    series: Sequence[tuple[str, Sequence[PriceStep]]], now: datetime
) -> PriceChart | None:
    """The chart; None while there is no price. Prices are in order of their dates."""
    known = [(name, [one for one in prices if one.usd > 0]) for name, prices in series]
    known = [(name, prices) for name, prices in known if prices]
    if not known:
        return None
    up = logarithmic([one.usd for _, prices in known for one in prices], BOTTOM, TOP, _usd)
    first = min(prices[0].since for _, prices in known)
    span = max((now - first).total_seconds(), 1.0)

    def across(moment: datetime) -> float:
        return round(LEFT + (moment - first).total_seconds() / span * (RIGHT - LEFT), 1)

    ends = [up.place(prices[-1].usd) for _, prices in known]
    labels = spread(ends, LINE_HEIGHT)
    lines = tuple(
        PriceLine(
            name,
            steps([*((across(one.since), up.place(one.usd)) for one in prices), (RIGHT, end)]),
            end,
            label,
        )
        for (name, prices), end, label in zip(known, ends, labels, strict=True)
    )
    years = range(first.year + 1, now.year + 1)
    new_years = [datetime(year, 1, 1, tzinfo=UTC) for year in years]
    ticks = [
        Tick(across(first), f"{first:%Y-%m}"),
        *(Tick(across(y), f"{y:%Y}") for y in new_years),
    ]
    return PriceChart(lines, tuple(ticks), up.ticks)


def _usd(value: float) -> str:
    return f"${value:g}" if value >= 0.01 else f"${value:.0e}".replace("e-0", "e-")
