"""models.dev's list, row by row and whole."""

from datetime import date
from decimal import Decimal

import pytest

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.listing import Dropped, Listing, PricePoint
from model_intelligence.records import UNDATED, PriceTier
from model_intelligence.sources import models_dev, price_rows
from tests.model_intelligence.sources.data import (
    MODELS_DEV,
    fixture,
    of,
    prices,
    reasons,
    snapshot,
)

ROWS = list(models_dev.parse(fixture("models_dev.json")))


def test_a_row_becomes_a_price_with_facts() -> None:
    assert of(Listing, ROWS)[0] == Listing(
        provider="anthropic",
        provider_model_id="big-1",
        display_name="Big-1",
        source="models.dev",
        source_url="https://models.dev",
        prices=(
            PricePoint(
                UNDATED,
                Decimal("0.003"),
                Decimal("0.015"),
                Decimal("0.0003"),
                tiers=(PriceTier(200_000, Decimal("0.006"), Decimal("0.0225"), Decimal("0.0006")),),
            ),
        ),
        context_window_tokens=200_000,
        max_output_tokens=64_000,
        released_at=date(2026, 2, 3),
        supports_tools=True,
        supports_structured_output=True,
        supports_vision=True,
        open_weights=False,
    )


def test_what_the_list_does_not_say_of_a_model_is_unknown() -> None:
    old = of(Listing, ROWS)[1]
    assert old.supports_tools is True
    assert (old.supports_structured_output, old.supports_vision, old.open_weights) == (None,) * 3


def test_a_month_is_no_day_and_a_limit_of_zero_is_unknown() -> None:
    old = of(Listing, ROWS)[1]
    assert (old.released_at, old.context_window_tokens, old.max_output_tokens) == (None,) * 3
    assert old.is_deprecated


def test_a_reseller_is_named_as_elsewhere() -> None:
    assert ("together", "maker/open-1") in prices(ROWS)


def test_every_other_row_is_left_out_with_its_reason() -> None:
    assert {row.name: row.reason for row in of(Dropped, ROWS)} == {
        "anthropic/unpriced-1": price_rows.NO_PRICE,
        "anthropic/free-1": price_rows.ZERO,
        "anthropic/odd-1": price_rows.NOT_OF_THE_SHAPE,
        "some-reseller/big-1": price_rows.NOT_FOLLOWED,
    }


@pytest.mark.parametrize("body", [b"[]", b'{"anthropic": []}', b'{"anthropic": {"id": 1}}', b"x"])
def test_another_shape_is_told(body: bytes) -> None:
    with pytest.raises(ShapeChanged):
        list(models_dev.parse(body))


def test_the_snapshot_is_read_whole() -> None:
    rows = list(models_dev.parse(snapshot(MODELS_DEV)))
    assert len(of(Listing, rows)) == 313
    assert reasons(rows) == {
        price_rows.NOT_FOLLOWED: 4935,
        price_rows.NO_PRICE: 19,
        price_rows.ZERO: 9,
    }


def test_the_snapshot_knows_when_glm_4_7_came_out_and_how_much_it_writes() -> None:
    rows = of(Listing, models_dev.parse(snapshot(MODELS_DEV)))
    [found] = [row for row in rows if (row.provider, row.provider_model_id) == ("zai", "glm-4.7")]
    assert (found.released_at, found.context_window_tokens, found.max_output_tokens) == (
        date(2025, 12, 22),
        204_800,
        131_072,
    )
