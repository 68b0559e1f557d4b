"""modeldeprecations.dev: ends, promises, replacements and release dates of models (MIT, no key).

Shape (schema at https://modeldeprecations.dev/api/v1/schema.json; github repository of the site,
mnfst/modeldeprecations.dev at 9d33116, 393 models): `{models: [row]}`, a row `{provider, model,
aliases, status, released_on, deprecated_on, shutdown_on, earliest_shutdown_on, replacements:
[{provider, model, recommended}], sources: [{url}]}`, days as YYYY-MM-DD. `earliest_shutdown_on` is
a promise ("not sooner than"), no announced end, though the site calls a model retired once it has
passed. A model may be deprecated or retired without any day. A replacement that is not
`recommended` is the site's own suggestion. A part of a snapshot comes with this package
(modeldeprecations.json, written by tests/renew_bundled_lists.py): it is read without a network.
"""

from collections.abc import Iterator
from datetime import date
from importlib.resources import files

from model_intelligence.errors import ShapeChanged
from model_intelligence.naming import bedrock
from model_intelligence.observations.listing import Dropped, Lifecycle, Release
from model_intelligence.sources import price_rows
from model_intelligence.sources.source import Source, read_json

NAME = "modeldeprecations"
BUNDLED_NAME = "modeldeprecations (bundled)"
EDITION = "2026-08-21.9d33116"  # of the bundled part
# Google Vertex ends models that Google's own API keeps; what Alibaba and Xiaomi end is sold by
# others, and their rows only state when a model was released.
PROVIDERS = {
    "anthropic": "anthropic",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "google": "google",
    "minimax": "minimax",
    "mistral": "mistral",
    "moonshot": "moonshotai",
    "openai": "openai",
    "xai": "x-ai",
    "z-ai": "zai",
}
MAKERS = {*PROVIDERS, "alibaba", "xiaomi"}


class _Replacement(price_rows.Row):
    model: price_rows.Text
    recommended: bool = False


class _Page(price_rows.Row):
    url: str


class _Row(price_rows.Row):
    provider: price_rows.Text
    model: price_rows.Text
    status: price_rows.Text
    aliases: tuple[price_rows.Text, ...] = ()
    released_on: date | None = None
    deprecated_on: date | None = None
    shutdown_on: date | None = None
    earliest_shutdown_on: date | None = None
    replacements: tuple[_Replacement, ...] = ()
    sources: tuple[_Page, ...] = ()


def parse(body: bytes) -> Iterator[Lifecycle | Release | Dropped]:
    """Ends and promises at makers and at Bedrock, and the makers' release dates."""
    return _parsed(body, NAME)


def bundled() -> Iterator[Lifecycle | Release | Dropped]:
    """The same of the part that comes with this package."""
    here = files("model_intelligence.sources") / "modeldeprecations.json"
    return _parsed(here.read_bytes(), BUNDLED_NAME)


def _parsed(body: bytes, source: str) -> Iterator[Lifecycle | Release | Dropped]:
    answer = read_json(body)
    rows = answer.get("models") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise ShapeChanged("a list of models was expected")
    for number, data in enumerate(rows):
        row = price_rows.checked(_Row, data, str(number))
        if isinstance(row, Dropped):
            yield row
            continue
        page = row.sources[0].url if row.sources else None
        if row.provider in MAKERS and row.released_on is not None:
            yield Release(row.model, row.released_on, source, page)
        yield from _lifecycles(row, page)


def _lifecycles(row: _Row, page: str | None) -> Iterator[Lifecycle | Dropped]:
    """One for each name of the model."""
    provider = PROVIDERS.get(row.provider) or (
        bedrock.seller_of(row.model) if row.provider == "bedrock" else None
    )
    if provider is None:
        yield Dropped(f"{row.provider}/{row.model}", price_rows.NOT_FOLLOWED)
        return
    advised = next((each.model for each in row.replacements if each.recommended), None)
    for name in dict.fromkeys((row.model, *row.aliases)):
        yield Lifecycle(
            provider=provider,
            model=name,
            retires_at=row.shutdown_on,
            replacement=advised,
            source_url=page,
            announced_on=row.deprecated_on,
            raw=row.raw,
            not_before=None if row.shutdown_on else row.earliest_shutdown_on,
            is_deprecated=_has_gone_undated(row),
        )


def _has_gone_undated(row: _Row) -> bool:
    """Whether it is deprecated or retired without a day; a promise that has passed ends nothing."""
    announced = row.deprecated_on is not None or row.earliest_shutdown_on is None
    return row.status != "active" and row.shutdown_on is None and announced


SOURCE = Source(
    name=NAME,
    kind="lifecycles",
    url="https://modeldeprecations.dev/api/v1/models.json",
    licence="MIT",
    parse=parse,
)
