"""Reddit: what is asked with the user's own credentials, and what must be forgotten."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.listing import Dropped
from model_intelligence.observations.opinion import Opinion, Withdrawn
from model_intelligence.sources import reddit
from model_intelligence.sources.source import Query, answers
from tests.model_intelligence.build import NOW

POST: dict[str, Any] = {
    "id": "1abc",
    "name": "t3_1abc",
    "title": "GLM 4.7 after a week",
    "selftext": "GLM 4.7 is great.",
    "subreddit": "LocalLLaMA",
    "score": 12,
    "created_utc": 1795168800.0,
    "permalink": "/r/LocalLLaMA/comments/1abc/glm_47_after_a_week/",
    "url": "https://www.reddit.com/r/LocalLLaMA/comments/1abc/glm_47_after_a_week/",
    "author": "ann",
}
ADDRESS = "https://www.reddit.com/comments/1abc"
AGAIN = "api/info?id=t3_1abc%2Ct3_2def"


def answered(asked: str, *posts: Any) -> bytes:
    children = [{"kind": "t3", "data": post} for post in posts]
    page = {"kind": "Listing", "data": {"after": None, "children": children}}
    return answers([(asked, json.dumps(page).encode())])


def test_what_is_stored_is_asked_for_again_before_anything_is_searched() -> None:
    kept = (ADDRESS, "https://www.reddit.com/comments/2def", "https://example.org/no-post")
    asked = reddit.first(Query(NOW, NOW, ("glm-4.7",), kept))
    assert asked[0] == AGAIN
    assert [urlsplit(one).path for one in asked[1:]] == [
        f"r/{one}/search" for one in reddit.SUBREDDITS
    ]
    said = {key: value for key, [value] in parse_qs(urlsplit(asked[1]).query).items()}
    assert said == {"q": '"glm-4.7"', "restrict_sr": "on", "sort": "new", "t": "month"}


def test_a_look_stays_under_a_hundred_requests() -> None:
    kept = tuple(f"https://www.reddit.com/comments/{number}" for number in range(2_000))
    asked = reddit.first(Query(NOW, NOW, tuple(map(str, range(50))), kept))
    assert len(asked) == reddit.MOST < 100
    assert sum(one.startswith("api/info") for one in asked) == 20


def test_a_post_is_its_title_and_text() -> None:
    assert list(reddit.parse(answered("r/LocalLLaMA/search?q=x", POST))) == [
        Opinion(
            source_url=ADDRESS,
            author="ann",
            published_at=datetime(2026, 11, 20, 10, tzinfo=UTC),
            title="GLM 4.7 after a week",
            text="GLM 4.7 after a week\nGLM 4.7 is great.",
        )
    ]


def test_a_link_to_another_page_is_kept() -> None:
    linking = {**POST, "selftext": "", "url": "https://z.ai/blog"}
    [post] = reddit.parse(answered("", linking))
    assert isinstance(post, Opinion)
    assert post.links_to == "https://z.ai/blog"


@pytest.mark.parametrize(
    "changed",
    [{"author": "[deleted]"}, {"selftext": "[removed]"}, {"selftext": "[deleted]"}],
)
def test_what_was_deleted_is_withdrawn(changed: dict[str, str]) -> None:
    rows = list(reddit.parse(answered("r/x/search?q=x", {**POST, **changed})))
    assert rows == [Withdrawn(ADDRESS)]


def test_what_is_not_there_any_more_is_withdrawn() -> None:
    rows = list(reddit.parse(answered(AGAIN, POST)))
    assert [type(row) for row in rows] == [Opinion, Withdrawn]
    assert rows[1] == Withdrawn("https://www.reddit.com/comments/2def")


@pytest.mark.parametrize("post", [{**POST, "id": "../x"}, {"id": "1"}, 7, {**POST, "author": []}])
def test_a_post_that_cannot_be_read_keeps_out_no_other(post: Any) -> None:
    bad, good = reddit.parse(answered("", post, {**POST, "id": "2def"}))
    assert isinstance(bad, Dropped)
    assert bad.malformed
    assert isinstance(good, Opinion)


@pytest.mark.parametrize("answer", [b"[]", b"{}", b'{"kind": "t3", "data": {"children": []}}'])
def test_another_shape_is_told(answer: bytes) -> None:
    with pytest.raises(ShapeChanged):
        list(reddit.parse(answers([("", answer)])))


def test_the_credentials_are_sent_as_basic_and_the_application_is_named() -> None:
    access = reddit.SOURCE.access
    assert access is not None
    assert access.token_headers is not None
    given = {"REDDIT_CLIENT_ID": "an-id", "REDDIT_CLIENT_SECRET": "s3cret\n"}
    assert access.token_headers(given) == {"Authorization": "Basic YW4taWQ6czNjcmV0"}
    assert access.headers(given)["User-Agent"].startswith("python:model-bot:")
    assert "an-id" in access.headers(given)["User-Agent"]
    assert "s3cret" not in repr(reddit.SOURCE)
