"""What a price list says of one model at one provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from model_intelligence.records import PriceTier

PriceKey = tuple[str, str, str]  # model, provider, source


@dataclass(frozen=True, slots=True)
class PricePoint:
    """Prices per 1,000 tokens from `effective_at` on; UNDATED when the list names no start.

    `tiers` are for longer prompts, in order of their thresholds. `hour_utc` is set where the price
    depends on the hour of the day: an hour at which this, the highest price, holds.
    """

    effective_at: datetime
    input_per_1k: Decimal
    output_per_1k: Decimal
    cache_read_per_1k: Decimal | None = None
    cache_write_per_1k: Decimal | None = None
    currency: str = "USD"
    reasoning_per_1k: Decimal | None = None
    tiers: tuple[PriceTier, ...] = ()
    hour_utc: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One model at one provider; `prices` in order of their dates, `raw` as the list wrote it.

    None is unknown, never "no".
    """

    provider: str
    provider_model_id: str
    display_name: str
    source: str
    source_url: str | None
    prices: tuple[PricePoint, ...]
    context_window_tokens: int | None = None
    is_deprecated: bool = False
    max_output_tokens: int | None = None
    released_at: date | None = None
    region: str | None = None
    supports_tools: bool | None = None
    supports_structured_output: bool | None = None
    supports_vision: bool | None = None
    open_weights: bool | None = None
    base_model: str | None = None
    raw: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row that was not taken over, and why; `malformed` if it was not of the list's shape."""

    name: str
    reason: str
    malformed: bool = False


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """What a provider says of a model's end: when, what to use instead, and where it says so.

    `not_before` is a promise ("not sooner than"), which announces nothing. `is_deprecated` is for a
    model that is deprecated or gone without a date. A row with none of these lists a living model.
    """

    provider: str
    model: str
    retires_at: date | None
    replacement: str | None
    source_url: str | None
    announced_on: date | None = None
    raw: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)
    not_before: date | None = None
    is_deprecated: bool = False

    @property
    def is_living(self) -> bool:
        """Whether no end of the model is announced or has come."""
        return self.retires_at is None and not self.is_deprecated


@dataclass(frozen=True, slots=True)
class Release:
    """The day on which a model was released, as one list states it."""

    model: str
    released_on: date
    source: str
    source_url: str | None = None
