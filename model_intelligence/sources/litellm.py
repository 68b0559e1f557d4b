"""LiteLLM's list of prices, limits and retirement dates (MIT); no dates of price changes.

Shape (`model_prices_and_context_window_backup.json` of the litellm 1.108.11 wheel): an object of
key -> row; `sample_spec` documents the fields. Amounts are USD per token. The key is the model's
own id, bare or behind LiteLLM's name of the provider. `max_input_tokens` is not read: it is smaller
than the context window where a provider limits prompts (272,000 of 400,000). Prices for batches,
priority, long prompts and hours of the day stand in fields of their own, which are not read.
"""

from collections.abc import Iterator
from datetime import date

from model_intelligence.feed import Feed, ShapeChanged, read_json
from model_intelligence.identity import CREATORS
from model_intelligence.listing import Dropped, Lifecycle, Listing
from model_intelligence.sources import shape

NAME = "litellm"
PAGE = "https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json"
# Clouds are left out: their keys mix regions and deployments into the model's name.
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
MODES = {"chat", "responses", "completion"}


class _Row(shape.Row):
    litellm_provider: shape.Text
    mode: str | None = None
    input_cost_per_token: shape.Usd | None = None
    output_cost_per_token: shape.Usd | None = None
    cache_read_input_token_cost: shape.Usd | None = None
    cache_creation_input_token_cost: shape.Usd | None = None
    max_output_tokens: shape.Tokens | None = None
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
        row = shape.checked(_Row, data, key)
        if isinstance(row, Dropped):
            yield row
            continue
        found = list(_facts(key, row))
        named = {(one.provider, one.provider_model_id) for one in found if isinstance(one, Listing)}
        if named & seen:
            yield Dropped(key, shape.AGAIN)
        else:
            yield from found
        seen |= named


def _facts(key: str, row: _Row) -> Iterator[Listing | Lifecycle | Dropped]:
    provider = PROVIDERS.get(row.litellm_provider)
    reason = _unwanted(key, row, provider)
    if provider is None or reason is not None:
        yield Dropped(key, reason or shape.NOT_FOLLOWED)
        return
    own_id = key.removeprefix(f"{row.litellm_provider}/")
    if row.deprecation_date is not None and provider in CREATORS.values():
        yield Lifecycle(provider, own_id, row.deprecation_date, None, PAGE)
    point = shape.price_point(
        row.input_cost_per_token,
        row.output_cost_per_token,
        row.cache_read_input_token_cost,
        row.cache_creation_input_token_cost,
        per_tokens=1,
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
        max_output_tokens=row.max_output_tokens or None,
    )


def _unwanted(key: str, row: _Row, provider: str | None) -> str | None:
    if row.mode not in MODES:
        return "a mode other than chat or completion"
    if provider is None:
        return shape.NOT_FOLLOWED
    if key.startswith("ft:"):
        return "a price for models that a customer has fine-tuned"
    if key.startswith("together-ai-"):
        return "a price for all models of a size"
    return None


FEED = Feed(
    name=NAME,
    kind="prices",
    url="https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json",
    licence="MIT",
    parse=parse,
)
