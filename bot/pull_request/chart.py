"""Quality against the cost of a call as a Mermaid chart. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

MOST_POINTS = 12
EDGE = 0.06  # how far from the frame the outermost points stay, so that their labels fit


class Point(NamedTuple):
    """A model: dollars for one call, and how far its quality is from the current model's."""

    label: str
    usd: float
    quality: float


def chart(decision: Mapping[str, Any]) -> str | None:
    """The chart of a stored decision; None where fewer than two models can be placed."""
    points = _points(decision)[:MOST_POINTS]
    if len(points) < 2:
        return None
    across = _placed([point.usd for point in points])
    up = _placed([point.quality for point in points])
    marks = zip((point.label for point in points), across, up, strict=True)
    return "\n".join(
        [
            "quadrantChart",
            '    x-axis "cheaper call" --> "dearer call"',
            '    y-axis "worse on shared boards" --> "better on shared boards"',
            *(f'    "{label}": [{x:.2f}, {y:.2f}]' for label, x, y in marks),
        ]
    )


def _points(decision: Mapping[str, Any]) -> list[Point]:
    cost, now = decision["cost"], decision["current"]["spelling"]
    found = []
    if cost["current"]:
        found.append(Point(f"{_label(now)} (now)", float(cost["current"]["usd_per_call"]), 0.0))
    measured = [each for each in _compared(decision) if each["quality_delta_pct"] is not None]
    in_points = all(each["lead"] for each in measured)
    for each in measured:
        quality = each["lead"]["points"] if in_points else each["quality_delta_pct"]
        found.append(Point(each["label"], float(each["usd_per_call"]), float(quality)))
    return found


def _compared(decision: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The proposed model and the alternatives."""
    yield {
        "label": f"{_label(decision['proposed']['spelling'])} (proposed)",
        "lead": decision["quality"]["overall"],
        "quality_delta_pct": decision["quality_delta_pct"],
        "usd_per_call": decision["cost"]["proposed"]["usd_per_call"],
    }
    for other in decision["alternatives"]:
        yield {**other, "label": _label(other["spelling"])}


def _label(spelling: str) -> str:
    """Only what cannot end a quoted label, or mean something inside one."""
    return "".join(char if char.isalnum() or char in "-._/:" else " " for char in spelling)[:40]


def _placed(values: Sequence[float]) -> list[float]:
    """The values between the edges of 0..1, in proportion; all in the middle when equal."""
    low, high = min(values), max(values)
    if low == high:
        return [0.5] * len(values)
    return [EDGE + (value - low) / (high - low) * (1 - 2 * EDGE) for value in values]
