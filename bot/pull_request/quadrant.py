"""A Mermaid quadrant chart as SVG, for pages outside GitHub, which draws them itself. Pure."""

import re
from html import escape

WIDTH, HEIGHT, LEFT, TOP, BELOW = 860, 400, 28, 10, 28
_AXIS = re.compile(r'\s*(?P<axis>[xy])-axis "(?P<low>[^"]*)" --> "(?P<high>[^"]*)"')
_POINT = re.compile(r'\s*"(?P<label>[^"]*)": \[(?P<x>[01]\.\d+), (?P<y>[01]\.\d+)\]')


def drawn(text: str) -> str | None:
    """The SVG; None if the text is not a quadrant chart with at least one point."""
    kind, *lines = text.strip().splitlines() or [""]
    points = [found for line in lines if (found := _POINT.fullmatch(line))]
    if kind.strip() != "quadrantChart" or not points:
        return None
    ends = {found["axis"]: found for line in lines if (found := _AXIS.fullmatch(line))}
    labels = ", ".join(found["label"] for found in points)
    return "\n".join(
        [
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(labels)}">',
            *_frame(),
            *(_axis(axis, found["low"], found["high"]) for axis, found in ends.items()),
            *(_point(found["label"], float(found["x"]), float(found["y"])) for found in points),
            "</svg>",
        ]
    )


def _frame() -> list[str]:
    wide, high = WIDTH - LEFT, HEIGHT - TOP - BELOW
    quiet = 'fill="none" stroke="currentColor" stroke-opacity=".25"'
    return [
        f'<rect x="{LEFT}" y="{TOP}" width="{wide}" height="{high}" {quiet}/>',
        f'<path d="M{LEFT} {TOP + high / 2}h{wide}M{LEFT + wide / 2} {TOP}v{high}" {quiet}/>',
    ]


def _axis(axis: str, low: str, high: str) -> str:
    """Its two ends in words: below the frame, or up its left side."""
    turn = "" if axis == "x" else f' transform="translate(14 {HEIGHT - BELOW}) rotate(-90)"'
    long = WIDTH - LEFT if axis == "x" else HEIGHT - TOP - BELOW
    start, y = (LEFT, HEIGHT - 8) if axis == "x" else (0, 0)
    return (
        f'<g{turn} fill="currentColor" fill-opacity=".7" font-size="13">'
        f'<text x="{start}" y="{y}">{escape(low)}</text>'
        f'<text x="{start + long}" y="{y}" text-anchor="end">{escape(high)} →</text></g>'
    )


def _point(label: str, x: float, y: float) -> str:
    """A mark with its name on the side towards the middle, where there is room."""
    across = LEFT + x * (WIDTH - LEFT)
    up = HEIGHT - BELOW - y * (HEIGHT - TOP - BELOW)
    side, anchor = (9, "start") if x < 0.5 else (-9, "end")
    weight = ' font-weight="bold"' if label.endswith((" (now)", " (proposed)")) else ""
    return (
        f'<circle cx="{across:.1f}" cy="{up:.1f}" r="5" fill="currentColor"/>'
        f'<text x="{across + side:.1f}" y="{up + 5:.1f}" text-anchor="{anchor}" '
        f'font-size="14" fill="currentColor"{weight}>{escape(label)}</text>'
    )
