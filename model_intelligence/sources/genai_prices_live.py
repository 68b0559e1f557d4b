"""The live edition of the genai-prices list (MIT), between two releases of the package.

Shape (`prices/new_data/v2/data.json` of github pydantic/genai-prices, with `data.schema.json`
beside it): a list of providers `{id, pricing_urls, models}`; a model's `prices` is one object, or a
list of `{constraint, prices}` in which the last match wins. Amounts are USD per million tokens, a
number or `{base, tiers}`. The rules under `match` (`or`, `and`) are not read: a row is taken under
its own id.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.listing import Dropped, Listing
from model_intelligence.sources import price_rows
from model_intelligence.sources.genai_prices import (
    AMOUNTS,
    NO_API_ID,
    Tiered,
    api_id,
    is_no_api_id,
    merged,
)
from model_intelligence.sources.price_windows import Condition, dated_points
from model_intelligence.sources.source import Source, read_json

NAME = "genai-prices-live"


class _Tier(price_rows.Row):
    start: price_rows.Tokens
    price: price_rows.Usd


class _Tiered(price_rows.Row):
    base: price_rows.Usd
    tiers: tuple[_Tier, ...] = ()


class _Prices(price_rows.Row):
    input_mtok: price_rows.Usd | _Tiered | None = None
    output_mtok: price_rows.Usd | _Tiered | None = None
    cache_read_mtok: price_rows.Usd | _Tiered | None = None
    cache_write_mtok: price_rows.Usd | _Tiered | None = None
    output_reasoning_mtok: price_rows.Usd | _Tiered | None = None


class _Constraint(price_rows.Row):
    start_date: date | None = None
    start_time: time | None = None
    end_time: time | None = None


class _Conditional(price_rows.Row):
    prices: _Prices
    constraint: _Constraint | None = None


class _Row(price_rows.Row):
    id: price_rows.Text
    prices: _Prices | tuple[_Conditional, ...]
    name: price_rows.Text | None = None
    context_window: price_rows.Tokens | None = None
    deprecated: bool = False


class _Provider(price_rows.Row):
    id: price_rows.Text
    models: tuple[object, ...]
    pricing_urls: tuple[str, ...] = ()


def parse(body: bytes) -> Iterator[Listing | Dropped]:
    """Every model with a price for prompt and completion tokens."""
    providers = read_json(body)
    if not isinstance(providers, list):
        raise ShapeChanged("a list of providers was expected")
    for data in providers:
        provider = price_rows.checked(_Provider, data, "provider")
        if isinstance(provider, Dropped):
            raise ShapeChanged("a provider has an id and a list of models")
        for number, model in enumerate(provider.models):
            row = price_rows.checked(_Row, model, f"{provider.id}/{number}")
            yield row if isinstance(row, Dropped) else _listing(provider, row)


def _listing(provider: _Provider, row: _Row) -> Listing | Dropped:
    name = f"{provider.id}/{row.id}"
    if is_no_api_id(provider.id, row.id):
        return Dropped(name, NO_API_ID)
    given = row.prices if isinstance(row.prices, tuple) else (_Conditional(prices=row.prices),)
    found = [_condition(one) for one in given]
    if price_rows.ZERO in found:
        return Dropped(name, price_rows.ZERO)
    priced = [one for one in found if isinstance(one, Condition)]
    if not priced:
        return Dropped(name, price_rows.NO_PRICE)
    return Listing(
        provider=provider.id,
        provider_model_id=api_id(provider.id, row.id),
        display_name=row.name or row.id,
        source=NAME,
        source_url=next(iter(provider.pricing_urls), None),
        prices=dated_points(priced),
        context_window_tokens=row.context_window or None,
        is_deprecated=row.deprecated,
        raw=row.raw,
    )


def _condition(condition: _Conditional) -> Condition | str:
    """The price with its date or its hours, or the reason for having none."""
    amounts = [_tiered(getattr(condition.prices, name)) for name in AMOUNTS]
    point = price_rows.price_point(
        price_rows.Amounts(*(base for base, _ in amounts)),
        per_tokens=1_000_000,
        tiers=merged(amounts),
    )
    when = condition.constraint
    if isinstance(point, str) or when is None:
        return point if isinstance(point, str) else Condition(point)
    if when.start_date is not None:
        return Condition(point, datetime.combine(when.start_date, time(), tzinfo=UTC))
    if when.start_time is not None and when.end_time is not None:
        window = (when.start_time.replace(tzinfo=None), when.end_time.replace(tzinfo=None))
        return Condition(point, window=window)
    # Better no price than one that holds under a condition that we cannot check.
    return "a price on a condition that is not known"


def _tiered(amount: Decimal | _Tiered | None) -> Tiered:
    if isinstance(amount, _Tiered):
        return amount.base, {tier.start: tier.price for tier in amount.tiers}
    return amount, {}


SOURCE = Source(
    name=NAME,
    kind="prices",
    url="https://raw.githubusercontent.com/pydantic/genai-prices/refs/heads/main/prices/new_data/v2/data.json",
    licence="MIT",
    parse=parse,
)
