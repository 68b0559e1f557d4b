"""What the parsers of live price lists share: checked rows, and prices per 1,000 tokens."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from model_intelligence.listing import Dropped, PricePoint
from model_intelligence.records import UNDATED

NOT_OF_THE_SHAPE = "a row that is not of the list's documented shape"
NO_PRICE = "no price for prompt and completion tokens"
ZERO = "a price of zero, which means unknown or free of charge for a while"
NOT_FOLLOWED = "a provider that is not followed in this list"
AGAIN = "a key that repeats another one"

Usd = Annotated[Decimal, Field(ge=0, lt=1_000_000)]
Tokens = Annotated[int, Field(ge=0)]
Text = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Row(BaseModel):
    """The part of a row that is read; lists gain fields all the time."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)


Checked = TypeVar("Checked", bound=Row)


def checked(shape: type[Checked], data: object, name: str) -> Checked | Dropped:
    """The row as `shape`, or why not."""
    try:
        return shape.model_validate(data)
    except ValidationError:
        return Dropped(name, NOT_OF_THE_SHAPE, malformed=True)


def price_point(
    prompt: Decimal | None,
    completion: Decimal | None,
    cache_read: Decimal | None = None,
    cache_write: Decimal | None = None,
    *,
    per_tokens: int,
    since: datetime = UNDATED,
) -> PricePoint | str:
    """USD per `per_tokens` tokens as a price from `since` on, or the reason for having none."""
    if prompt is None or completion is None:
        return NO_PRICE
    if not prompt or not completion:
        return ZERO

    def per_1k(usd: Decimal | None) -> Decimal | None:
        return usd * 1_000 / per_tokens if usd else None  # a cache at no cost is unknown, too

    return PricePoint(
        since,
        prompt * 1_000 / per_tokens,
        completion * 1_000 / per_tokens,
        per_1k(cache_read),
        per_1k(cache_write),
    )
