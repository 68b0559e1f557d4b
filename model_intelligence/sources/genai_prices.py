"""The price list inside the `genai-prices` package (MIT): 47 providers, offline, with dates.

Shape: providers of models; a model's `prices` is one ModelPrice, or a list of ConditionalPrice in
which the last match wins. Amounts are USD per million tokens, or tiers by prompt size.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from genai_prices.data import providers
from genai_prices.types import (
    ConditionalPrice,
    ModelInfo,
    ModelPrice,
    Provider,
    StartDateConstraint,
    TieredPrices,
    TimeOfDateConstraint,
)

from model_intelligence.naming import bedrock
from model_intelligence.naming.resolve import CREATORS
from model_intelligence.observations.listing import Dropped, Listing
from model_intelligence.observations.origin import as_written
from model_intelligence.sources import price_rows
from model_intelligence.sources.price_windows import Condition, dated_points

NAME = "genai-prices"
AMOUNTS = (
    "input_mtok",
    "output_mtok",
    "cache_read_mtok",
    "cache_write_mtok",
    "output_reasoning_mtok",
)
# Bedrock has an id for each area, and the list writes ids of its own for all of them together.
_AREAS = re.compile(r"(?:global|regional)\.")
NO_API_ID = "an id of the list's own, which no API takes"
# Names of the list's own making at the makers themselves; the true ids are listed beside them.
_INVENTED = {
    ("anthropic", "claude-v1"),
    ("google", "gemini-flash-1.5"),
    ("google", "gemini-flash-1.5-8b"),
    ("google", "gemini-pro-1.5"),
    ("openai", "gpt-3.5-0301"),
}
_VARIANT = re.compile(r":(?:batch|beta|extended|free|nitro|online|thinking)$")
# The price of what one tunes oneself: the id that OpenAI takes also names the customer.
_TUNED = re.compile(r"ft:|.*\.ft-")


def listings() -> Iterator[Listing | Dropped]:
    """Every model with a price for prompt and completion tokens; the others as Dropped."""
    for provider in providers:
        for model in provider.models:
            yield parse(provider, model)


def edition() -> str:
    """The version of the list."""
    return version("genai-prices")


def parse(provider: Provider, model: ModelInfo) -> Listing | Dropped:
    """One row of the list, with its dates, tiers by prompt size and most expensive hour."""
    name = f"{provider.id}/{model.id}"
    if is_no_api_id(provider.id, model.id):
        return Dropped(name, NO_API_ID)
    found = [_condition(one) for one in _conditions(model)]
    if price_rows.ZERO in found:
        return Dropped(name, price_rows.ZERO)
    priced = [one for one in found if isinstance(one, Condition)]
    if not priced:
        return Dropped(name, price_rows.NO_PRICE)
    return Listing(
        provider=provider.id,
        provider_model_id=api_id(provider.id, model.id),
        display_name=model.name or model.id,
        source=NAME,
        source_url=provider.pricing_urls[0] if provider.pricing_urls else None,
        prices=dated_points(priced),
        context_window_tokens=model.context_window,
        is_deprecated=bool(model.deprecated),
        raw=_raw(model),
    )


def is_no_api_id(provider: str, model: str) -> bool:
    """Whether no API takes the id: it stands for several of Bedrock's, or is the list's own.

    Only OpenRouter has variants of models, `:extended`, and its ids begin with a maker.
    """
    if provider == bedrock.AWS:
        return _AREAS.match(model) is not None
    is_first_hand = provider in CREATORS.values() or (provider == "openrouter" and "/" not in model)
    is_variant = is_first_hand and _VARIANT.search(model) is not None
    is_tuned = _TUNED.match(model) is not None
    return is_variant or is_tuned or (provider, model) in _INVENTED


def _raw(model: ModelInfo) -> dict[str, Any]:
    """What the list holds of the row, without its texts for people and its matching rules."""
    names = ("id", "name", "context_window", "deprecated", "prices")
    return as_written({name: _told(getattr(model, name)) for name in names})


def _told(value: object) -> object:
    """Values of the list's own classes as plain ones, without what is not set."""
    if isinstance(value, (list, tuple)):
        return [_told(each) for each in value]
    if is_dataclass(value):
        told = {each.name: _told(getattr(value, each.name)) for each in fields(value)}
        return {name: each for name, each in told.items() if each is not None}
    return value


def api_id(provider: str, model: str) -> str:
    """The id that the provider's API takes: Z.AI's price page writes it in upper case."""
    return model.lower() if provider in {"zai", "zhipuai"} else model


def _conditions(model: ModelInfo) -> list[ConditionalPrice]:
    if isinstance(model.prices, ModelPrice):
        return [ConditionalPrice(constraint=None, prices=model.prices)]
    return list(model.prices)


def _condition(condition: ConditionalPrice) -> Condition | str:
    """The price with its date or its hours, or the reason for having none."""
    prices, when = condition.prices, condition.constraint
    tiered = {name: tiers_of(getattr(prices, name, None)) for name in AMOUNTS}
    point = price_rows.price_point(
        price_rows.Amounts(*(base for base, _ in tiered.values())),
        per_tokens=1_000_000,
        tiers=merged(tiered.values()),
    )
    if isinstance(point, str):
        return point
    if isinstance(when, StartDateConstraint):
        return Condition(point, datetime.combine(when.start_date, time(), tzinfo=UTC))
    if isinstance(when, TimeOfDateConstraint):
        return Condition(
            point, window=(when.start_time.replace(tzinfo=None), when.end_time.replace(tzinfo=None))
        )
    return Condition(point)


Tiered = tuple[
    Decimal | None, Mapping[int, Decimal]
]  # the base, and tokens -> the price above them


def tiers_of(amount: Decimal | TieredPrices | None) -> Tiered:
    """The base of an amount, and what holds above how many prompt tokens."""
    if isinstance(amount, TieredPrices):
        return amount.base, {tier.start: tier.price for tier in amount.tiers}
    return amount, {}


def merged(amounts: Iterable[Tiered]) -> dict[int, price_rows.Amounts]:
    """Tokens -> the prices above them; a class of tokens keeps the price of the tier below."""
    classes = list(amounts)
    starts = sorted({start for _, tiers in classes for start in tiers})
    found: dict[int, price_rows.Amounts] = {}
    held = [base for base, _ in classes]
    for start in starts:
        held = [tiers.get(start, now) for now, (_, tiers) in zip(held, classes, strict=True)]
        found[start] = price_rows.Amounts(*held)
    return found
