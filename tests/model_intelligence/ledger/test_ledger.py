"""Nothing is overwritten: what was known at a time is read as it was known then."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from model_intelligence import recommendations
from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.config.benchmarks_yaml import BenchmarksFile
from model_intelligence.db import transaction
from model_intelligence.evidence.load import load_evidence
from model_intelligence.ingest.benchmarks import ingest_benchmarks
from model_intelligence.ingest.price_list import ingest_listings
from model_intelligence.ledger import unmatched_names
from model_intelligence.ledger.facts import FACTS, known_by
from model_intelligence.ledger.lifecycles import endings, held
from model_intelligence.ledger.record_lookup import record
from model_intelligence.ledger.signals import forget
from model_intelligence.models import LlmUsageEvent, ModelCatalog
from model_intelligence.naming.review import NameToReview
from model_intelligence.observations.listing import Lifecycle
from model_intelligence.records import Evidence
from model_intelligence.runtime_stats import compute_runtime_stats
from model_intelligence.sentiment_ingest import ingest_sentiment_batch
from tests.model_intelligence.build import NOW, listing, point
from tests.model_intelligence.observe import rows, statements, whole_tables
from tests.model_intelligence.test_recommendations import upgrade

BUNDLED = "llmshift"
DAY = timedelta(days=1)
LATER = NOW + DAY
Change = Callable[[Session, int], None]


def end(day: date, **changed: Any) -> Lifecycle:
    return replace(Lifecycle("zai", "glm-4.6", day, "glm-5", "https://example.org/ends"), **changed)


def bundle(session: Session, *ends: Lifecycle, number: int = 0, **changed: Any) -> None:
    """What is bundled, as of day `number`."""
    now = NOW + number * DAY
    given_ = [listing("glm-4.6", point(), **changed), listing("glm-4.7", point())]
    ingest_catalog(session, configured=(), rows=given_, now=now, lifecycles={BUNDLED: ends})


def price(session: Session, number: int) -> None:
    rows_ = [listing("glm-4.6", point(str(Decimal(1 + number) / 1000)))]
    ingest_catalog(session, configured=(), rows=rows_, now=NOW + number * DAY)


def result(session: Session, number: int) -> None:
    group = {
        "benchmark_name": "SWE-bench Verified",
        "unit": "percent",
        "task_type": "code",
        "source": "board",
        "source_url": "https://example.org/board",
        "results": [{"model": "glm-4.6", "score": 40 + number}],
    }
    file = BenchmarksFile.model_validate({"benchmarks": [group]})
    ingest_benchmarks(session, file, NOW + number * DAY)


def lifecycle(session: Session, number: int) -> None:
    moved = end(date(2027, 1, 1) + number * DAY)
    ingest_listings(session, "live", [moved], NOW + number * DAY)


def fact(session: Session, number: int) -> None:
    said = listing("glm-4.6", context_window_tokens=100_000 + number, is_deprecated=number > 2)
    ingest_catalog(session, configured=(), rows=[said], now=NOW + number * DAY)


def signal(session: Session, number: int) -> None:
    said = {
        "model_id": "glm-4.6",
        "source": "hn",
        "source_url": "https://example.org/1",
        "snippet": f"Said {number} times.",
        "sentiment": "positive",
    }
    ingest_sentiment_batch(session, [said], NOW + number * DAY)


def traffic(session: Session, number: int) -> None:
    event = LlmUsageEvent(
        event_id=f"event {number}",
        created_at=NOW - DAY,
        provider="zai",
        model="glm-4.6",
        prompt_tokens=10,
        completion_tokens=10,
    )
    session.add(event)
    session.flush()
    compute_runtime_stats(session, window_days=30, now=NOW + number * timedelta(hours=1))


def model(session: Session, number: int) -> None:
    said = [listing(f"glm-9.{number}")]
    ingest_catalog(session, configured=(), rows=said, now=NOW + number * DAY)


CHANGES: tuple[Change, ...] = (price, result, lifecycle, fact, signal, traffic, model)


def plain(known: Evidence) -> dict[str, object]:
    return {name: getattr(known, name) for name in Evidence.__slots__}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_is_seen_later_changes_today_and_not_what_was_known_before(
    engine: Engine, change: Change
) -> None:
    moment = NOW + timedelta(minutes=30)
    with transaction(engine) as session:
        bundle(session)
        change(session, 0)
        before = plain(load_evidence(session, moment))
    with transaction(engine) as session:
        change(session, 3)
    with transaction(engine) as session:
        assert plain(load_evidence(session, moment, as_of=moment)) == before
        assert plain(load_evidence(session, NOW + 9 * DAY)) != before


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(st.lists(st.sampled_from(CHANGES), min_size=2, max_size=8), st.integers(1, 7))
def test_evidence_as_of_a_time_is_the_evidence_that_was_loaded_then(
    engine: Engine, changes: list[Change], at: int
) -> None:
    with Session(engine) as session:  # rolled back: every example begins with an empty database
        bundle(session, end(date(2027, 5, 1)))
        for number, change in enumerate(changes[:at], 1):
            change(session, number)
        then = NOW + at * DAY
        before = plain(load_evidence(session, then))
        assert plain(load_evidence(session, then, as_of=then)) == before
        for number, change in enumerate(changes[at:], 24 * at + 1):
            change(session, number)
        assert plain(load_evidence(session, then, as_of=then)) == before


def test_the_catalog_is_the_newest_of_its_facts_and_ends(engine: Engine) -> None:
    with transaction(engine) as session:
        bundle(session, end(date(2027, 5, 1)), context_window_tokens=200_000)
        for number in (1, 2, 3):
            fact(session, number)
            lifecycle(session, number)
    with transaction(engine) as session:
        facts, ends = known_by(session, LATER + 9 * DAY), held(endings(session))
        for row in session.query(ModelCatalog):
            known = facts[row.model_id]
            assert {name: getattr(row, name) for name in FACTS} == {
                name: known.get(name) for name in FACTS
            }
            one = ends.get(row.model_id)
            assert row.lifecycle_id == (one and one.id)
            assert row.retires_at == (one and one.retires_at)


def test_facts_name_the_list_its_edition_and_its_words(engine: Engine) -> None:
    raw = {"id": "glm-4.6", "ctx": 200_000}
    said = listing("glm-4.6", context_window_tokens=200_000, raw=raw)
    with transaction(engine) as session:
        ingest_catalog(session, configured=(), rows=[said], now=NOW, editions={"list": "1.2.3"})
    for table in ("model_facts", "model_pricing"):
        query = f"SELECT source, source_version, raw FROM {table}"  # noqa: S608  # fixed names
        assert rows(engine, query) == [("list", "1.2.3", raw)]


# Ends


def ended(engine: Engine) -> object:
    query = """
        SELECT c.retires_at, l.source
        FROM models_catalog c LEFT JOIN model_lifecycles l ON l.id = c.lifecycle_id
        WHERE c.model_id = 'glm-4.6'"""
    return rows(engine, query)[0]


def test_an_end_that_a_source_takes_back_is_a_further_row_and_the_next_source_holds(
    engine: Engine,
) -> None:
    with transaction(engine) as session:
        bundle(session, end(date(2027, 5, 1)))
        ingest_listings(session, "live", [end(date(2027, 6, 1))], NOW)
    assert ended(engine) == (date(2027, 6, 1), "live")
    with transaction(engine) as session:
        ingest_listings(session, "live", [listing("gpt-5", source="live")], LATER)
    assert ended(engine) == (date(2027, 5, 1), BUNDLED)
    query = "SELECT revision, retires_at FROM model_lifecycles WHERE source = 'live' ORDER BY 1"
    assert rows(engine, query) == [(1, date(2027, 6, 1)), (2, None)]
    with transaction(engine) as session:
        known = load_evidence(session, NOW, as_of=NOW).models["glm-4.6"]
    assert known.retires_at == date(2027, 6, 1)


def test_an_end_that_has_passed_is_not_taken_back_by_a_list_that_drops_the_model(
    engine: Engine,
) -> None:
    with transaction(engine) as session:
        bundle(session)
        ingest_listings(session, "live", [end(NOW.date())], NOW)
        ingest_listings(session, "live", [listing("gpt-5", source="live")], LATER)
    assert ended(engine) == (NOW.date(), "live")


def test_a_list_of_ends_that_is_not_installed_takes_nothing_back(engine: Engine) -> None:
    with transaction(engine) as session:
        bundle(session, end(date(2027, 5, 1)))
        bundle(session, number=1)
    assert ended(engine) == (date(2027, 5, 1), BUNDLED)


@pytest.mark.parametrize("first", ["collector", "maker"])
def test_a_list_that_cites_the_maker_wins_over_one_that_cites_nobody(
    engine: Engine, first: str
) -> None:
    given_ = {
        "collector": end(date(2027, 6, 1)),
        "maker": end(date(2027, 7, 1), source_url="https://docs.z.ai/ends"),
    }
    with transaction(engine) as session:
        bundle(session, end(date(2027, 5, 1), source_url="https://docs.z.ai/ends"))
        for name in sorted(given_, reverse=first == "maker"):
            ingest_listings(session, name, [given_[name]], NOW)
    assert ended(engine) == (date(2027, 7, 1), "maker")


def test_an_end_is_kept_with_when_it_was_announced(engine: Engine) -> None:
    with transaction(engine) as session:
        bundle(session, end(date(2027, 5, 1), announced_on=date(2026, 9, 1), raw={"a": "b"}))
    query = "SELECT effective_at::date, raw, source FROM model_lifecycles"
    assert rows(engine, query) == [(date(2026, 9, 1), {"a": "b"}, "llmshift")]


def test_a_second_ingest_adds_no_row(engine: Engine) -> None:
    def once() -> None:
        with transaction(engine) as session:
            bundle(session, end(date(2027, 5, 1)), context_window_tokens=1)
            lifecycle(session, 0)
            signal(session, 0)

    once()
    before = whole_tables(engine)
    once()
    assert whole_tables(engine) == before


def test_many_models_take_as_many_statements_as_few(engine: Engine) -> None:
    counts = []
    for size in (5, 10, 300):  # the first finds nothing of an earlier list to take back
        given_ = [listing(f"m{size}-{n}") for n in range(size)]
        ends = [end(date(2027, 5, 1), model=f"m{size}-{n}") for n in range(size)]
        with statements(engine) as sent, transaction(engine) as session:
            ingest_catalog(session, configured=(), rows=given_, now=NOW, lifecycles={BUNDLED: ends})
        counts.append(len(sent))
    assert counts[1] == counts[2] < 20


# What is forgotten


def test_forgotten_words_are_gone_everywhere_and_the_signal_stays(engine: Engine) -> None:
    with transaction(engine) as session:
        bundle(session)
        signal(session, 0)
        signal(session, 1)
        assert forget(session, [2], LATER) == 2
        assert forget(session, [1, 2], LATER) == 0
    query = "SELECT snippet, author, title, raw, source_url FROM model_sentiment_signals"
    assert rows(engine, query) == [("", None, None, None, "https://example.org/1")] * 2
    with transaction(engine) as session:
        assert load_evidence(session, LATER).signals == {}
        [known] = load_evidence(session, NOW, as_of=NOW).signals["glm-4.6"]
        assert (known.sentiment, known.snippet) == ("positive", "")
        signal(session, 2)
        assert load_evidence(session, LATER).signals == {}, "an older list does not bring it back"
        assert record(session, "sentiment", 1).columns["snippet"] == ""


def test_changed_words_are_as_old_as_the_first(engine: Engine) -> None:
    with transaction(engine) as session:
        bundle(session)
        signal(session, 0)
        signal(session, 5)
        [known] = load_evidence(session, LATER).signals["glm-4.6"]
    assert (known.snippet, known.said_at) == ("Said 5 times.", NOW)


# What became of things


def test_a_recommendation_is_shown_as_it_stood(engine: Engine) -> None:
    with transaction(engine) as session:
        [stored] = recommendations.save(session, [upgrade()])
        for table, column in (
            ("model_recommendations", "created_at"),
            ("recommendation_statuses", "observed_at"),
        ):
            session.execute(text(f"UPDATE {table} SET {column} = :now"), {"now": NOW})  # noqa: S608
        address = "https://example.org/pull/1"
        recommendations.set_status(session, stored.id, "rejected", address, LATER)

    def stood(as_of: Any, **asked: Any) -> list[tuple[str, str | None]]:
        with transaction(engine) as session:
            found = recommendations.find(session, as_of=as_of, **asked)
        return [(item.status, item.pull_request_url) for item in found]

    assert stood(NOW) == [("proposed", None)]
    assert stood(LATER) == stood(None) == [("rejected", address)]
    assert stood(NOW, status="rejected") == []
    assert stood(NOW - DAY) == []


def test_a_name_waits_from_when_it_was_seen_until_it_has_a_model(engine: Engine) -> None:
    def waiting(as_of: Any) -> list[int]:
        with transaction(engine) as session:
            return [one.rows for one in unmatched_names.waiting_names(session, None, as_of)]

    with transaction(engine) as session:
        for number, count in enumerate((1, 2)):
            one = NameToReview("board", "a name", "in no catalog", count)
            unmatched_names.keep_unmatched(session, "board", [one], [], NOW + number * DAY)
        unmatched_names.keep_unmatched(session, "board", [], ["a name"], NOW + 2 * DAY)
    assert [waiting(NOW + number * DAY) for number in (-1, 0, 1, 2)] == [[], [1], [2], []]
    assert waiting(None) == []
