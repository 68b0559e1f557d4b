"""What was stated with a chance against how much of it came true, as an SVG picture. Pure."""

from collections.abc import Iterator

from model_intelligence.backtest.reliability import Reliability, ReliabilityBin
from model_intelligence.report.scales import Axis, line, linear
from model_intelligence.stats.proportions import Rate, wilson

WIDTH, HEIGHT = 560, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 540, 40, 340
# An image in a README has no page around it, so it brings the colours of both themes itself.
_STYLE = """
  text { font: 12px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
  .grid { stroke: #d1d9e0; } .even { stroke: #59636e; stroke-dasharray: 4 3; fill: none; }
  .spread { stroke: #59636e; } .proposals { fill: #0969da; } .every { fill: none; stroke: #59636e; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; } .grid { stroke: #3d444d; } .even, .spread, .every { stroke: #9198a1; }
    .proposals { fill: #4493f8; }
  }
"""


def reliability_chart(proposals: Reliability | None, every: Reliability | None) -> str:
    """Unique proposals as filled circles, every decision with a target as squares."""
    across, up = (linear([0, 100], *ends, str) for ends in ((LEFT, RIGHT), (BOTTOM, TOP)))
    title = "Stated chances against how much came true; the figures are in the tables below"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{title}</title>",
        f"<style>{_STYLE}</style>",
        *_axes(across, up),
        *_marks(every, across, up, is_proposal=False),
        *_marks(proposals, across, up, is_proposal=True),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _axes(across: Axis, up: Axis) -> Iterator[str]:
    for share in range(0, 101, 20):
        x, y = across.place(share), up.place(share)
        yield f'<path class="grid" d="M{LEFT} {y}H{RIGHT}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:g}" text-anchor="end">{share} %</text>'
        yield f'<text x="{x}" y="{BOTTOM + 18}" text-anchor="middle">{share} %</text>'
    even = line([(across.place(share), up.place(share)) for share in (0, 100)])
    yield f'<path class="even" d="{even}"/>'
    yield f'<text x="{LEFT}" y="{BOTTOM + 40}">stated chance of being better →</text>'
    yield f'<text x="{LEFT}" y="{TOP - 20}">came true: ● proposals, □ every decision</text>'


def _marks(
    chances: Reliability | None, across: Axis, up: Axis, *, is_proposal: bool
) -> Iterator[str]:
    for tenth in chances.bins if chances else ():
        # Both kinds of mark often have the same place; a few pixels keep their intervals apart.
        x = across.place(100 * tenth.said) + (3 if is_proposal else -3)
        y = up.place(100 * tenth.share)
        low, high = (up.place(100 * bound) for bound in _bounds(tenth))
        yield f'<path class="spread" d="M{x:g} {low:g}V{high:g}"/>'
        if is_proposal:
            yield f'<circle class="proposals" cx="{x:g}" cy="{y:g}" r="5"/>'
        else:
            yield f'<rect class="every" x="{x - 4:g}" y="{y - 4:g}" width="8" height="8"/>'


def _bounds(tenth: ReliabilityBin) -> tuple[float, float]:
    return wilson(Rate(tenth.came_true, tenth.n))
