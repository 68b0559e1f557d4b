"""Hacker News, through Algolia's search: what people write about models, no key needed.

Shape (https://hn.algolia.com/api): GET search_by_date?query=…&tags=story|comment&numericFilters=
created_at_i>…,points>…&hitsPerPage=100 gives `{hits: [{objectID, title, url, author, points,
created_at_i (Unix seconds), story_text | comment_text (HTML), story_url}], nbHits, page, nbPages,
hitsPerPage}`; at most 10,000 requests an hour. Stories are taken from POINTS on. Comments have no
points there: a filter by them finds none (github.com/algolia/hn-search/issues/55).

Two requests for each name, of the newest hundred. Since stories gain points for days, those of the
days before the last run are asked for again; the same words again change nothing.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.listing import Dropped
from model_intelligence.observations.opinion import Opinion, plain
from model_intelligence.sources.source import Pages, Query, Source, read_answers

NAME = "hacker-news"
URL = "https://hn.algolia.com/api/v1/"
ITEM = "https://news.ycombinator.com/item?id="
LICENCE = "short quotations with their address"
POINTS = 5
HITS = 100


def first(asking: Query) -> list[str]:
    """A search for stories and one for comments, for each name."""
    after = f"created_at_i>{int(asking.since.timestamp())}"
    filters = {"story": f"{after},points>{POINTS}", "comment": after}
    return [
        "search_by_date?" + urlencode(_query(name, tags, wanted))
        for name in asking.names
        for tags, wanted in filters.items()
    ]


def _query(name: str, tags: str, filters: str) -> dict[str, str | int]:
    return {"query": name, "tags": tags, "numericFilters": filters, "hitsPerPage": HITS}


def parse(body: bytes) -> Iterator[Opinion | Dropped]:
    """A story or comment once, though several names find it; raises ShapeChanged."""
    seen = set()
    for _, answer in read_answers(body):
        if not isinstance(answer, dict) or not isinstance(answer.get("hits"), list):
            raise ShapeChanged("a list of hits was expected")
        for hit in answer["hits"]:
            row = _opinion(hit)
            # A post that names three models is found by three searches.
            key = row.source_url if isinstance(row, Opinion) else row.name
            if key not in seen:
                seen.add(key)
                yield row


def _opinion(hit: Mapping[str, Any]) -> Opinion | Dropped:
    try:
        number = int(hit["objectID"])
        written = datetime.fromtimestamp(int(hit["created_at_i"]), UTC)
        texts = (hit.get("story_text"), hit.get("comment_text"))
        title = hit.get("title")
        return Opinion(
            source_url=f"{ITEM}{number}",
            author=hit.get("author") or None,
            published_at=written,
            title=plain(title) if title else None,
            text="\n".join(plain(text) for text in (title, *texts) if text),
            links_to=hit.get("url") or None,
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        return Dropped(str(hit)[:80], "no number or no time", malformed=True)


SOURCE = Source(
    NAME, "opinions", URL, LICENCE, parse, max_bytes=20_000_000, pages=Pages(first=first, most=60)
)
