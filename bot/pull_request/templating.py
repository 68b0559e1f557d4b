"""The templates, and the filters that make what goes into them harmless and readable."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.pull_request import markdown
from model_intelligence.pricing.call_cost import cost_in_words

AGREEMENTS = {
    "own": "your own price",
    "confirmed": "confirmed by a second source",
    "single": "found in only one source",
    "unconfirmed": "not confirmed",
    "stale": "found in only one source, and not recently",
}
LONGEST_NAME = 300  # no honest name or snippet needs more
LONGEST_SENTENCE = 600  # our own are shorter, but may contain names that a source chose


def render(template: str, **values: Any) -> str:
    """A template of `templates/`: HTML escapes by itself, Markdown by the filters it names."""
    return _environment(html=template.endswith(".html.j2")).get_template(template).render(**values)


def templates_directory() -> Path:
    """Inside the package once installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


@cache
def _environment(*, html: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_directory()),
        # A misspelt name in a template fails a test instead of leaving a hole in a body.
        undefined=StrictUndefined,
        autoescape=html,  # noqa: S701  # the filters make text harmless in Markdown
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        code=partial(markdown.code, longest=LONGEST_NAME),
        link=lambda url, label: markdown.link(label, url),
        fenced=markdown.fenced,
        prose=partial(markdown.prose, longest=LONGEST_SENTENCE),
        percent=percent,
        chance=chance,
        cost_in_words=lambda value: cost_in_words(Decimal(value)),
        usd=usd,
        short=short,
        signed=signed,
        thousands=thousands,
        per_million=per_million,
        agreement=AGREEMENTS.__getitem__,
        figure=figure,
        change_to=change_to,
        cost_change=cost_change,
        share=share,
        records=records,
    )
    return environment


def percent(value: str | None, unknown: str = "not comparable") -> str:
    """A signed change with one decimal."""
    if value is None:
        return unknown
    # A no-break space before the percent sign, and U+2212 for the minus, as wide as the plus.
    shown = f"{float(value):+.1f}\u00a0%".replace("-", "−")
    return "no change" if shown[1:].startswith("0.0") else shown


def chance(value: float) -> str:
    """A chance from 0 to 1, as a percentage; no estimate is as sure as 100 % would sound."""
    if value > 0.99:
        return "over 99\u00a0%"
    return "under 1\u00a0%" if value < 0.01 else f"{100 * value:.0f}\u00a0%"


def cost_change(value: str | None) -> str:
    """A change of cost: a multiple from twice as much up, which reads better than +400 %."""
    if value is not None and float(value) >= 100:
        return cost_in_words(Decimal(value))
    return percent(value, "unknown")


def usd(value: str | None) -> str:
    """Dollars: cents from ten cents up, else three significant digits."""
    if value is None:
        return "unknown"
    amount = float(value)
    return f"${amount:,.2f}" if amount >= 0.1 else f"${amount:.3g}"


def short(value: str | None, places: int = 3) -> str:
    """A number with a fixed number of decimals."""
    return "unknown" if value is None else f"{float(value):.{places}f}"


def signed(value: str) -> str:
    """A figure that is rounded already, with its sign."""
    return (value if value.startswith("-") else f"+{value}").replace("-", "−")


def thousands(value: int | str | None) -> str:
    """A count with separators; a fraction only where there is one."""
    return "unknown" if value is None else f"{float(value):,.1f}".removesuffix(".0")


def per_million(usd_per_call: str) -> str:
    """The guide's mix has 3,000 tokens a call: dollars for a million of them."""
    return str(float(usd_per_call) * 1_000_000 / 3_000)


def records(ids: Iterable[int], kind: str) -> str:
    """Record ids as `model-intel evidence` takes them."""
    return ", ".join(f"{kind}:{each}" for each in ids)


def share(value: str) -> str:
    """A share of 1 in percent."""
    return f"{float(value) * 100:.1f}\u00a0%"


def figure(value: str, how: str) -> str:
    """A measured figure: dollars, or milliseconds as people read them."""
    if how == "usd":
        return usd(value)
    milliseconds = float(value)
    return f"{milliseconds / 1000:.1f} s" if milliseconds >= 1000 else f"{milliseconds:.0f} ms"


def change_to(before: str, after: str) -> str | None:
    """The change in percent; None where there was nothing before."""
    return str((float(after) - float(before)) / float(before) * 100) if float(before) else None
