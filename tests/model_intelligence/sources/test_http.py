"""Fetching against a real server: what is taken, what is skipped, and with which sentence."""

import gzip
import threading
from collections.abc import Iterator
from hashlib import sha256

import httpx2
import pytest
import stamina

from model_intelligence.sources import http
from model_intelligence.sources.http import Fetched, FetchRecord, FetchResult, NotModified
from model_intelligence.sources.source import Skipped, Source
from tests.model_intelligence.sources.server import Answer, Server, serving

BODY = b'{"a": 1}'


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=http.ATTEMPTS):
        yield


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    with http.client(connect_seconds=1, read_seconds=0.2) as client:
        yield client


def source(url: str, **changed: object) -> Source:
    values: dict[str, object] = {
        "name": "list",
        "kind": "prices",
        "url": url,
        "licence": "MIT",
        "parse": lambda _: (),
        "max_bytes": 1_000,
    }
    return Source(**{**values, **changed})  # type: ignore[arg-type]  # a test's own mixture


def got(
    client: httpx2.Client, *answers: Answer, previous: FetchRecord | None = None
) -> FetchResult:
    with serving(*answers) as server:
        return http.fetch(source(server.url), previous, client)


def moved(to: str) -> Answer:
    return Answer(302, headers={"Location": to})


def test_a_body_comes_with_its_digest_and_its_validators(client: httpx2.Client) -> None:
    given = {"ETag": '"1"', "Last-Modified": "Mon, 23 Nov 2026 06:00:00 GMT"}
    assert got(client, Answer(body=BODY, headers=given)) == Fetched(
        BODY, sha256(BODY).hexdigest(), '"1"', "Mon, 23 Nov 2026 06:00:00 GMT"
    )


def test_the_program_says_its_name(client: httpx2.Client) -> None:
    with serving(Answer(body=BODY)) as server:
        http.fetch(source(server.url), None, client)
    assert server.asked[0][1]["User-Agent"].startswith("model-bot/0")


def test_only_a_newer_body_is_asked_for(client: httpx2.Client) -> None:
    day = "Mon, 23 Nov 2026 06:00:00 GMT"
    with serving(Answer(304)) as server:
        outcome = http.fetch(source(server.url), FetchRecord("x", '"1"', day), client)
    assert outcome == NotModified()
    [(_, headers)] = server.asked
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"1"', day)


def test_a_first_fetch_asks_for_everything(client: httpx2.Client) -> None:
    with serving(Answer(body=BODY)) as server:
        http.fetch(source(server.url), FetchRecord(None), client)
    assert not {"If-None-Match", "If-Modified-Since"} & server.asked[0][1].keys()


def test_a_missing_list_is_skipped_without_a_second_try(client: httpx2.Client) -> None:
    with serving(Answer(404)) as server:
        outcome = http.fetch(source(server.url), None, client)
    assert outcome == Skipped("127.0.0.1 answered 404 Not Found")
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_trouble_is_tried_again(client: httpx2.Client, status: int) -> None:
    outcome = got(client, Answer(status), Answer(status), Answer(body=BODY))
    assert isinstance(outcome, Fetched)


def test_a_lasting_trouble_is_skipped_after_three_tries(client: httpx2.Client) -> None:
    with serving(Answer(503)) as server:
        outcome = http.fetch(source(server.url), None, client)
    assert outcome == Skipped("127.0.0.1 answered 503 Service Unavailable")
    assert len(server.asked) == 3


def test_a_silent_server_is_skipped(client: httpx2.Client) -> None:
    done = threading.Event()
    try:
        slow = Answer(body=BODY, wait=lambda: done.wait(5))
        with serving(slow) as server:
            outcome = http.fetch(source(server.url), None, client)
            done.set()
    finally:
        done.set()
    assert outcome == Skipped("127.0.0.1 could not be read: timed out")


