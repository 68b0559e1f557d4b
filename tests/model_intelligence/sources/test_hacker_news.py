"""Hacker News: what is asked of its search, and what is taken from the answers."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.listing import Dropped
from model_intelligence.observations.opinion import Opinion
from model_intelligence.sources import hacker_news
from model_intelligence.sources.source import Query, answers
from tests.model_intelligence.build import NOW

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
COMMENT: dict[str, Any] = {
    "objectID": "41",
    "author": "ann",
    "created_at": "2026-11-20T10:00:00Z",
    "created_at_i": 1795168800,
    "comment_text": 'GLM 4.7 isn&#x27;t <i>bad</i>.<p>It&#x2F;they <a href="https://x.example">x</a>',
    "story_id": 40,
    "story_title": "GLM 4.7",
    "story_url": "https://z.ai/blog",
    "points": None,
    "title": None,
    "url": None,
    "_tags": ["comment", "author_ann", "story_40"],
}
STORY: dict[str, Any] = {
    "objectID": "40",
    "author": "bob",
    "created_at_i": 1795165200,
    "title": "GLM 4.7 &amp; friends",
    "url": "https://z.ai/blog",
    "points": 9,
    "num_comments": 1,
    "story_text": None,
}


def found(*hits: Any) -> bytes:
    page = {"hits": hits, "nbHits": len(hits), "page": 0, "nbPages": 1, "hitsPerPage": 100}
    return answers([("search_by_date?query=glm-4.7", json.dumps(page).encode())])


def test_each_name_is_two_searches_and_only_stories_have_points() -> None:
    asked = hacker_news.first(Query(NOW, SINCE, ("glm-4.7",)))
    assert [urlsplit(one).path for one in asked] == ["search_by_date"] * 2
    said = {key: value for key, [value] in parse_qs(urlsplit(asked[0]).query).items()}
    assert said == {
        "query": "glm-4.7",
        "tags": "story",
        "numericFilters": "created_at_i>1793491200,points>5",
        "hitsPerPage": "100",
    }
    said = {key: value for key, [value] in parse_qs(urlsplit(asked[1]).query).items()}
    assert (said["tags"], said["numericFilters"]) == ("comment", "created_at_i>1793491200")


def test_a_comment_is_plain_text_and_links_to_nothing_of_its_own() -> None:
    assert list(hacker_news.parse(found(COMMENT))) == [
        Opinion(
            source_url="https://news.ycombinator.com/item?id=41",
            author="ann",
            published_at=datetime(2026, 11, 20, 10, tzinfo=UTC),
            title=None,
            text="GLM 4.7 isn't bad.\nIt/they x",
        )
    ]


def test_a_story_is_its_title_and_the_page_that_it_links_to() -> None:
    [story] = hacker_news.parse(found(STORY))
    assert isinstance(story, Opinion)
    assert (story.title, story.text, story.links_to) == (
        "GLM 4.7 & friends",
        "GLM 4.7 & friends",
        "https://z.ai/blog",
    )


def test_what_two_searches_find_is_taken_once() -> None:
    assert len(list(hacker_news.parse(found(COMMENT, STORY, COMMENT)))) == 2


@pytest.mark.parametrize("hit", [{**STORY, "objectID": "x"}, {"objectID": "1"}, 7, None])
def test_a_hit_that_cannot_be_read_keeps_out_no_other(hit: Any) -> None:
    bad, good = hacker_news.parse(found(hit, COMMENT))
    assert isinstance(bad, Dropped)
    assert bad.malformed
    assert isinstance(good, Opinion)


@pytest.mark.parametrize("answer", [b"[]", b"{}", b'{"hits": {}}', b"<html>"])
def test_another_shape_is_told(answer: bytes) -> None:
    with pytest.raises(ShapeChanged):
        list(hacker_news.parse(answers([("", answer)])))
