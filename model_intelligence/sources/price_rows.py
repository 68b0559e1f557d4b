"""What the parsers of live price lists share: checked rows, and prices per 1,000 tokens."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from model_intelligence.observations.listing import Dropped, PricePoint
from model_intelligence.observations.origin import as_written
from model_intelligence.records import UNDATED, PriceTier

NOT_OF_THE_SHAPE = "a row that is not of the list's documented shape"
NO_PRICE = "no price for prompt and completion tokens"
ZERO = "a price of zero, which means unknown or free of charge for a while"
NOT_FOLLOWED = "a provider that is not followed in this list"
AGAIN = "a key that repeats another one"

# Bounds that only a slip in the unit exceeds.
Usd = Annotated[Decimal, Field(ge=0, lt=1_000_000)]
Tokens = Annotated[int, Field(ge=0)]
Text = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Row(BaseModel):
    """The part of a row that is read; lists gain fields all the time."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)
    _raw: dict[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def raw(self) -> dict[str, Any]:
        """What was read, as the list wrote it."""
        return self._raw


_Checked = TypeVar("_Checked", bound=Row)


def checked(shape: type[_Checked], data: object, name: str) -> _Checked | Dropped:
    """The row as `shape`, or why not."""
    try:
        row = shape.model_validate(data)
    except ValidationError:
        return Dropped(name, NOT_OF_THE_SHAPE, malformed=True)
    if isinstance(data, Mapping):
        # Only the fields that are read: whole rows are long, and change for reasons that are none
        # of ours.
        row._raw = as_written({key: data[key] for key in shape.model_fields if key in data})
    return row


class Amounts(NamedTuple):
    """What a list asks for each class of tokens, in USD for as many as it counts by."""

    prompt: Decimal | None
    completion: Decimal | None
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None
    reasoning: Decimal | None = None


def price_point(
    amounts: Amounts,
    *,
    per_tokens: int,
    since: datetime = UNDATED,
    tiers: Mapping[int, Amounts] = MappingProxyType({}),
    hour_utc: int | None = None,
) -> PricePoint | str:
    """USD per `per_tokens` tokens as a price from `since` on, or the reason for having none.

    `tiers` is prompt tokens -> what holds above so many; what a tier does not say is as below it.
    """
    if amounts.prompt is None or amounts.completion is None:
        return NO_PRICE
    # In these lists zero stands for unknown, self-hosted, or free for a while: never for a price
    # that a decision may rest on.
    if not amounts.prompt or not amounts.completion:
        return ZERO

    def per_1k(usd: Decimal | None) -> Decimal | None:
        return usd * 1_000 / per_tokens if usd else None  # a cache at no cost is unknown, too

    def tier(above: int, told: Amounts) -> PriceTier:
        prompt, completion, read, write, _ = (
            per_1k(own if own else base) for own, base in zip(told, amounts, strict=True)
        )
        assert prompt is not None and completion is not None  # noqa: S101, PT018  # the base has both
        return PriceTier(above, prompt, completion, read, write)

    return PricePoint(
        since,
        amounts.prompt * 1_000 / per_tokens,
        amounts.completion * 1_000 / per_tokens,
        per_1k(amounts.cache_read),
        per_1k(amounts.cache_write),
        reasoning_per_1k=per_1k(amounts.reasoning),
        tiers=tuple(tier(above, told) for above, told in sorted(tiers.items())),
        hour_utc=hour_utc,
    )
