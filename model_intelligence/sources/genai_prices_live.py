"""The live edition of the genai-prices list (MIT), between two releases of the package.

Shape (`prices/new_data/v2/data.json` of github pydantic/genai-prices, with `data.schema.json`
beside it): a list of providers `{id, pricing_urls, models}`; a model's `prices` is one object, or a
list of `{constraint, prices}` in which the last match wins. Amounts are USD per million tokens, a
number or `{base, tiers}`. The rules under `match` (`or`, `and`) are not read: a row is taken under
its own id.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from model_intelligence.feed import Feed, ShapeChanged, read_json
from model_intelligence.listing import Dropped, Listing, PricePoint
from model_intelligence.records import UNDATED
from model_intelligence.sources import shape
from model_intelligence.sources.genai_prices import api_id

NAME = "genai-prices-live"


class _Tiered(shape.Row):
    base: shape.Usd


class _Prices(shape.Row):
    input_mtok: shape.Usd | _Tiered | None = None
    output_mtok: shape.Usd | _Tiered | None = None
    cache_read_mtok: shape.Usd | _Tiered | None = None
    cache_write_mtok: shape.Usd | _Tiered | None = None


class _Constraint(shape.Row):
    start_date: date | None = None


class _Conditional(shape.Row):
    prices: _Prices
    constraint: _Constraint | None = None


class _Row(shape.Row):
    id: shape.Text
    prices: _Prices | tuple[_Conditional, ...]
    name: shape.Text | None = None
    context_window: shape.Tokens | None = None
    deprecated: bool = False


class _Provider(shape.Row):
    id: shape.Text
    models: tuple[object, ...]
    pricing_urls: tuple[str, ...] = ()


def parse(body: bytes) -> Iterator[Listing | Dropped]:
    """Every model with a price for prompt and completion tokens."""
    providers = read_json(body)
    if not isinstance(providers, list):
        raise ShapeChanged("a list of providers was expected")
    for data in providers:
        provider = shape.checked(_Provider, data, "provider")
        if isinstance(provider, Dropped):
            raise ShapeChanged("a provider has an id and a list of models")
        for number, model in enumerate(provider.models):
            row = shape.checked(_Row, model, f"{provider.id}/{number}")
            yield row if isinstance(row, Dropped) else _listing(provider, row)


def _listing(provider: _Provider, row: _Row) -> Listing | Dropped:
    name = f"{provider.id}/{row.id}"
    given = row.prices if isinstance(row.prices, tuple) else (_Conditional(prices=row.prices),)
    points = [_point(one) for one in given if not _for_some_hours(one)]
    dated = {point.effective_at: point for point in points if isinstance(point, PricePoint)}
    if shape.ZERO in points:
        return Dropped(name, shape.ZERO)
    if not dated:
        return Dropped(name, shape.NO_PRICE)
    return Listing(
        provider=provider.id,
        provider_model_id=api_id(provider.id, row.id),
        display_name=row.name or row.id,
        source=NAME,
        source_url=next(iter(provider.pricing_urls), None),
        prices=tuple(dated[day] for day in sorted(dated)),
        context_window_tokens=row.context_window or None,
        is_deprecated=row.deprecated,
    )


def _for_some_hours(condition: _Conditional) -> bool:
    return condition.constraint is not None and condition.constraint.start_date is None


def _point(condition: _Conditional) -> PricePoint | str:
    prices = condition.prices
    amounts = [
        amount.base if isinstance(amount, _Tiered) else amount
        for amount in (
            prices.input_mtok,
            prices.output_mtok,
            prices.cache_read_mtok,
            prices.cache_write_mtok,
        )
    ]
    start = condition.constraint and condition.constraint.start_date
    since = datetime.combine(start, time(), tzinfo=UTC) if start else UNDATED
    return shape.price_point(*amounts, since=since, per_tokens=1_000_000)


FEED = Feed(
    name=NAME,
    kind="prices",
    url="https://raw.githubusercontent.com/pydantic/genai-prices/refs/heads/main/prices/new_data/v2/data.json",
    licence="MIT",
    parse=parse,
)
