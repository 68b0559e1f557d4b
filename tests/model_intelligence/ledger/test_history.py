"""What had been known before, read from a real ledger."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.ledger.history import News, news, price_history
from tests.model_intelligence.build import CURRENT, NOW, listing, point, price

LATER = NOW + timedelta(days=7)
OURS = replace(price(), source="list")


def ingest(session: Session, usd: str, now: datetime, name: str = CURRENT) -> None:
    ingest_catalog(session, configured=(), rows=[listing(name, point(usd))], now=now)


def test_an_empty_ledger_has_no_news(session: Session) -> None:
    assert news(session, [CURRENT], NOW) is None


def test_the_first_run_has_nothing_to_compare_with(session: Session) -> None:
    ingest(session, "0.001", NOW)
    assert news(session, [CURRENT], NOW) == News(NOW, is_first=True)


def test_a_price_that_moved_is_told_with_the_one_before(session: Session) -> None:
    ingest(session, "0.001", NOW)
    ingest(session, "0.002", LATER)
    told = news(session, [CURRENT], LATER)
    assert told is not None
    assert (told.seen_at, told.is_first) == (LATER, False)
    [move] = told.moves
    assert move.model_id == CURRENT
    assert move.before == (Decimal("0.001"), Decimal("0.001"))
    assert move.after == (Decimal("0.002"), Decimal("0.002"))


def test_a_model_that_nobody_uses_is_no_news(session: Session) -> None:
    ingest(session, "0.001", NOW)
    ingest(session, "0.002", LATER, "gpt-9")
    told = news(session, [CURRENT], LATER)
    assert told is not None
    assert told.moves == ()


def test_the_history_of_a_price_is_what_had_been_seen(session: Session) -> None:
    ingest(session, "0.001", NOW)
    ingest(session, "0.002", LATER)
    offer = (CURRENT, "zai")
    now = price_history(session, LATER, [OURS], LATER)[offer]
    assert [(one.since, one.input_per_1k) for one in now] == [
        (NOW, Decimal("0.001")),  # the list names no date, so it counts from when it was seen
        (LATER, Decimal("0.002")),
    ]
    before = price_history(session, LATER, [OURS], NOW)[offer]
    assert [one.input_per_1k for one in before] == [Decimal("0.001")]
