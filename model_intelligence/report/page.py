"""The report as one HTML page: no script, nothing from elsewhere; outside text is escaped."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from model_intelligence.naming.makers import cites_a_maker
from model_intelligence.observations.benchmark_status import status_of
from model_intelligence.report import charts
from model_intelligence.report.contents import Contents, blended


def page(contents: Contents) -> str:
    """The whole page."""
    return _environment().get_template("page.html.j2").render(report=contents, frame=charts)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        usd=usd, points=points, web=web, noticed=cites_a_maker, benchmark_status=status_of
    )
    environment.globals.update(blended=blended)
    return environment


def usd(value: object) -> str:
    """Dollars: cents from ten cents up, else three significant digits."""
    amount = float(str(value))
    return f"${amount:,.2f}" if amount >= 0.1 else f"${amount:.3g}"


def points(value: float) -> str:
    """A signed lead with a true minus sign."""
    return f"{value:+.1f}".replace("-", "−")


def web(url: str | None) -> str | None:
    """The address if a link may lead there, else None."""
    return url if url and url.startswith(("https://", "http://")) else None
