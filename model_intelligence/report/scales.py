"""Figures to places on a chart: scales, their ticks, and lines as SVG paths. Pure."""

from collections.abc import Callable, Iterable, Sequence
from math import ceil, floor, log10
from typing import NamedTuple

STEPS = (1, 2, 5)


class Tick(NamedTuple):
    """A labelled place on an axis, in pixels."""

    at: float
    label: str


class Axis(NamedTuple):
    """Where a figure lies in pixels, and the ticks to read it by."""

    place: Callable[[float], float]
    ticks: tuple[Tick, ...]


def logarithmic(
    values: Iterable[float], start: float, end: float, label: Callable[[float], str]
) -> Axis:
    """An axis of positive figures in which equal ratios are equal lengths."""
    taken = list(values)
    # A margin of 30 % on both sides, so that no mark lies on the frame.
    low, high = log10(min(taken) / 1.3), log10(max(taken) * 1.3)

    def place(value: float) -> float:
        return round(start + (log10(value) - low) / (high - low) * (end - start), 1)

    decades = range(floor(low), ceil(high) + 1)
    round_ones = [step * 10.0**decade for decade in decades for step in STEPS]
    shown = [value for value in round_ones if low <= log10(value) <= high]
    return Axis(place, tuple(Tick(place(value), label(value)) for value in shown))


def linear(
    values: Iterable[float], start: float, end: float, label: Callable[[float], str]
) -> Axis:
    """An axis in which equal differences are equal lengths; zero is always on it."""
    taken = [0.0, *values]
    margin = (max(taken) - min(taken) or 1) * 0.08
    low, high = min(taken) - margin, max(taken) + margin

    def place(value: float) -> float:
        return round(start + (value - low) / (high - low) * (end - start), 1)

    step = _round_step((high - low) / 5)
    shown = [step * n for n in range(ceil(low / step), floor(high / step) + 1)]
    return Axis(place, tuple(Tick(place(value), label(value)) for value in shown))


def _round_step(about: float) -> float:
    decade = 10.0 ** floor(log10(about))
    return next((step * decade for step in STEPS if step * decade >= about), 10 * decade)


def line(points: Sequence[tuple[float, float]]) -> str:
    """Straight from point to point."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def steps(points: Sequence[tuple[float, float]]) -> str:
    """Each height holds until the next point."""
    first, *rest = points
    return f"M{first[0]:g} {first[1]:g}" + "".join(f"H{x:g}V{y:g}" for x, y in rest)


def spread(heights: Sequence[float], least: float) -> list[float]:
    """The heights in their order, moved down where two labels would overlap."""
    moved: dict[int, float] = {}
    last = float("-inf")
    for index in sorted(range(len(heights)), key=lambda index: heights[index]):
        last = max(heights[index], last + least)
        moved[index] = last
    return [moved[index] for index in range(len(heights))]
