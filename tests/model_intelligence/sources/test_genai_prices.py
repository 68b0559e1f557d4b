"""The bundled price list, as it is and row by row."""

from collections import Counter
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from genai_prices.types import (
    ClauseEquals,
    ConditionalPrice,
    ModelInfo,
    ModelPrice,
    Provider,
    StartDateConstraint,
    Tier,
    TieredPrices,
    TimeOfDateConstraint,
)

from model_intelligence.observations.listing import Dropped, Listing, PricePoint
from model_intelligence.records import UNDATED
from model_intelligence.sources import genai_prices


def mtok(prompt: str | None, completion: str | None, **changed: Any) -> ModelPrice:
    amounts = [None if one is None else Decimal(one) for one in (prompt, completion)]
    return ModelPrice(input_mtok=amounts[0], output_mtok=amounts[1], **changed)


def row(
    prices: ModelPrice | list[ConditionalPrice], provider: str = "openai", **changed: Any
) -> Listing | Dropped:
    values: dict[str, Any] = {"id": "GPT-5", "match": ClauseEquals("gpt-5"), "name": "GPT 5"}
    made = ModelInfo(**{**values, **changed, "prices": prices})
    address = ["https://example.org/prices", "https://example.org/old"]
    maker = Provider(id=provider, name="Maker", api_pattern="", pricing_urls=address, models=[made])
    return genai_prices.parse(maker, made)


def listed(prices: ModelPrice | list[ConditionalPrice], **changed: Any) -> Listing:
    found = row(prices, **changed)
    assert isinstance(found, Listing)
    return found


def since(day: date | None, price: ModelPrice) -> ConditionalPrice:
    start = None if day is None else StartDateConstraint(day)
    return ConditionalPrice(constraint=start, prices=price)


def test_a_row_becomes_a_price_per_thousand_tokens() -> None:
    given = mtok("3", "15", cache_read_mtok=Decimal("0.3"), cache_write_mtok=Decimal("3.75"))
    assert listed(given, context_window=400_000) == Listing(
        provider="openai",
        provider_model_id="GPT-5",
        display_name="GPT 5",
        source="genai-prices",
        source_url="https://example.org/prices",
        prices=(
            PricePoint(
                effective_at=UNDATED,
                input_per_1k=Decimal("0.003"),
                output_per_1k=Decimal("0.015"),
                cache_read_per_1k=Decimal("0.0003"),
                cache_write_per_1k=Decimal("0.00375"),
            ),
        ),
        context_window_tokens=400_000,
    )


def test_a_tiny_price_is_exact() -> None:
    [found] = listed(mtok("0.00004", "0.00004")).prices
    assert found.input_per_1k == Decimal("4E-8")


def test_dated_prices_are_points_in_order_of_their_dates() -> None:
    given = [since(date(2026, 6, 1), mtok("2", "2")), since(None, mtok("1", "1"))]
    assert [(one.effective_at, one.input_per_1k) for one in listed(given).prices] == [
        (UNDATED, Decimal("0.001")),
        (datetime(2026, 6, 1, tzinfo=UTC), Decimal("0.002")),
    ]


def test_of_two_prices_from_one_day_the_last_wins_as_in_the_list() -> None:
    day = date(2026, 6, 1)
    given = [since(day, mtok("1", "1")), since(day, mtok("2", "2"))]
    assert [one.input_per_1k * 1000 for one in listed(given).prices] == [2]


def test_a_price_for_some_hours_of_the_day_is_not_taken() -> None:
    night = TimeOfDateConstraint(time(0, tzinfo=UTC), time(8, tzinfo=UTC))
    cheap = ConditionalPrice(constraint=night, prices=mtok("0.1", "0.1"))
    [found] = listed([since(None, mtok("1", "1")), cheap]).prices
    assert found.input_per_1k * 1000 == 1


def test_of_tiers_the_base_is_taken() -> None:
    tiered = TieredPrices(base=Decimal("1.25"), tiers=[Tier(start=200_000, price=Decimal("2.5"))])
    [found] = listed(ModelPrice(input_mtok=tiered, output_mtok=Decimal(10))).prices
    assert found.input_per_1k == Decimal("0.00125")


@pytest.mark.parametrize("given", [mtok(None, "1"), mtok("1", None), mtok(None, None)])
def test_a_row_without_both_prices_is_dropped_with_the_reason(given: ModelPrice) -> None:
    assert row(given) == Dropped("openai/GPT-5", "no price for prompt and completion tokens")


def test_a_price_of_zero_is_dropped_and_not_taken_for_free() -> None:
    assert row(mtok("0", "0")) == Dropped(
        "openai/GPT-5", "a price of zero, which means unknown or free of charge for a while"
    )


def test_a_price_that_was_zero_for_a_while_is_dropped_too() -> None:
    given = [since(None, mtok("0", "0")), since(date(2026, 6, 1), mtok("1", "1"))]
    assert isinstance(row(given), Dropped)


def test_a_deprecation_is_carried_over() -> None:
    assert listed(mtok("1", "1"), deprecated=True).is_deprecated
    assert not listed(mtok("1", "1")).is_deprecated


@pytest.mark.parametrize(("provider", "name"), [("zai", "gpt-5"), ("openai", "GPT-5")])
def test_a_name_is_the_one_the_providers_api_takes(provider: str, name: str) -> None:
    assert listed(mtok("1", "1"), provider=provider).provider_model_id == name


def test_the_bundled_list_is_read_whole_and_no_price_is_zero() -> None:
    kinds = Counter(type(one) for one in genai_prices.listings())
    assert kinds[Listing] > 1_000
    points = [
        one for row in genai_prices.listings() if isinstance(row, Listing) for one in row.prices
    ]
    assert min(one.input_per_1k + one.output_per_1k for one in points) > 0


def test_the_bundled_list_has_the_models_of_the_guide() -> None:
    names = {
        (row.provider, row.provider_model_id)
        for row in genai_prices.listings()
        if isinstance(row, Listing)
    }
    assert {("zai", "glm-4.6"), ("zai", "glm-4.7")} <= names


def test_the_edition_names_a_version() -> None:
    assert genai_prices.edition().count(".") == 2
