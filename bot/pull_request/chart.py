"""Quality against the cost of a call as a Mermaid chart. Pure."""

from collections.abc import Mapping, Sequence
from math import log10
from typing import Any, NamedTuple

MOST_POINTS = 12
EDGE = 0.06  # between the outermost points and the frame, so that their labels fit


class Point(NamedTuple):
    """A model: dollars for one call, and how far its quality is from the current model's."""

    label: str
    usd: float
    quality: float


def chart(decision: Mapping[str, Any]) -> str | None:
    """The chart of a stored decision; None where the proposed model cannot be compared."""
    points = _points(decision)[:MOST_POINTS]
    if len(points) < 2:
        return None
    # By ratio: one candidate at ten times the price would push all others into a corner.
    across = _placed([log10(point.usd) for point in points])
    up = _placed([point.quality for point in points])
    marks = zip((point.label for point in points), across, up, strict=True)
    return "\n".join(
        [
            "quadrantChart",
            '    x-axis "cheaper call" --> "more expensive call"',
            '    y-axis "worse on benchmarks" --> "better on benchmarks"',
            *(f'    "{label}": [{x:.2f}, {y:.2f}]' for label, x, y in marks),
        ]
    )


def _points(decision: Mapping[str, Any]) -> list[Point]:
    """The current and the proposed model first; all by their lead in points, or all by percent."""
    cost, lead = decision["cost"], decision["quality"]["overall"]
    proposed = {
        "spelling": f"{decision['proposed']['spelling']} (proposed)",
        "lead": lead,
        "quality_delta_pct": decision["quality_delta_pct"],
        "usd_per_call": cost["proposed"]["usd_per_call"],
    }
    if _quality(proposed, in_points=bool(lead)) is None or not cost["current"]:
        return []
    now = Point(f"{decision['current']['spelling']} (now)", cost["current"]["usd_per_call"], 0.0)
    others = [
        Point(model["spelling"], model["usd_per_call"], quality)
        for model in (proposed, *decision["alternatives"])
        if (quality := _quality(model, in_points=bool(lead))) is not None
    ]
    points = [Point(_label(name), float(usd), quality) for name, usd, quality in (now, *others)]
    # The axis is logarithmic, and a free call has no place on it.
    return [point for point in points if point.usd > 0]


def _quality(model: Mapping[str, Any], *, in_points: bool) -> float | None:
    figure = model["lead"] and model["lead"]["points"] if in_points else model["quality_delta_pct"]
    return None if figure is None else float(figure)


def _label(spelling: str) -> str:
    """Only what cannot end a quoted label: Mermaid has no escape for a quote inside one."""
    return "".join(char if char.isalnum() or char in "-._/:()" else " " for char in spelling)[:60]


def _placed(values: Sequence[float]) -> list[float]:
    """The values between the edges of 0..1, in proportion; all in the middle when equal."""
    low, high = min(values), max(values)
    if low == high:
        return [0.5] * len(values)
    return [EDGE + (value - low) / (high - low) * (1 - 2 * EDGE) for value in values]
