"""From what a source says to signals: whose voice counts, what is forgotten, and one look a run."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import stamina
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from model_intelligence import refresh
from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.decision.score import WEIGHT_SENTIMENT, score_sentiment
from model_intelligence.evidence.load import load_evidence
from model_intelligence.ingest.source_run import SourceReport
from model_intelligence.observations.opinion import Opinion, Withdrawn
from model_intelligence.sentiment.ingest import ingest_opinions, unsold, vendor_domains
from model_intelligence.sources import hacker_news, http, pages, reddit
from tests.model_intelligence.build import NOW, listing
from tests.model_intelligence.observe import rows
from tests.model_intelligence.sources.server import Answer, serving


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pages, "PAUSE_SECONDS", 0)
    with stamina.set_testing(True, attempts=http.ATTEMPTS):
        yield


@pytest.fixture
def session(session: Session) -> Session:
    """A session that knows two models."""
    enter_models(session)
    return session


def enter_models(session: Session) -> None:
    ingest_catalog(session, configured=(), rows=[listing("glm-4.6"), listing("glm-4.7")], now=NOW)


def post(number: int = 1, text: str = "GLM 4.7 is great.", **changed: Any) -> Opinion:
    built = Opinion(f"https://example.org/{number}", "ann", NOW, None, text)
    return replace(built, **changed)


def stored(session: Session) -> list[tuple[str, ...]]:
    found = session.connection().exec_driver_sql(
        "SELECT model_id, sentiment, author, snippet FROM model_sentiment_signals ORDER BY id"
    )
    return [tuple(row) for row in found]


def test_a_post_is_a_signal_for_each_model_that_it_clearly_speaks_of(session: Session) -> None:
    text = "GLM 4.7 is great. GLM 4.6 hallucinates."
    report = ingest_opinions(session, "hn", [post(text=text), post(2, "Nice weather.")], NOW)
    assert report.new == 2
    assert report.kept_out == {"a post that speaks clearly of no model of the catalog": 1}
    assert stored(session) == [
        ("glm-4.7", "positive", "ann", "GLM 4.7 is great."),
        ("glm-4.6", "negative", "ann", "GLM 4.6 hallucinates."),
    ]


def test_the_same_post_again_changes_nothing(session: Session) -> None:
    assert [ingest_opinions(session, "hn", [post()], NOW).new for _ in range(2)] == [1, 0]


def test_who_posts_for_a_vendor_has_no_voice() -> None:
    advert = post(1, links_to="https://docs.z.ai/glm-4.7")
    own = post(2)
    other = post(3, author="bob", links_to="https://notz.ai/review")
    nameless = post(4, author=None)
    assert unsold([advert, own, other, nameless], vendor_domains()) == [other, nameless]


def test_what_was_taken_down_is_forgotten_and_nothing_else(session: Session) -> None:
    ingest_opinions(session, "reddit", [post(1), post(2)], NOW)
    ingest_opinions(session, "hn", [post(3)], NOW)
    gone = [Withdrawn(f"https://example.org/{number}") for number in (1, 3, 9)]
    report = ingest_opinions(session, "reddit", gone, NOW)
    assert report.kept_out == {"a post that was taken down, which we forgot too": 1}
    spoken = load_evidence(session, NOW).signals["glm-4.7"]
    assert [one.source_url for one in spoken if one.snippet] == [
        "https://example.org/2",
        "https://example.org/3",
    ]


def test_five_hundred_posts_by_five_authors_move_the_score_by_less_than_five_thousandths(
    session: Session,
) -> None:
    posts = [post(number, author=f"fan {number % 5}") for number in range(500)]
    assert ingest_opinions(session, "hn", posts, NOW).new == 500
    part = score_sentiment(load_evidence(session, NOW).signals["glm-4.7"], NOW.date())
    moved = WEIGHT_SENTIMENT * (part.value - score_sentiment([]).value)
    assert 0 < float(moved) < 0.005


# A whole look, against a server


def hits(*texts: str, at: datetime = NOW) -> Answer:
    found = [
        {"objectID": str(n), "author": f"a{n}", "created_at_i": at.timestamp(), "comment_text": one}
        for n, one in enumerate(texts, 1)
    ]
    return Answer(body=json.dumps({"hits": found, "nbHits": len(found)}).encode())


def one_look(engine: Engine, url: str, now: datetime = NOW) -> SourceReport:
    source = replace(hacker_news.SOURCE, url=f"{url}/api/v1/")
    fetched = refresh.read_sources(
        engine, [source], now=now, configured=["glm-4.7"], environment={}
    )
    with Session(engine) as session, session.begin():
        [report] = refresh.refresh_sources(session, fetched, now)
    return report


def test_a_look_asks_for_the_models_in_use_and_the_next_for_what_is_newer(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        enter_models(session)
    with serving(hits("GLM 4.7 is great."), hits(), hits()) as server:
        first = one_look(engine, server.url)
        second = one_look(engine, server.url, NOW + timedelta(days=3))
    assert (first.status, first.rows, first.new) == ("stored", 1, 1)
    assert (second.status, second.rows, second.new) == ("stored", 0, 0)
    assert len(server.asked) == 4
    assert all("query=glm-4.7&" in path for path, _ in server.asked)
    since = [path.partition("created_at_i%3E")[2][:10] for path, _ in server.asked]
    month, week = NOW - timedelta(days=30), NOW - timedelta(days=7)
    assert since == [f"{one.timestamp():.0f}" for one in (month, month, week, week)]


@pytest.mark.parametrize("status", [429, 503])
def test_a_search_that_is_down_takes_nothing_away(engine: Engine, status: int) -> None:
    with Session(engine) as session, session.begin():
        enter_models(session)
    with serving(hits("GLM 4.7 is great."), hits(), Answer(status)) as server:
        one_look(engine, server.url)
        report = one_look(engine, server.url)
    assert report.status == "skipped"
    assert f"answered {status}" in str(report.reason)
    assert rows(engine, "SELECT count(*) FROM model_sentiment_signals") == [(1,)]


def test_reddit_without_credentials_is_told_what_it_needs_and_asks_nobody(engine: Engine) -> None:
    fetched = refresh.read_sources(engine, [reddit.SOURCE], now=NOW, environment={})
    with Session(engine) as session, session.begin():
        [report] = refresh.refresh_sources(session, fetched, NOW)
    assert (report.status, report.reason) == (
        "skipped",
        "it needs your own REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET in the environment",
    )
