"""Which of several lists' prices holds, and what the others' prices make of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.evidence.load import load_evidence
from model_intelligence.models import SourceRun
from model_intelligence.pricing.agreement import SourcePrice, agrees, settled
from model_intelligence.records import OWN_PRICES, Price
from tests.model_intelligence.build import CURRENT, NOW, listing, point, price
from tests.model_intelligence.observe import statements

LONG_AGO = NOW - timedelta(days=400)


def told(usd: str, source: str, **changed: Any) -> SourcePrice:
    """A list's price that has been the same for long, unless `changed` says otherwise."""
    first_seen = changed.pop("first_seen", LONG_AGO)
    read_at = changed.pop("read_at", None)
    known = price(usd=usd, source=source, observed_at=LONG_AGO)
    return SourcePrice(replace(known, **changed), first_seen, read_at)


def outcome(*lists: SourcePrice) -> tuple[str, str, list[str]]:
    found = settled(lists, NOW)
    return found.source, found.agreement, [other.source for other in found.others]


def test_a_price_of_our_own_stands_above_all_lists() -> None:
    lists = (told("1", "genai-prices"), told("2", OWN_PRICES))
    assert outcome(*lists) == (OWN_PRICES, "own", [])


@pytest.mark.parametrize(
    ("usd", "agreement"), [("1", "confirmed"), ("1.01", "confirmed"), ("1.02", "unconfirmed")]
)
def test_a_second_list_confirms_within_a_hundredth(usd: str, agreement: str) -> None:
    lists = (told("1", "genai-prices"), told(usd, "litellm"))
    assert outcome(*lists) == ("genai-prices", agreement, ["litellm"])


def test_of_two_opinions_one_that_agrees_is_enough() -> None:
    lists = (told("1", "genai-prices"), told("9", "litellm"), told("1", "models.dev"))
    assert outcome(*lists) == ("genai-prices", "confirmed", ["models.dev"])


def test_two_others_that_agree_with_each_other_put_the_first_in_doubt() -> None:
    lists = (told("1", "genai-prices"), told("9", "litellm"), told("9", "models.dev"))
    assert outcome(*lists)[:2] == ("genai-prices", "unconfirmed")


def test_two_editions_of_one_list_do_not_confirm_each_other() -> None:
    newer = told("1", "genai-prices-live", effective_at=NOW - timedelta(days=60))
    lists = (told("1", "genai-prices"), newer)
    assert outcome(*lists) == ("genai-prices-live", "single", [])


def test_a_move_that_only_one_list_saw_is_in_doubt_for_a_week() -> None:
    def moved(days: int) -> SourcePrice:
        return told("1", "litellm", observed_at=NOW - timedelta(days=days))

    assert outcome(moved(6))[1] == "unconfirmed"
    assert outcome(moved(7))[1] == "single"
    assert outcome(moved(2), told("1", "models.dev"))[1] == "confirmed"


def test_what_a_list_said_when_it_was_first_read_is_no_move() -> None:
    new = NOW - timedelta(days=1)
    assert outcome(told("1", "litellm", observed_at=new, first_seen=new))[1] == "single"


def test_a_list_that_was_not_read_for_weeks_says_nothing_against_others() -> None:
    old = told("9", "genai-prices", read_at=NOW - timedelta(days=31))
    assert outcome(old, told("1", "litellm")) == ("litellm", "single", [])
    assert outcome(old) == ("genai-prices", "stale", [])


def test_prices_of_different_hours_are_not_set_against_each_other() -> None:
    peak = told("2", "genai-prices", hour_utc=1)
    assert outcome(peak, told("1", "litellm"))[1] == "single"
    assert outcome(peak, told("1", "litellm", hour_utc=3))[1] == "unconfirmed"
    assert outcome(peak, told("2", "litellm"))[1] == "confirmed"


def test_other_money_says_nothing_of_dollars() -> None:
    lists = (told("7", "genai-prices", currency="CNY"), told("1", "litellm"))
    assert outcome(*lists) == ("litellm", "single", [])


def test_both_amounts_count() -> None:
    assert not agrees(price(usd="1"), replace(price(usd="1"), output_per_1k=Decimal(2)))


# In the ledger


def ingest(session: Session, *lists: tuple[str, str], now: datetime = NOW) -> None:
    rows = [listing(CURRENT, point(usd), source=source) for source, usd in lists]
    ingest_catalog(session, configured=(), rows=rows, now=now)


def in_force(session: Session, now: datetime, as_of: datetime | None = None) -> Price:
    return load_evidence(session, now, as_of=as_of).prices[CURRENT, "zai"]


def test_the_ledgers_lists_confirm_each_other_until_one_moves_alone(session: Session) -> None:
    ingest(session, ("genai-prices", "0.001"), ("litellm", "0.001"))
    assert in_force(session, NOW).agreement == "confirmed"
    later = NOW + timedelta(days=9)
    ingest(session, ("genai-prices", "0.001"), ("litellm", "0.0005"), now=later)
    moved = in_force(session, later)
    assert (moved.agreement, moved.input_per_1k) == ("unconfirmed", Decimal("0.001"))
    assert [(other.source, other.input_per_1k) for other in moved.others] == [
        ("litellm", Decimal("0.0005"))
    ]
    followed = later + timedelta(days=1)
    ingest(session, ("genai-prices", "0.0005"), ("litellm", "0.0005"), now=followed)
    assert in_force(session, followed).agreement == "confirmed"
    assert in_force(session, later, as_of=NOW).agreement == "confirmed"


def test_a_live_list_goes_stale_when_its_looks_fail(session: Session) -> None:
    ingest(session, ("litellm", "0.001"))
    looks: Iterable[tuple[int, str]] = ((0, "stored"), (20, "skipped"), (40, "skipped"))
    for days, status in looks:
        at = NOW + timedelta(days=days)
        reason = "it is down" if status == "skipped" else None
        session.add(SourceRun(source="litellm", started_at=at, status=status, reason=reason))
    session.flush()
    assert in_force(session, NOW + timedelta(days=20)).agreement == "single"
    assert in_force(session, NOW + timedelta(days=40)).agreement == "stale"


def test_more_lists_take_no_more_queries(session: Session) -> None:
    def counted() -> int:
        with statements(session.get_bind().engine) as sent:
            load_evidence(session, NOW)
        return len(sent)

    ingest(session, ("genai-prices", "0.001"))
    one = counted()
    ingest(session, ("genai-prices", "0.001"), ("litellm", "0.001"), ("models.dev", "0.001"))
    assert counted() == one
