"""Prices that their list no longer holds: kept, and no longer witnesses."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.db import transaction
from model_intelligence.decision.judgement import unconfirmed
from model_intelligence.evidence.load import load_evidence
from model_intelligence.ingest.price_list import ingest_listings
from model_intelligence.ledger.prices import UNIT_ERROR
from model_intelligence.models import ModelPricing
from model_intelligence.records import OWN_PRICES
from tests.model_intelligence.build import CURRENT, NOW, OTHER, listing, point
from tests.model_intelligence.observe import whole_tables

DAY = timedelta(days=1)


def read(session: Session, source: str, *offers: tuple[str, str], days: int = 0) -> None:
    """A live list of models and prices, read so many days from now."""
    rows = [listing(name, point(usd), source=source) for name, usd in offers]
    ingest_listings(session, source, rows, NOW + days * DAY)


def agreement(session: Session, days: int, as_of: int | None = None) -> tuple[str, str]:
    known = None if as_of is None else NOW + as_of * DAY
    price = load_evidence(session, NOW + days * DAY, as_of=known).prices[CURRENT, "zai"]
    return price.source, price.agreement


def test_a_price_that_its_list_dropped_says_nothing_against_others(session: Session) -> None:
    read(session, "genai-prices", (CURRENT, "0.001"))
    read(session, "litellm", (CURRENT, "0.002"), (OTHER, "0.002"))
    assert agreement(session, 0) == ("genai-prices", "unconfirmed")
    read(session, "litellm", (OTHER, "0.002"), days=1)
    assert agreement(session, 1) == ("genai-prices", "single")
    assert agreement(session, 1, as_of=0) == ("genai-prices", "unconfirmed")


def test_a_list_that_still_has_a_model_is_believed_before_one_that_dropped_it(
    session: Session,
) -> None:
    read(session, "genai-prices", (CURRENT, "0.001"), (OTHER, "0.001"))
    read(session, "genai-prices", (OTHER, "0.001"), days=1)
    read(session, "litellm", (CURRENT, "0.002"), days=1)
    assert agreement(session, 1) == ("litellm", "single")


def test_a_price_that_no_list_has_any_more_is_stale_and_told_to_be(session: Session) -> None:
    read(session, "litellm", (CURRENT, "0.001"), (OTHER, "0.001"))
    read(session, "litellm", (OTHER, "0.001"), days=1)
    price = load_evidence(session, NOW + DAY).prices[CURRENT, "zai"]
    assert (price.input_per_1k, price.agreement) == (Decimal("0.001"), "stale")
    assert unconfirmed(price) == (
        "the only source of the price of glm-4.6 at zai (litellm) has not been read for weeks or "
        "no longer lists it; put the correct price in config/pricing.yaml"
    )


def test_a_price_that_comes_back_holds_again(session: Session) -> None:
    read(session, "litellm", (CURRENT, "0.001"), (OTHER, "0.001"))
    read(session, "litellm", (OTHER, "0.001"), days=1)
    read(session, "litellm", (CURRENT, "0.001"), (OTHER, "0.001"), days=2)
    assert agreement(session, 2) == ("litellm", "unconfirmed")  # new in this list, and nowhere else
    assert agreement(session, 9) == ("litellm", "single")


def test_a_list_without_a_model_says_so_once(engine: Engine) -> None:
    with transaction(engine) as session:
        read(session, "litellm", (CURRENT, "0.001"), (OTHER, "0.001"))
        read(session, "models.dev", (CURRENT, "0.001"))
        read(session, "litellm", (OTHER, "0.001"), days=1)
    before = whole_tables(engine)
    with transaction(engine) as session:
        read(session, "litellm", (OTHER, "0.001"), days=2)
    assert whole_tables(engine) == before
    with transaction(engine) as session:
        gone = select(ModelPricing.source).where(ModelPricing.withdrawn_at.is_not(None))
        assert session.scalars(gone).all() == ["litellm"]


@pytest.mark.parametrize("usd", ["1", "0.000001"])
def test_a_first_price_a_thousand_times_off_another_lists_is_quarantined(
    session: Session, usd: str
) -> None:
    read(session, "genai-prices", (CURRENT, "0.001"))
    rows = [listing(CURRENT, point(usd), source="litellm")]
    assert ingest_listings(session, "litellm", rows, NOW).dropped == {UNIT_ERROR: 1}
    assert agreement(session, 0) == ("genai-prices", "single")


def test_a_completion_price_in_another_unit_is_quarantined_too(session: Session) -> None:
    read(session, "genai-prices", (CURRENT, "0.001"))
    wrong = point("0.001", output_per_1k=Decimal(1))
    rows = [listing(CURRENT, wrong, source="litellm")]
    assert ingest_listings(session, "litellm", rows, NOW).dropped == {UNIT_ERROR: 1}


def test_a_price_of_our_own_that_was_taken_out_is_no_price(session: Session) -> None:
    own = listing(CURRENT, point("0.005"), source=OWN_PRICES)
    ingest_catalog(session, configured=(), rows=[own], now=NOW)
    ingest_catalog(session, configured=[CURRENT], rows=[], now=NOW + DAY)
    assert load_evidence(session, NOW + DAY).prices == {}
