"""The price list inside the `genai-prices` package (MIT): 47 providers, offline, with dates.

Shape: providers of models; a model's `prices` is one ModelPrice, or a list of ConditionalPrice in
which the last match wins. Amounts are USD per million tokens, or tiers by prompt size.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from decimal import Decimal
from importlib.metadata import version

from genai_prices.data import providers
from genai_prices.types import (
    ConditionalPrice,
    ModelInfo,
    ModelPrice,
    Provider,
    StartDateConstraint,
    TieredPrices,
)

from model_intelligence.listing import Dropped, Listing, PricePoint
from model_intelligence.records import UNDATED

SOURCE = "genai-prices"
TOKENS_PER_UNIT = 1_000  # the list counts millions, we count thousands


def listings() -> Iterator[Listing | Dropped]:
    """Every model with a price for prompt and completion tokens; the others as Dropped."""
    for provider in providers:
        for model in provider.models:
            yield parse(provider, model)


def edition() -> str:
    """The version of the list."""
    return version("genai-prices")


def parse(provider: Provider, model: ModelInfo) -> Listing | Dropped:
    """One row of the list; its base prices only: tiers and hours of the day are not kept."""
    name = f"{provider.id}/{model.id}"
    points = [point for point in map(_point, _conditions(model)) if point is not None]
    if not points:
        return Dropped(name, "no price for prompt and completion tokens")
    if any(not point.input_per_1k and not point.output_per_1k for point in points):
        return Dropped(name, "a price of zero, which means unknown or free of charge for a while")
    return Listing(
        provider=provider.id,
        provider_model_id=api_id(provider.id, model.id),
        display_name=model.name or model.id,
        source=SOURCE,
        source_url=provider.pricing_urls[0] if provider.pricing_urls else None,
        prices=tuple(
            sorted({p.effective_at: p for p in points}.values(), key=lambda p: p.effective_at)
        ),
        context_window_tokens=model.context_window,
        is_deprecated=bool(model.deprecated),
    )


def api_id(provider: str, model: str) -> str:
    """The id that the provider's API takes: Z.AI's price page writes it in upper case."""
    return model.lower() if provider in {"zai", "zhipuai"} else model


def _conditions(model: ModelInfo) -> list[ConditionalPrice]:
    if isinstance(model.prices, ModelPrice):
        return [ConditionalPrice(constraint=None, prices=model.prices)]
    return list(model.prices)


def _point(condition: ConditionalPrice) -> PricePoint | None:
    start = condition.constraint
    if start is not None and not isinstance(start, StartDateConstraint):
        return None  # a price for some hours of the day
    prompt, completion = _base(condition.prices.input_mtok), _base(condition.prices.output_mtok)
    if prompt is None or completion is None:
        return None
    since = UNDATED if start is None else datetime.combine(start.start_date, time(), tzinfo=UTC)
    return PricePoint(
        effective_at=since,
        input_per_1k=prompt,
        output_per_1k=completion,
        cache_read_per_1k=_base(condition.prices.cache_read_mtok),
        cache_write_per_1k=_base(condition.prices.cache_write_mtok),
    )


def _base(amount: Decimal | TieredPrices | None) -> Decimal | None:
    if amount is None:
        return None
    base = amount.base if isinstance(amount, TieredPrices) else amount
    return base / TOKENS_PER_UNIT
