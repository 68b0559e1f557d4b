"""OpenRouter's list, row by row and whole."""

from datetime import date
from decimal import Decimal

import pytest

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.listing import Dropped, Lifecycle, Listing, PricePoint
from model_intelligence.records import UNDATED, PriceTier
from model_intelligence.sources import openrouter, price_rows
from tests.model_intelligence.sources.data import OPENROUTER, fixture, of, prices, reasons, snapshot

ROWS = list(openrouter.parse(fixture("openrouter.json")))


def test_a_row_becomes_a_price_of_openrouters_own() -> None:
    assert of(Listing, ROWS)[0] == Listing(
        provider="openrouter",
        provider_model_id="anthropic/big-1",
        display_name="Anthropic/Big-1",
        source="openrouter",
        source_url="https://openrouter.ai/models",
        prices=(
            PricePoint(
                UNDATED,
                Decimal("0.003"),
                Decimal("0.015"),
                Decimal("0.0003"),
                tiers=(PriceTier(199_999, Decimal("0.006"), Decimal("0.015"), Decimal("0.0003")),),
            ),
        ),
        context_window_tokens=200_000,
        max_output_tokens=64_000,
        released_at=date(2026, 5, 12),
        supports_tools=True,
        supports_vision=True,
    )


def test_a_parameter_that_is_not_listed_is_unknown() -> None:
    assert [row.supports_tools for row in of(Listing, ROWS)][1:] == [None] * (
        len(of(Listing, ROWS)) - 1
    )
    assert of(Listing, ROWS)[0].supports_structured_output is None


def test_an_end_is_that_of_openrouters_offer_not_of_the_makers() -> None:
    [end] = of(Lifecycle, ROWS)
    assert (end.provider, end.model, end.retires_at) == (
        "openrouter",
        "anthropic/big-0",
        date(2026, 12, 24),
    )


def test_every_other_row_is_left_out_with_its_reason() -> None:
    assert {row.name: row.reason for row in of(Dropped, ROWS)} == {
        "~anthropic/big-latest": "an alias that moves to another model",
        "openrouter/auto": "a price that varies with the model that answers",
        "maker/open-1:free": price_rows.ZERO,
        "maker/night-1": "a price that depends on the hour of the day",
        "maker/odd-1": price_rows.NOT_OF_THE_SHAPE,
    }


@pytest.mark.parametrize("body", [b"[]", b'{"data": {}}', b'{"error": "no"}', b"x"])
def test_another_shape_is_told(body: bytes) -> None:
    with pytest.raises(ShapeChanged):
        list(openrouter.parse(body))


def test_the_snapshot_is_read_whole() -> None:
    rows = list(openrouter.parse(snapshot(OPENROUTER)))
    assert len(of(Listing, rows)) == 324
    assert len(of(Lifecycle, rows)) == 11
    assert reasons(rows) == {
        price_rows.ZERO: 29,
        "an alias that moves to another model": 8,
        "a price that varies with the model that answers": 3,
    }


def test_a_dear_row_of_the_snapshot_is_exact() -> None:
    rows = prices(openrouter.parse(snapshot(OPENROUTER)))
    fast = rows["openrouter", "anthropic/claude-opus-4.7-fast"]
    assert (fast.input_per_1k, fast.output_per_1k) == (Decimal("0.03"), Decimal("0.15"))
