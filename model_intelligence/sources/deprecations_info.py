"""deprecations.info: retirement dates and replacements that makers announce (MIT).

Shape (the fourth one of `https://deprecations.info/v1/deprecations.json`, as the tests of github
leblancfg/deprecations-rss and its users' code show it): a list of `{provider, model_id,
announcement_date, shutdown_date, replacement_models, deprecation_context, url}`; a date is
YYYY-MM-DD or empty, `replacement_models` a list or null. Rows of the older shapes have `title`,
`model_name` or `replacement_model` instead, and fused or invented ids: they are not read.
"""

import re
from collections.abc import Iterator
from datetime import date

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.listing import Dropped, Lifecycle
from model_intelligence.sources import price_rows
from model_intelligence.sources.source import Source, read_json

NAME = "deprecations.info"
# Azure, AWS Bedrock and Google Vertex end what the maker's own API keeps.
MAKERS = {
    "Anthropic": "anthropic",
    "Cohere": "cohere",
    "Google": "google",
    "OpenAI": "openai",
}
_OLDER = {"title", "replacement_model"}
# Some rows are headings of a page, with blanks in them, which no id has.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@-]*")


class _Row(price_rows.Row):
    provider: price_rows.Text
    model_id: str
    shutdown_date: str | None
    announcement_date: str | None = None
    replacement_models: tuple[str, ...] | None
    url: str | None = None


def parse(body: bytes) -> Iterator[Lifecycle | Dropped]:
    """The dated ends of models at their own makers."""
    rows = read_json(body)
    if not isinstance(rows, list):
        raise ShapeChanged("a list of deprecations was expected")
    # Three shapes came in three months, and the older ones hold fused or invented ids.
    if any(isinstance(row, dict) and not _OLDER.isdisjoint(row) for row in rows):
        raise ShapeChanged(f"an older shape, with {' or '.join(sorted(_OLDER))}")
    for number, data in enumerate(rows):
        row = price_rows.checked(_Row, data, str(number))
        yield row if isinstance(row, Dropped) else _lifecycle(row)


def _lifecycle(row: _Row) -> Lifecycle | Dropped:
    name = f"{row.provider}/{row.model_id}"
    if row.provider not in MAKERS:
        return Dropped(name, price_rows.NOT_FOLLOWED)
    if not _ID.fullmatch(row.model_id):
        return Dropped(name, "a heading rather than the id of a model")
    if not row.shutdown_date:
        return Dropped(name, "no date")
    try:
        end = date.fromisoformat(row.shutdown_date)
    except ValueError:
        return Dropped(name, price_rows.NOT_OF_THE_SHAPE, malformed=True)
    replacement = next(iter(row.replacement_models or ()), None)
    announced = _day(row.announcement_date)
    maker = MAKERS[row.provider]
    return Lifecycle(maker, row.model_id, end, replacement, row.url, announced, row.raw)


def _day(text: str | None) -> date | None:
    """A day, or None where none is told or readable: it decides nothing."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


SOURCE = Source(
    name=NAME,
    kind="lifecycles",
    url="https://deprecations.info/v1/deprecations.json",
    licence="MIT",
    parse=parse,
)
