"""The ledger of prices: appended when they change, noted when their list drops them.

A price that names no start date holds from the beginning of time when first seen; a later change of
it holds from when we saw the change.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from model_intelligence.db import add_rows
from model_intelligence.models import ModelPricing
from model_intelligence.observations.listing import Listing, PriceKey, PricePoint
from model_intelligence.records import OWN_PRICES, UNDATED, Price, PriceTier

UNIT_ERROR_RATIO = Decimal(300)  # a price per million taken for one per thousand is 1,000 times off
UNIT_ERROR = "a price hundreds of times off the last one, which looks like another unit"
AMOUNTS = (
    "currency",
    "input_per_1k",
    "output_per_1k",
    "cache_read_per_1k",
    "cache_write_per_1k",
    "reasoning_per_1k",
    "hour_utc",
)


def store_prices(
    session: Session,
    offers: Mapping[PriceKey, Listing],
    now: datetime,
    editions: Mapping[str, str],
) -> tuple[int, int, Mapping[PriceKey, list[ModelPricing]]]:
    """Appends the prices that are new, but none that looks like another unit.

    How many were appended, how many were not, and all that was stored before.
    """
    history: dict[PriceKey, list[ModelPricing]] = {}
    ordered = select(ModelPricing).order_by(ModelPricing.effective_at, ModelPricing.revision)
    for row in session.scalars(ordered):
        history.setdefault((row.model_id, row.provider, row.source), []).append(row)
    found = [
        _price_columns(key, listing, point, revision, now)
        | {"source_version": editions.get(key[2]), "raw": listing.raw}
        for key, listing in offers.items()
        for point, revision in new_points(listing.prices, history.get(key, []), now)
    ]
    # Other lists count as well: a list's very first price of a model can be off by a unit, too.
    listed = {key: rows for key, rows in history.items() if key[2] != OWN_PRICES}
    known = {key[:2]: rows[-1] for key, rows in listed.items()}
    rows = [row for row in found if not _is_unit_error(row, known)]
    add_rows(session, ModelPricing, rows)
    return len(rows), len(found) - len(rows), history


def _is_unit_error(row: Mapping[str, Any], known: Mapping[tuple[str, str], ModelPricing]) -> bool:
    """Whether a list's price is hundreds of times off what some list said of the same model there.

    A price of config/pricing.yaml is what a person said, and may put right what was wrong before.
    """
    before = known.get((row["model_id"], row["provider"]))
    if row["source"] == OWN_PRICES or before is None:
        return False
    pairs = [(row[name], getattr(before, name)) for name in ("input_per_1k", "output_per_1k")]
    return any(max(pair) >= UNIT_ERROR_RATIO * min(pair) > 0 for pair in pairs)


def withdraw(
    session: Session,
    history: Mapping[PriceKey, Iterable[ModelPricing]],
    offers: Mapping[PriceKey, Listing],
    sources: Collection[str],
    now: datetime,
) -> None:
    """Notes on stored prices that their list, one of `sources`, no longer holds them.

    Lists lose keys by the hundred; such a price confirms nothing and contradicts nobody.
    """
    gone = [
        row.id
        for key, rows in history.items()
        if key[2] in sources and key not in offers
        for row in rows
        if row.withdrawn_at is None
    ]
    if gone:
        session.execute(
            update(ModelPricing).where(ModelPricing.id.in_(gone)).values(withdrawn_at=now)
        )


def new_points(
    points: Sequence[PricePoint], history: Sequence[ModelPricing], now: datetime
) -> list[tuple[PricePoint, int]]:
    """The points that the history (oldest first) lacks, each with its revision number."""
    if not history:
        return [(point, 1) for point in points]
    if len(points) == 1 and points[0].effective_at == UNDATED:
        begun = [row for row in history if row.effective_at <= now]
        if begun and same_price(points[0], begun[-1]):
            return []
        points = [replace(points[0], effective_at=now)]
    latest = {row.effective_at: row for row in history}
    return [
        (point, latest[point.effective_at].revision + 1 if point.effective_at in latest else 1)
        for point in points
        if point.effective_at not in latest or not same_price(point, latest[point.effective_at])
    ]


def same_price(point: PricePoint, row: ModelPricing) -> bool:
    """Whether the row says what the list says, and still holds."""
    return (
        # A price that returns to its list is a new revision, so the gap stays visible.
        row.withdrawn_at is None
        and all(getattr(point, name) == getattr(row, name) for name in AMOUNTS)
        and stored_tiers(point) == row.tiers
    )


def stored_tiers(point: PricePoint) -> list[list[int | str | None]]:
    """The tiers as JSON: the threshold, then the amounts in the order of PriceTier, as text."""
    return [
        [
            tier.above_prompt_tokens,
            # As text, because a JSON number would be read as a float; normalised, because 0.0010
            # and 0.001 are one price.
            *(None if usd is None else f"{usd.normalize():f}" for usd in tier[1:]),
        ]
        for tier in point.tiers
    ]


def _price_columns(
    key: PriceKey, listing: Listing, point: PricePoint, revision: int, now: datetime
) -> dict[str, Any]:
    model_id, provider, source = key
    return {
        "model_id": model_id,
        "provider": provider,
        "provider_model_id": listing.provider_model_id,
        "source": source,
        "source_url": listing.source_url,
        "effective_at": point.effective_at,
        "revision": revision,
        "observed_at": now,
        "region": listing.region,
        "tiers": stored_tiers(point),
        **{name: getattr(point, name) for name in AMOUNTS},
    }


STORED_OF_A_PRICE = [name for name in Price.__slots__ if name not in {"agreement", "others"}]


def price_of(stored: Mapping[str, Any]) -> Price:
    """A row of STORED_OF_A_PRICE, by column, as the value that it is."""
    return Price(**{**stored, "tiers": tuple(_tier(*tier) for tier in stored["tiers"])})


def _tier(above: int, *amounts: str | None) -> PriceTier:
    input_, output, *cached = (None if text is None else Decimal(text) for text in amounts)
    assert input_ is not None and output is not None  # noqa: S101, PT018  # a tier has both
    return PriceTier(above, input_, output, *cached)
