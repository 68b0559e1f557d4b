"""Reddit, with the user's own credentials only: what people write about models.

Off unless REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET are set, of an application of the user's own
(https://www.reddit.com/prefs/apps), whose use Reddit must allow; commercial use is by contract.

Shape (https://www.reddit.com/dev/api, and the wiki page OAuth2, "Application Only OAuth"): POST
https://www.reddit.com/api/v1/access_token with grant_type=client_credentials and HTTP Basic gives
`{access_token, token_type, expires_in, scope}`; GET r/<sub>/search?q=…&restrict_sr=on&sort=new&
t=month and GET api/info?id=t3_…,t3_… give `{kind: "Listing", data: {after, children: [{kind: "t3",
data: {id, name, title, selftext, subreddit, created_utc, permalink, url, author}}]}}`. At most 100
requests a minute, and a User-Agent of one's own.

Reddit's terms ask that what was deleted there is deleted here: every run asks again for the stored
posts, a hundred a request, and blanks those that are gone or say `[deleted]` or `[removed]`.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.listing import Dropped
from model_intelligence.observations.opinion import Opinion, Withdrawn, domain_of, lies_in, plain
from model_intelligence.sources.source import (
    Access,
    Environment,
    Pages,
    Query,
    Source,
    keys_of,
    read_answers,
)

NAME = "reddit"
URL = "https://oauth.reddit.com/"
TOKEN_URL = "https://www.reddit.com/api/v1/access_token"  # noqa: S105  # an address
SITE = "https://www.reddit.com/comments/"
LICENCE = "Reddit's API terms"
CLIENT_ID, CLIENT_SECRET = "REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET"  # names
SUBREDDITS = ("LocalLLaMA", "ChatGPTCoding", "ClaudeAI", "OpenAI")
OWN = frozenset({"reddit.com", "redd.it"})
TAKEN_DOWN = frozenset({"[deleted]", "[removed]"})
NO_POST = "no post with an id and a time"
AT_ONCE = 100
MOST = 90  # requests, so that a run stays under a hundred a minute
_POST = re.compile(re.escape(SITE) + r"([a-z0-9]+)$")


def first(asking: Query) -> list[str]:
    """What is stored, to see whether it is still there; then a search for each name."""
    posts = [f"t3_{found[1]}" for one in asking.kept if (found := _POST.match(one))]
    again = [posts[start : start + AT_ONCE] for start in range(0, len(posts), AT_ONCE)]
    # First, so that a long list of names never crowds out what has to be forgotten.
    asked = [f"api/info?{urlencode({'id': ','.join(ids)})}" for ids in again]
    searches = [
        f"r/{subreddit}/search?"
        + urlencode({"q": f'"{name}"', "restrict_sr": "on", "sort": "new", "t": "month"})
        for name in asking.names
        for subreddit in SUBREDDITS
    ]
    return [*asked, *searches][:MOST]


def parse(body: bytes) -> Iterator[Opinion | Withdrawn | Dropped]:
    """The posts that were found, and those that are stored and gone; raises ShapeChanged."""
    seen = set()
    for asked, answer in read_answers(body):
        there = []
        for post in _children(answer):
            row = _post(post)
            there.append(row.source_url if isinstance(row, (Opinion, Withdrawn)) else "")
            if not there[-1] or there[-1] not in seen:
                yield row
        seen.update(there)
        yield from (Withdrawn(one) for one in _asked_for(asked) if one not in there)


def _children(answer: Any) -> list[Any]:
    try:
        children = answer["data"]["children"]
    except (KeyError, TypeError) as error:
        raise ShapeChanged("a Listing with children was expected") from error
    if answer.get("kind") != "Listing" or not isinstance(children, list):
        raise ShapeChanged("a Listing with children was expected")
    return children


def _asked_for(asked: str) -> list[str]:
    parts = urlsplit(asked)
    if parts.path != "api/info":
        return []
    [ids] = parse_qs(parts.query)["id"]
    return [f"{SITE}{name.removeprefix('t3_')}" for name in ids.split(",")]


def _post(child: Mapping[str, Any]) -> Opinion | Withdrawn | Dropped:
    try:
        post = child["data"]
        address = f"{SITE}{post['id']}"
        if not _POST.match(address) or child["kind"] != "t3":
            return Dropped(address[:80], NO_POST, malformed=True)
        # Reddit keeps the post's frame and puts these words where the author or the text was.
        if {post.get("author"), post.get("selftext")} & TAKEN_DOWN:
            return Withdrawn(address)
        link = post.get("url")
        return Opinion(
            source_url=address,
            author=post.get("author"),
            published_at=datetime.fromtimestamp(int(post["created_utc"]), UTC),
            title=plain(post["title"]),
            text="\n".join(text for text in (post["title"], post.get("selftext")) if text),
            links_to=None if lies_in(domain_of(link), OWN) else link,
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        return Dropped(str(child)[:80], NO_POST, malformed=True)


def _agent(environment: Environment) -> dict[str, str]:
    """Reddit wants a name of one's own: `platform:application:version`."""
    [client] = keys_of(environment, CLIENT_ID)
    return {"User-Agent": f"python:model-bot:{version('model-bot')} (application {client})"}


def _basic(environment: Environment) -> dict[str, str]:
    pair = ":".join(keys_of(environment, CLIENT_ID, CLIENT_SECRET))
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


SOURCE = Source(
    NAME,
    "opinions",
    URL,
    LICENCE,
    parse,
    max_bytes=20_000_000,
    pages=Pages(first=first, most=MOST),
    access=Access((CLIENT_ID, CLIENT_SECRET), _agent, TOKEN_URL, _basic),
)
