"""Several lists about one offer: which price holds, and whether the others say the same. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from model_intelligence.records import OWN_PRICES, Agreement, OtherPrice, Price

# Two editions of one list are one witness.
EDITIONS = {"genai-prices-live": "genai-prices"}
# What the seller itself says first, then the list with dates and notes on where a price is from.
PREFERRED = ("openrouter", "genai-prices", "models.dev", "litellm")
# Lists round in different places; providers change prices by more than this.
TOLERANCE = Decimal("0.01")
SETTLED_AFTER = timedelta(days=7)  # how long a move that only one list saw stays in doubt
STALE_AFTER = timedelta(days=30)  # since a list was last read


class SourcePrice(NamedTuple):
    """One source's price of an offer today, and when that source was first seen to have one.

    `read_at` is when the list was last read; None for one that every run reads. `is_listed` is
    False once the list was read and no longer had the offer.
    """

    price: Price
    first_seen: datetime
    read_at: datetime | None = None
    is_listed: bool = True


def settled(told: Iterable[SourcePrice], now: datetime) -> Price:
    """The price that holds, with what the other lists say of it.

    A price of our own before all others, dollars before other money, lists that were read lately
    and still hold it before those that do not; then by PREFERRED, then by name.
    """
    witnesses = _one_of_each_list(sorted(told, key=lambda one: _rank(one, now)))
    first, others = witnesses[0], witnesses[1:]
    comparable = [one for one in others if _may_be_compared(one, first, now)]
    agreeing = [one for one in comparable if agrees(one.price, first.price)]
    agreement = _agreement(first, comparable, agreeing, now)
    named = agreeing if agreement == "confirmed" else comparable
    return replace(
        first.price,
        agreement=agreement,
        others=() if agreement == "own" else tuple(_other(one.price) for one in named),
    )


def agrees(one: Price, other: Price) -> bool:
    """Whether both amounts are within a hundredth of each other."""
    pairs = ((one.input_per_1k, other.input_per_1k), (one.output_per_1k, other.output_per_1k))
    return all(abs(a - b) <= TOLERANCE * max(a, b) for a, b in pairs)


def _agreement(
    first: SourcePrice,
    comparable: Sequence[SourcePrice],
    agreeing: Sequence[SourcePrice],
    now: datetime,
) -> Agreement:
    if first.price.source == OWN_PRICES:
        return "own"
    if agreeing:
        return "confirmed"
    if comparable or _moved_lately(first, now):
        return "unconfirmed"
    return "stale" if _is_stale(first, now) else "single"


def _moved_lately(told: SourcePrice, now: datetime) -> bool:
    seen = told.price.observed_at
    return seen > told.first_seen and now - seen < SETTLED_AFTER


def _may_be_compared(one: SourcePrice, first: SourcePrice, now: datetime) -> bool:
    """Not where only one of the two is pinned to an hour: they may mean different hours."""
    if _is_stale(one, now) or one.price.currency != first.price.currency:
        return False
    pinned = (one.price.hour_utc is None, first.price.hour_utc is None)
    return pinned[0] == pinned[1] or agrees(one.price, first.price)


def _is_stale(told: SourcePrice, now: datetime) -> bool:
    unread = told.read_at is not None and now - told.read_at > STALE_AFTER
    return unread or not told.is_listed


def _rank(told: SourcePrice, now: datetime) -> tuple[bool, bool, bool, int, str, float]:
    price, name = told.price, _list_of(told.price)
    place = PREFERRED.index(name) if name in PREFERRED else len(PREFERRED)
    return (
        price.source != OWN_PRICES,
        price.currency != "USD",
        _is_stale(told, now),
        place,
        name,
        -price.effective_at.timestamp(),  # of two editions, the one with the newer price
    )


def _one_of_each_list(ranked: Sequence[SourcePrice]) -> list[SourcePrice]:
    found: dict[str, SourcePrice] = {}
    for one in ranked:
        found.setdefault(_list_of(one.price), one)
    return list(found.values())


def _list_of(price: Price) -> str:
    return EDITIONS.get(price.source, price.source)


def _other(price: Price) -> OtherPrice:
    return OtherPrice(price.id, price.source, price.input_per_1k, price.output_per_1k)
