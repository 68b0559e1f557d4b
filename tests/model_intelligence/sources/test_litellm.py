"""LiteLLM's list, row by row and whole."""

from datetime import date
from decimal import Decimal

import pytest

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.listing import Dropped, Lifecycle, Listing, PricePoint
from model_intelligence.records import UNDATED, PriceTier
from model_intelligence.sources import litellm, price_rows
from tests.model_intelligence.sources.data import LITELLM, fixture, of, prices, reasons, snapshot

BEDROCKS = "eu.anthropic.big-1-20261001-v1:0"
ROWS = list(litellm.parse(fixture("litellm.json")))


def test_a_row_becomes_a_price_per_thousand_tokens_exactly() -> None:
    assert of(Listing, ROWS)[0] == Listing(
        provider="anthropic",
        provider_model_id="big-1",
        display_name="big-1",
        source="litellm",
        source_url=litellm.PAGE,
        prices=(
            PricePoint(
                UNDATED,
                Decimal("0.003"),
                Decimal("0.015"),
                Decimal("0.0003"),
                Decimal("0.00375"),
                reasoning_per_1k=Decimal("0.02"),
                tiers=(
                    PriceTier(
                        200_000,
                        Decimal("0.006"),
                        Decimal("0.0225"),
                        Decimal("0.0003"),
                        Decimal("0.00375"),
                    ),
                ),
            ),
        ),
        max_output_tokens=64_000,
        supports_vision=True,
    )


def test_where_the_price_depends_on_the_hour_the_dearer_one_is_kept_with_its_hour() -> None:
    night = prices(ROWS)["deepseek", "night-1"]
    assert (night.input_per_1k, night.hour_utc) == (Decimal("0.0003"), 1)


def test_hours_that_cannot_be_read_leave_the_price_out() -> None:
    reason = "a price that depends on the hour in a way that is not known"
    assert Dropped("deepseek/night-2", reason) in ROWS


def test_an_ability_is_known_only_where_the_list_says_so() -> None:
    [night] = [row for row in of(Listing, ROWS) if row.provider_model_id == "night-1"]
    told = (night.supports_tools, night.supports_structured_output, night.supports_vision)
    assert told == (True, False, None)


def test_a_tiny_price_is_exact_and_a_cache_at_no_cost_is_unknown() -> None:
    found = prices(ROWS)["zai", "glm-9"]
    assert found.input_per_1k == Decimal("4E-8")
    assert found.cache_read_per_1k is None


def test_a_key_that_repeats_another_is_left_out() -> None:
    assert Dropped("glm-9", price_rows.AGAIN) in ROWS
    assert prices(ROWS)["zai", "glm-9"].input_per_1k < 1


def test_bedrocks_ids_are_offers_of_their_area() -> None:
    [found] = [row for row in of(Listing, ROWS) if row.provider_model_id == BEDROCKS]
    assert (found.provider, found.region) == ("aws-eu", "eu")
    assert found.prices[0].input_per_1k == Decimal("0.0033")


def test_an_end_is_taken_from_who_sells_it_first_hand_even_without_a_price() -> None:
    assert of(Lifecycle, ROWS) == [
        Lifecycle("anthropic", "big-1", date(2027, 1, 31), None, litellm.PAGE),
        Lifecycle("google", "free-1", date(2026, 12, 24), None, litellm.PAGE),
        Lifecycle("aws-eu", BEDROCKS, date(2027, 4, 8), None, litellm.PAGE),
    ]


def test_every_other_row_is_left_out_with_its_reason() -> None:
    assert {row.name: row.reason for row in of(Dropped, ROWS)} == {
        "deepseek/night-2": "a price that depends on the hour in a way that is not known",
        "glm-9": price_rows.AGAIN,
        "gemini/free-1": price_rows.ZERO,
        "groq/own/fast-1": price_rows.NO_PRICE,
        "eu.big-1-v1:0": price_rows.NOT_FOLLOWED,
        f"bedrock/eu-west-1/{BEDROCKS.removeprefix('eu.')}": price_rows.NOT_FOLLOWED,
        "ft:small-1": "a price for models that a customer has fine-tuned",
        "together-ai-4.1b-8b": "a price for all models of a size",
        "vectors-1": "a mode other than chat or completion",
        "odd-1": price_rows.NOT_OF_THE_SHAPE,
    }
    assert [row.name for row in of(Dropped, ROWS) if row.malformed] == ["odd-1"]


@pytest.mark.parametrize("body", [b"[]", b"<html>", b"", b"\xff"])
def test_another_shape_is_told(body: bytes) -> None:
    with pytest.raises(ShapeChanged):
        list(litellm.parse(body))


def test_the_snapshot_is_read_whole() -> None:
    rows = list(litellm.parse(snapshot(LITELLM)))
    assert len(of(Listing, rows)) == 811
    assert len(of(Lifecycle, rows)) == 140
    assert reasons(rows) == {
        price_rows.NOT_FOLLOWED: 2391,
        price_rows.ZERO: 19,
        "a price for models that a customer has fine-tuned": 12,
        price_rows.AGAIN: 9,
        "a price for all models of a size": 6,
        price_rows.NO_PRICE: 3,
    }


def test_the_snapshot_prices_glm_4_7_as_the_guide_does() -> None:
    found = prices(litellm.parse(snapshot(LITELLM)))["zai", "glm-4.7"]
    assert (found.input_per_1k, found.output_per_1k) == (Decimal("0.0006"), Decimal("0.0022"))
