"""The live edition of genai-prices, row by row, and against the bundled one."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.listing import Dropped, Listing, PricePoint
from model_intelligence.records import UNDATED, PriceTier
from model_intelligence.sources import genai_prices, genai_prices_live, price_rows
from tests.model_intelligence.sources.data import GENAI_PRICES, fixture, of, reasons, snapshot

ROWS = list(genai_prices_live.parse(fixture("genai_prices.json")))


def test_a_row_becomes_dated_prices_with_tiers() -> None:
    assert of(Listing, ROWS)[0] == Listing(
        provider="anthropic",
        provider_model_id="big-1",
        display_name="Big 1",
        source="genai-prices-live",
        source_url="https://example.org/prices",
        prices=(
            PricePoint(
                UNDATED,
                Decimal("0.003"),
                Decimal("0.015"),
                Decimal("0.0003"),
                tiers=(PriceTier(200_000, Decimal("0.006"), Decimal("0.015"), Decimal("0.0003")),),
            ),
            PricePoint(datetime(2026, 3, 13, tzinfo=UTC), Decimal("0.0025"), Decimal("0.0125")),
        ),
        context_window_tokens=200_000,
    )


def test_a_price_for_some_hours_of_the_day_is_not_taken() -> None:
    night = of(Listing, ROWS)[1]
    assert [point.input_per_1k for point in night.prices] == [Decimal("0.001")]
    assert night.is_deprecated


def test_a_name_is_the_one_the_providers_api_takes() -> None:
    assert of(Listing, ROWS)[2].provider_model_id == "glm-9"


def test_every_other_row_is_left_out_with_its_reason() -> None:
    assert {row.name: row.reason for row in of(Dropped, ROWS)} == {
        "anthropic/vectors-1": price_rows.NO_PRICE,
        "anthropic/free-1": price_rows.ZERO,
        "anthropic/4": price_rows.NOT_OF_THE_SHAPE,
    }


@pytest.mark.parametrize("body", [b"{}", b'[{"id": "zai"}]', b"[1]", b"x"])
def test_another_shape_is_told(body: bytes) -> None:
    with pytest.raises(ShapeChanged):
        list(genai_prices_live.parse(body))


def test_the_snapshot_says_what_the_package_of_the_same_edition_says() -> None:
    rows = list(genai_prices_live.parse(snapshot(GENAI_PRICES)))
    assert reasons(rows) == {price_rows.NO_PRICE: 224, genai_prices.NO_API_ID: 143}
    if genai_prices.edition() != "0.2.3":
        pytest.skip("the snapshot is of another edition")
    live = {(row.provider, row.provider_model_id): row.prices for row in of(Listing, rows)}
    bundled = of(Listing, genai_prices.listings())
    assert live == {(row.provider, row.provider_model_id): row.prices for row in bundled}
    assert len(live) == 1963
