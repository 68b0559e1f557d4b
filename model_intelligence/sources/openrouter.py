"""OpenRouter's list of the models it sells: prices, limits and ends of its own offers (no key).

Shape (`https://openrouter.ai/api/v1/models`, a response of May 2026 that models.dev keeps under
MIT): `{data: [row]}`. Amounts are strings, USD per token; "-1" says that the price varies, "0"
that the offer is free. `pricing.overrides` holds prices for long prompts (`min_prompt_tokens`) or
for hours of the day (`utc_start`, `utc_end`); with the latter, the price shown is this hour's. What
an override does not name is as in the base price (OpenRouter's documentation of PricingOverride).
`~maker/name-latest` is an alias that moves. `created` is when OpenRouter first listed the model, in
Unix seconds: mostly the day of its release.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.listing import Dropped, Lifecycle, Listing
from model_intelligence.sources import price_rows
from model_intelligence.sources.source import Source, read_json

NAME = "openrouter"
PAGE = "https://openrouter.ai/models"
# From -1, its sentinel for a price that varies.
_Amount = Annotated[Decimal, Field(ge=-1, lt=1_000)]


class _Override(price_rows.Row):
    utc_start: int | str | None = None
    utc_end: int | str | None = None
    min_prompt_tokens: Annotated[int, Field(gt=0)] | None = None
    prompt: _Amount | None = None
    completion: _Amount | None = None
    input_cache_read: _Amount | None = None
    input_cache_write: _Amount | None = None


class _Pricing(price_rows.Row):
    prompt: _Amount
    completion: _Amount
    input_cache_read: _Amount | None = None
    input_cache_write: _Amount | None = None
    internal_reasoning: _Amount | None = None
    overrides: tuple[_Override, ...] | None = None


class _Architecture(price_rows.Row):
    input_modalities: tuple[str, ...] = ()


class _Provider(price_rows.Row):
    max_completion_tokens: price_rows.Tokens | None = None


class _Row(price_rows.Row):
    id: price_rows.Text
    name: price_rows.Text
    pricing: _Pricing
    context_length: price_rows.Tokens | None = None
    top_provider: _Provider | None = None
    expiration_date: date | None = None
    created: Annotated[int, Field(gt=0, lt=2**32)] | None = None
    architecture: _Architecture | None = None
    supported_parameters: tuple[str, ...] | None = None


def parse(body: bytes) -> Iterator[Listing | Lifecycle | Dropped]:
    """OpenRouter's offers, and the announced ends of them."""
    answer = read_json(body)
    rows = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise ShapeChanged("an object with a list `data` was expected")
    for number, data in enumerate(rows):
        name = str(data.get("id", number)) if isinstance(data, dict) else str(number)
        row = price_rows.checked(_Row, data, name)
        if isinstance(row, Dropped):
            yield row
            continue
        if row.expiration_date is not None:
            page = f"https://openrouter.ai/{row.id}"
            yield Lifecycle(NAME, row.id, row.expiration_date, None, page, raw=row.raw)
        yield _listing(row)


def _listing(row: _Row) -> Listing | Dropped:
    pricing = row.pricing
    if row.id.startswith("~"):
        return Dropped(row.id, "an alias that moves to another model")
    if min(pricing.prompt, pricing.completion) < 0:
        return Dropped(row.id, "a price that varies with the model that answers")
    # The price shown is the one of the current hour: it would "change" with the hour of each run.
    if any(one.utc_start is not None or one.utc_end is not None for one in pricing.overrides or ()):
        return Dropped(row.id, "a price that depends on the hour of the day")
    longer = [one for one in pricing.overrides or () if one.min_prompt_tokens is not None]
    point = price_rows.price_point(
        price_rows.Amounts(
            pricing.prompt,
            pricing.completion,
            _known(pricing.input_cache_read),
            _known(pricing.input_cache_write),
            _known(pricing.internal_reasoning),
        ),
        per_tokens=1,
        # A minimum of so many tokens, where our tiers begin above a number.
        tiers={one.min_prompt_tokens - 1: _amounts(one) for one in longer if one.min_prompt_tokens},
    )
    if isinstance(point, str):
        return Dropped(row.id, point)
    return Listing(
        provider=NAME,
        provider_model_id=row.id,
        display_name=row.name,
        source=NAME,
        source_url=PAGE,
        prices=(point,),
        context_window_tokens=row.context_length or None,
        max_output_tokens=(row.top_provider and row.top_provider.max_completion_tokens) or None,
        released_at=datetime.fromtimestamp(row.created, UTC).date() if row.created else None,
        supports_tools=_takes(row, "tools"),
        supports_structured_output=_takes(row, "structured_outputs"),
        supports_vision="image" in row.architecture.input_modalities if row.architecture else None,
        raw=row.raw,
    )


def _takes(row: _Row, parameter: str) -> bool | None:
    """Whether some provider behind it takes the parameter; a list without it proves nothing."""
    return True if parameter in (row.supported_parameters or ()) else None


def _amounts(asked: _Override) -> price_rows.Amounts:
    told = (asked.prompt, asked.completion, asked.input_cache_read, asked.input_cache_write)
    return price_rows.Amounts(*map(_known, told))


def _known(amount: Decimal | None) -> Decimal | None:
    return amount if amount and amount > 0 else None


SOURCE = Source(
    name=NAME,
    kind="prices",
    url="https://openrouter.ai/api/v1/models",
    licence="OpenRouter's terms of service: facts, not copied here",
    parse=parse,
)
