"""LiteLLM's list of prices, limits and retirement dates (MIT); no dates of price changes.

Shape (`model_prices_and_context_window_backup.json` of the litellm 1.108.11 wheel): an object of
key -> row; `sample_spec` documents the fields. Amounts are USD per token. The key is the model's
own id, bare or behind LiteLLM's name of the provider. `max_input_tokens` is not read: it is smaller
than the context window where a provider limits prompts (272,000 of 400,000). Prices for longer
prompts stand in fields that end in `_above_200k_tokens`; those for batches, flex and priority in
fields of their own, which are not read. `off_peak_pricing` names the cheaper hours, `{windows:
[{hours_utc: "00:00-01:00" or several, weekdays: [1, …]}]}`; the price beside it is the higher one.
`supports_…` is absent where nothing is known.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal

from model_intelligence.errors import ShapeChanged
from model_intelligence.naming import bedrock
from model_intelligence.naming.resolve import CREATORS
from model_intelligence.observations.listing import Dropped, Lifecycle, Listing
from model_intelligence.sources import price_rows
from model_intelligence.sources.price_windows import Window, hour_outside
from model_intelligence.sources.source import Source, read_json

NAME = "litellm"
PAGE = "https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json"
# Of the clouds only Bedrock, by its own ids: other keys mix regions and deployments into the name.
PROVIDERS = {
    "anthropic": "anthropic",
    "cerebras": "cerebras",
    "cohere": "cohere",
    "cohere_chat": "cohere",
    "deepseek": "deepseek",
    "gemini": "google",
    "groq": "groq",
    "meta": "meta",
    "minimax": "minimax",
    "mistral": "mistral",
    "moonshot": "moonshotai",
    "novita": "novita",
    "openai": "openai",
    "together_ai": "together",
    "xai": "x-ai",
    "zai": "zai",
}
BEDROCK = {"bedrock", "bedrock_converse"}
MODES = {"chat", "responses", "completion"}


PRICES = (
    "input_cost_per_token",
    "output_cost_per_token",
    "cache_read_input_token_cost",
    "cache_creation_input_token_cost",
)
ABOVE = re.compile(rf"({'|'.join(PRICES)})_above_(\d+)k_tokens")
# Windows are given for days of the week; a working day stands for all of them.
MONDAY = 1


class _Window(price_rows.Row):
    hours_utc: str | tuple[str, ...]
    weekdays: tuple[int, ...]


class _OffPeak(price_rows.Row):
    windows: tuple[_Window, ...]


class _Row(price_rows.Row):
    litellm_provider: price_rows.Text
    mode: str | None = None
    input_cost_per_token: price_rows.Usd | None = None
    output_cost_per_token: price_rows.Usd | None = None
    cache_read_input_token_cost: price_rows.Usd | None = None
    cache_creation_input_token_cost: price_rows.Usd | None = None
    output_cost_per_reasoning_token: price_rows.Usd | None = None
    off_peak_pricing: _OffPeak | None = None
    supports_function_calling: bool | None = None
    supports_response_schema: bool | None = None
    supports_vision: bool | None = None
    max_output_tokens: price_rows.Tokens | None = None
    deprecation_date: date | None = None


def parse(body: bytes) -> Iterator[Listing | Lifecycle | Dropped]:
    """Chat models of the followed providers, and the ends that their makers announced."""
    rows = read_json(body)
    if not isinstance(rows, dict):
        raise ShapeChanged("an object of models was expected")
    seen: set[tuple[str, str]] = set()
    for key, data in rows.items():
        if key == "sample_spec":
            continue
        row = price_rows.checked(_Row, data, key)
        if isinstance(row, Dropped):
            yield row
            continue
        found = list(_facts(key, row, _tiers(data)))
        named = {(one.provider, one.provider_model_id) for one in found if isinstance(one, Listing)}
        # One model stands under several keys, bare and behind a prefix (`deepseek/deepseek-chat`):
        # the first one counts.
        if named & seen:
            yield Dropped(key, price_rows.AGAIN)
        else:
            yield from found
        seen |= named


def _facts(
    key: str, row: _Row, tiers: Mapping[int, price_rows.Amounts]
) -> Iterator[Listing | Lifecycle | Dropped]:
    provider = PROVIDERS.get(row.litellm_provider)
    if row.litellm_provider in BEDROCK:
        provider = bedrock.seller_of(key)
    reason = _unwanted(key, row, provider)
    if provider is None or reason is not None:
        yield Dropped(key, reason or price_rows.NOT_FOLLOWED)
        return
    own_id = key.removeprefix(f"{row.litellm_provider}/")
    # Ends are taken from makers, and from Bedrock for its own ids; another reseller's end says
    # nothing about the model.
    if row.deprecation_date is not None and provider in {*CREATORS.values(), *bedrock.SELLERS}:
        yield Lifecycle(provider, own_id, row.deprecation_date, None, PAGE, raw=row.raw)
    hour = _hour_of_the_higher_price(row.off_peak_pricing) if row.off_peak_pricing else None
    if row.off_peak_pricing and hour is None:
        yield Dropped(key, "a price that depends on the hour in a way that is not known")
        return
    point = price_rows.price_point(
        price_rows.Amounts(
            row.input_cost_per_token,
            row.output_cost_per_token,
            row.cache_read_input_token_cost,
            row.cache_creation_input_token_cost,
            row.output_cost_per_reasoning_token,
        ),
        per_tokens=1,
        tiers=tiers,
        hour_utc=hour,
    )
    if isinstance(point, str):
        yield Dropped(key, point)
        return
    yield Listing(
        provider=provider,
        provider_model_id=own_id,
        display_name=own_id,
        source=NAME,
        source_url=PAGE,
        prices=(point,),
        region=bedrock.area_of(own_id),
        max_output_tokens=row.max_output_tokens or None,
        supports_tools=row.supports_function_calling,
        supports_structured_output=row.supports_response_schema,
        supports_vision=row.supports_vision,
        raw=row.raw,
    )


def _tiers(data: Mapping[str, object]) -> dict[int, price_rows.Amounts]:
    """Prompt tokens -> what holds above so many; fields for batches and the like end otherwise."""
    found: dict[int, dict[str, Decimal]] = {}
    for name, value in data.items():
        tier = ABOVE.fullmatch(name)
        # bool is an int in Python, and `true` is no price.
        if tier and isinstance(value, Decimal | int) and not isinstance(value, bool):
            found.setdefault(int(tier[2]) * 1_000, {})[tier[1]] = Decimal(value)
    return {
        above: price_rows.Amounts(*(told.get(name) for name in PRICES))
        for above, told in found.items()
    }


def _hour_of_the_higher_price(off_peak: _OffPeak) -> int | None:
    """An hour of a Monday (UTC) that is in no cheaper window; None if the windows are not clear."""
    spans: list[Window] = []
    for window in off_peak.windows:
        if MONDAY in window.weekdays:
            hours = window.hours_utc
            for span in (hours,) if isinstance(hours, str) else hours:
                try:
                    start, end = (time.fromisoformat(text) for text in span.split("-"))
                except ValueError:
                    return None
                spans.append((start, end))
    return hour_outside(spans)


def _unwanted(key: str, row: _Row, provider: str | None) -> str | None:
    if row.mode not in MODES:
        return "a mode other than chat or completion"
    if provider is None:
        return price_rows.NOT_FOLLOWED
    if key.startswith("ft:"):
        return "a price for models that a customer has fine-tuned"
    if key.startswith("together-ai-"):
        return "a price for all models of a size"
    return None


SOURCE = Source(
    name=NAME,
    kind="prices",
    url="https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json",
    licence="MIT",
    parse=parse,
)
