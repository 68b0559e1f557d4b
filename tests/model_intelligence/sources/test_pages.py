"""A list of several pages against a real server: taken whole or not at all, and politely."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest
import stamina

from model_intelligence.sources import http, pages
from model_intelligence.sources.http import Fetched, FetchResult
from model_intelligence.sources.source import (
    Access,
    Pages,
    Query,
    Skipped,
    Source,
    read_answers,
    read_json,
)
from tests.model_intelligence.build import NOW
from tests.model_intelligence.sources.server import Answer, Server, serving

QUERY = Query(NOW, NOW - timedelta(days=1))


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pages, "PAUSE_SECONDS", 0)
    with stamina.set_testing(True, attempts=http.ATTEMPTS):
        yield


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    with http.client(connect_seconds=1, read_seconds=0.5) as client:
        yield client


def linked(answer: bytes) -> list[str]:
    return list(read_json(answer).get("next", ()))


def page(*further: str, **said: Any) -> Answer:
    return Answer(body=json.dumps({"next": further, **said}).encode())


def source(url: str, **changed: Any) -> Source:
    built = Source("list", "benchmarks", f"{url}/list/", "MIT", lambda _: (), max_bytes=1_000)
    return replace(built, **{"pages": Pages(further=linked, most=4), **changed})


def looked(
    client: httpx2.Client,
    server: Server,
    *,
    query: Query = QUERY,
    environment: Mapping[str, str] | None = None,
    **changed: Any,
) -> FetchResult:
    return pages.read_source(source(server.url, **changed), None, client, query, environment or {})


def test_what_a_page_names_is_read_once_and_in_order(client: httpx2.Client) -> None:
    with serving(page("b", "a", "b"), page("a"), page()) as server:
        outcome = looked(client, server)
    assert isinstance(outcome, Fetched)
    assert [asked for asked, _ in read_answers(outcome.body)] == ["", "b", "a"]
    assert [path for path, _ in server.asked] == ["/list/", "/list/b", "/list/a"]


def test_a_search_begins_with_what_is_asked(client: httpx2.Client) -> None:
    def search(query: Query) -> list[str]:
        return [f"search?q={name}" for name in query.names]

    with serving(page()) as server:
        pages = Pages(first=search)
        looked(client, server, pages=pages, query=replace(QUERY, names=("x", "y")))
    assert [path for path, _ in server.asked] == ["/list/search?q=x", "/list/search?q=y"]


def test_the_same_pages_make_the_same_digest(client: httpx2.Client) -> None:
    digests = set()
    for _ in range(2):
        with serving(page("a"), page()) as server:
            outcome = looked(client, server)
            assert isinstance(outcome, Fetched)
            digests.add(outcome.digest)
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("answer", "reason", "requests"),
    [
        (Answer(503), "127.0.0.1 answered 503 Service Unavailable, on page 2 of 3", 4),
        (Answer(429), "127.0.0.1 answered 429 Too Many Requests, on page 2 of 3", 4),
        (Answer(403), "127.0.0.1 answered 403 Forbidden, on page 2 of 3", 2),
    ],
)
def test_a_page_that_cannot_be_read_ends_the_look(
    client: httpx2.Client, answer: Answer, reason: str, requests: int
) -> None:
    with serving(page("a", "b"), answer) as server:
        assert looked(client, server) == Skipped(reason)
    assert len(server.asked) == requests


def test_a_page_that_answers_after_a_passing_trouble_is_taken(client: httpx2.Client) -> None:
    with serving(page("a"), Answer(429), page()) as server:
        assert isinstance(looked(client, server), Fetched)


def test_a_page_that_is_not_there_is_left_out_and_told(client: httpx2.Client) -> None:
    with serving(page("a", "b"), Answer(404), page(row=1)) as server:
        outcome = looked(client, server)
    assert isinstance(outcome, Fetched)
    assert outcome.left_out == {"a page that is named and not there": 1}
    assert [asked for asked, _ in read_answers(outcome.body)] == ["", "b"]


def test_a_list_that_is_not_there_is_skipped(client: httpx2.Client) -> None:
    with serving(Answer(404)) as server:
        assert looked(client, server) == Skipped("127.0.0.1 answered 404 Not Found, on page 1 of 1")


def test_more_pages_than_allowed_are_not_asked_for(client: httpx2.Client) -> None:
    with serving(page(*"abcde"), page()) as server:
        assert looked(client, server) == Skipped("it has more than 4 pages")
    assert len(server.asked) == 1


def test_a_list_without_end_ends(client: httpx2.Client) -> None:
    answers = [page(f"{number}") for number in range(9)]
    with serving(*answers) as server:
        assert looked(client, server) == Skipped("it has more than 4 pages")
    assert len(server.asked) == 4


def test_all_pages_together_may_be_as_large_as_allowed_and_no_larger(
    client: httpx2.Client,
) -> None:
    with serving(page("a"), page(text="x" * 900)) as server:
        assert isinstance(looked(client, server), Fetched)
    with serving(page("a"), page("b", text="x" * 600), page(text="x" * 400)) as server:
        assert looked(client, server) == Skipped(
            "its pages are larger than 1,000 bytes, on page 3 of 3"
        )


def test_pages_that_take_too_long_are_skipped(
    client: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "TOTAL_SECONDS", -1.0)
    with serving(page("a"), page()) as server:
        assert looked(client, server) == Skipped("its pages took more than -1 seconds")


@pytest.mark.parametrize("away", ["https://example.org/x", "//example.org/x", "file:///x"])
def test_a_page_elsewhere_is_not_asked_for(client: httpx2.Client, away: str) -> None:
    with serving(page(away)) as server:
        outcome = looked(client, server)
    assert isinstance(outcome, Skipped)
    assert "not at 127.0.0.1" in outcome.reason
    assert len(server.asked) == 1


def test_a_page_of_another_shape_is_told(client: httpx2.Client) -> None:
    with serving(Answer(body=b"<html>")) as server:
        outcome = looked(client, server)
    assert isinstance(outcome, Skipped)
    assert outcome.reason.startswith("it has a new shape: JSON was expected")


# What users must have


KEYED = Access(("LIST_KEY",), lambda given: {"X-Api-Key": given["LIST_KEY"]})


@pytest.mark.parametrize("environment", [{}, {"LIST_KEY": " "}])
def test_without_its_key_a_source_is_not_asked(
    client: httpx2.Client, environment: dict[str, str]
) -> None:
    with serving(page()) as server:
        outcome = looked(client, server, access=KEYED, environment=environment)
    assert outcome == Skipped("it needs your own LIST_KEY in the environment")
    assert server.asked == []


def test_a_key_goes_along_with_every_page_and_is_told_nowhere(
    client: httpx2.Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with serving(page("a"), Answer(403)) as server:
        outcome = looked(client, server, access=KEYED, environment={"LIST_KEY": "s3cret"})
    assert [sent(headers, "x-api-key") for _, headers in server.asked] == ["s3cret"] * 2
    assert "s3cret" not in f"{outcome!r} {source(server.url, access=KEYED)!r} {caplog.text}"


def sent(headers: Mapping[str, str], name: str) -> str | None:
    return {key.lower(): value for key, value in headers.items()}.get(name)


def signing_in(server: Server) -> Access:
    return Access(
        ("ID", "SECRET"),
        lambda _: {"User-Agent": "ours"},
        f"{server.url}/token",
        lambda given: {"Authorization": f"Basic {given['SECRET']}"},
    )


OURS = {"ID": "a", "SECRET": "s3cret"}


def test_a_token_is_fetched_first_and_the_secret_sent_for_it_alone(client: httpx2.Client) -> None:
    token = Answer(body=b'{"access_token": "t0ken", "token_type": "bearer"}')
    with serving(token, page()) as server:
        outcome = looked(client, server, access=signing_in(server), environment=OURS)
    assert isinstance(outcome, Fetched)
    [(token_path, for_token), (path, for_page)] = server.asked
    assert (token_path, path) == ("/token", "/list/")
    assert server.sent == [b"grant_type=client_credentials", b""]
    assert sent(for_token, "authorization") == "Basic s3cret"
    assert sent(for_page, "authorization") == "bearer t0ken"
    assert sent(for_page, "user-agent") == "ours"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(401), ": 127.0.0.1 answered 401 Unauthorized"),
        (Answer(body=b"{}"), ""),
        (Answer(body=b"no"), ""),
        (Answer(302, headers={"Location": "/other"}), ": 127.0.0.1 answered 302 Found"),
    ],
)
def test_without_a_token_nothing_else_is_asked(
    client: httpx2.Client, answer: Answer, told: str
) -> None:
    with serving(answer) as server:
        outcome = looked(client, server, access=signing_in(server), environment=OURS)
    assert outcome == Skipped(f"no token was given for ID and SECRET{told}")
    assert len(server.asked) == 1