def test_a_dripping_server_is_skipped(
    client: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TOTAL_SECONDS", -1.0)
    assert got(client, Answer(body=BODY)) == Skipped("127.0.0.1 took more than -1 seconds")


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_may_be_as_large_as_allowed_and_no_larger(
    client: httpx2.Client, packed: bool
) -> None:
    def answer(size: int) -> Answer:
        body = b"x" * size
        if packed:
            return Answer(body=gzip.compress(body), headers={"Content-Encoding": "gzip"})
        return Answer(body=body)

    allowed = got(client, answer(1_000))
    assert isinstance(allowed, Fetched)
    assert len(allowed.body) == 1_000
    assert got(client, answer(1_001)) == Skipped("the body is larger than 1,000 bytes")


def test_a_bomb_is_not_unpacked(client: httpx2.Client) -> None:
    bomb = gzip.compress(bytes(200_000_000), compresslevel=1)
    answer = Answer(body=bomb, headers={"Content-Encoding": "gzip"})
    assert got(client, answer) == Skipped("the body is larger than 1,000 bytes")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(body=BODY, promised=100), "127.0.0.1 could not be read: peer closed connection"),
        (
            Answer(body=gzip.compress(BODY)[:-6], headers={"Content-Encoding": "gzip"}),
            "the body is cut short",
        ),
        (Answer(body=BODY, headers={"Content-Encoding": "gzip"}), "the body is not valid gzip"),
        (
            Answer(body=BODY, headers={"Content-Encoding": "br"}),
            "127.0.0.1 sent the encoding 'br', which was not asked",
        ),
    ],
)
def test_a_body_that_is_not_whole_is_skipped(
    client: httpx2.Client, answer: Answer, reason: str
) -> None:
    outcome = got(client, answer)
    assert isinstance(outcome, Skipped)
    assert outcome.reason.startswith(reason)


def test_a_redirect_on_the_same_host_is_followed(client: httpx2.Client) -> None:
    with serving(moved("/new"), Answer(body=BODY)) as server:
        outcome = http.fetch(source(f"{server.url}/old"), None, client)
    assert isinstance(outcome, Fetched)
    assert [path for path, _ in server.asked] == ["/old", "/new"]


def test_a_loop_of_redirects_ends(client: httpx2.Client) -> None:
    with serving(moved("/again")) as server:
        outcome = http.fetch(source(server.url), None, client)
    assert outcome == Skipped("127.0.0.1 redirects more than 5 times")
    assert len(server.asked) == 6


@pytest.mark.parametrize("target", ["http://example.org/x?key=1", "file://a/b", "ftp://a/"])
def test_a_redirect_to_anything_but_https_is_not_followed(
    client: httpx2.Client, target: str
) -> None:
    outcome = got(client, moved(target))
    assert outcome == Skipped(f"{target.partition('?')[0]} is not https, and is not read")


def test_a_key_is_not_sent_to_another_host(client: httpx2.Client) -> None:
    with serving(Answer(body=BODY)) as other, serving(moved(other.url)) as server:
        outcome = http.fetch(source(server.url, headers={"X-Api-Key": "k"}), None, client)
    assert isinstance(outcome, Fetched)
    assert key_of(server) == "k"
    assert key_of(other) is None


def key_of(server: Server) -> str | None:
    return {name.lower(): value for name, value in server.asked[0][1].items()}.get("x-api-key")


def test_a_key_is_in_no_repr() -> None:
    assert "secret" not in repr(source("https://example.org", headers={"X-Api-Key": "secret"}))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://example.org/list.json", "http://example.org/list.json is not https"),
        ("https://", "could not be read"),
        ("https://a:b", "the source's address could not be read"),
    ],
)
def test_an_address_that_cannot_be_used_is_skipped(
    client: httpx2.Client, url: str, reason: str
) -> None:
    outcome = http.fetch(source(url), None, client)
    assert isinstance(outcome, Skipped)
    assert reason in outcome.reason


def test_a_server_that_is_not_there_is_skipped(client: httpx2.Client) -> None:
    with serving(Answer()) as server:
        gone = server.url
    outcome = http.fetch(source(gone), None, client)
    assert isinstance(outcome, Skipped)
    assert "Connection refused" in outcome.reason


def test_a_file_is_taken_as_a_body_is_packed_or_not() -> None:
    plain = http.from_file(BODY, max_bytes=100)
    assert plain == http.from_file(gzip.compress(BODY), max_bytes=100)
    assert plain == Fetched(BODY, sha256(BODY).hexdigest(), is_file=True)
    assert http.from_file(gzip.compress(bytes(200)), max_bytes=100) == Skipped(
        "the body is larger than 100 bytes"
    )
