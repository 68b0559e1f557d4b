"""models.dev: prices, limits, release dates and deprecations (MIT); no dates of price changes.

Shape (`https://models.dev/api.json`, as built from github anomalyco/models.dev at f3fc692): an
object of provider -> `{id, doc, models}`, the models an object of id -> row. Amounts are USD per
million tokens, `cost.tiers` those of prompts longer than `tier.size`; `limit.context` of 0 is
unknown; a release may name only its month. `tool_call`, `open_weights` and `modalities` are always
there, `structured_output` only where it is known. `base_model` names the maker's model that a
host serves, `openai/gpt-oss-120b`, on about a quarter of the rows.
"""

import re
from collections.abc import Iterator
from datetime import date

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.listing import Dropped, Listing
from model_intelligence.sources import price_rows
from model_intelligence.sources.source import Source, read_json

NAME = "models.dev"
PAGE = "https://models.dev"
PROVIDERS = {
    "anthropic": "anthropic",
    "cerebras": "cerebras",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "google": "google",
    "groq": "groq",
    "minimax": "minimax",
    "mistral": "mistral",
    "moonshotai": "moonshotai",
    "novita-ai": "novita",
    "openai": "openai",
    "perplexity": "perplexity",
    "togetherai": "together",
    "xai": "x-ai",
    "zai": "zai",
}


class _Size(price_rows.Row):
    size: price_rows.Tokens


class _Tier(price_rows.Row):
    tier: _Size
    input: price_rows.Usd | None = None
    output: price_rows.Usd | None = None
    cache_read: price_rows.Usd | None = None
    cache_write: price_rows.Usd | None = None


class _Cost(price_rows.Row):
    input: price_rows.Usd
    output: price_rows.Usd
    cache_read: price_rows.Usd | None = None
    cache_write: price_rows.Usd | None = None
    reasoning: price_rows.Usd | None = None
    tiers: tuple[_Tier, ...] = ()


class _Limit(price_rows.Row):
    context: price_rows.Tokens
    output: price_rows.Tokens


class _Modalities(price_rows.Row):
    input: tuple[str, ...]


class _Row(price_rows.Row):
    id: price_rows.Text
    name: price_rows.Text
    limit: _Limit
    release_date: str
    cost: _Cost | None = None
    status: str | None = None
    tool_call: bool | None = None
    structured_output: bool | None = None
    modalities: _Modalities | None = None
    open_weights: bool | None = None
    base_model: price_rows.Text | None = None


def parse(body: bytes) -> Iterator[Listing | Dropped]:
    """The models of the followed providers."""
    providers = read_json(body)
    if not isinstance(providers, dict):
        raise ShapeChanged("an object of providers was expected")
    for provider_id, provider in providers.items():
        models = provider.get("models") if isinstance(provider, dict) else None
        if not isinstance(models, dict):
            raise ShapeChanged(f"the provider {provider_id!r} has no object of models")
        for model_id, data in models.items():
            yield _listing(provider_id, f"{provider_id}/{model_id}", data)


def _listing(provider_id: str, name: str, data: object) -> Listing | Dropped:
    if provider_id not in PROVIDERS:
        return Dropped(name, price_rows.NOT_FOLLOWED)
    row = price_rows.checked(_Row, data, name)
    if isinstance(row, Dropped):
        return row
    if row.cost is None:
        return Dropped(name, price_rows.NO_PRICE)
    cost = row.cost
    point = price_rows.price_point(
        price_rows.Amounts(
            cost.input, cost.output, cost.cache_read, cost.cache_write, cost.reasoning
        ),
        per_tokens=1_000_000,
        tiers={
            one.tier.size: price_rows.Amounts(
                one.input, one.output, one.cache_read, one.cache_write
            )
            for one in cost.tiers
        },
    )
    if isinstance(point, str):
        return Dropped(name, point)
    return Listing(
        provider=PROVIDERS[provider_id],
        provider_model_id=row.id,
        display_name=row.name,
        source=NAME,
        source_url=PAGE,
        prices=(point,),
        context_window_tokens=row.limit.context or None,
        max_output_tokens=row.limit.output or None,
        released_at=stated_day(row.release_date),
        is_deprecated=row.status == "deprecated",
        supports_tools=row.tool_call,
        supports_structured_output=row.structured_output,
        supports_vision="image" in row.modalities.input if row.modalities else None,
        open_weights=row.open_weights,
        base_model=row.base_model,
        raw=row.raw,
    )


def stated_day(text: str) -> date | None:
    """A day; None for a month and for the first of a year, which stands for "about then"."""
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:  # some rows state a month 13 or a day 33
        return None
    return None if day is None or (day.month, day.day) == (1, 1) else day


SOURCE = Source(
    name=NAME,
    kind="prices",
    url="https://models.dev/api.json",
    licence="MIT",
    parse=parse,
)
