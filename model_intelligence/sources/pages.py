"""Reads a live source: with the user's own keys if it needs them, page by page if it has pages.

A list of several pages is read whole or not at all: if a page cannot be read, nothing is stored and
the earlier rows stay. Only a page that no longer exists is skipped, and counted. There are no
conditional requests for pages: the digest of all of them says whether anything changed.
"""

import time
from collections import deque
from dataclasses import replace
from hashlib import sha256

import httpx2

from model_intelligence.errors import ShapeChanged
from model_intelligence.sources.http import Fetched, FetchRecord, FetchResult, NotModified, fetch
from model_intelligence.sources.source import (
    Access,
    Environment,
    Headers,
    Pages,
    Query,
    Skipped,
    Source,
    read_json,
)

PAUSE_SECONDS = 0.2  # between two requests to one host
TOTAL_SECONDS = 300.0  # for all pages of one source
GONE = "a page that is named and not there"
TOKEN_BYTES = 100_000
CLIENT_CREDENTIALS = {"grant_type": "client_credentials"}


def read_source(
    source: Source,
    previous: FetchRecord | None,
    client: httpx2.Client,
    query: Query,
    environment: Environment,
) -> FetchResult:
    """What the source says; Skipped for whatever goes wrong, and for what the user must give."""
    if source.access is not None:
        headers = _signed_in(source, source.access, client, environment)
        if isinstance(headers, Skipped):
            return headers
        source = replace(source, headers={**source.headers, **headers})
    if source.pages is None:
        return fetch(source, previous, client)
    return _all_pages(source, source.pages, client, query)


def needs(access: Access) -> str:
    """What users must set before the source is read: a sentence."""
    return f"it needs your own {' and '.join(access.variables)} in the environment"


def _signed_in(
    source: Source, access: Access, client: httpx2.Client, environment: Environment
) -> Headers | Skipped:
    if access.missing(environment):
        return Skipped(needs(access))
    headers = access.headers(environment)
    if access.token_url is None or access.token_headers is None:
        return headers
    asked = replace(
        source,
        url=access.token_url,
        headers={**source.headers, **headers, **access.token_headers(environment)},
        max_bytes=TOKEN_BYTES,
    )
    answer = fetch(asked, None, client, form=CLIENT_CREDENTIALS)
    if not isinstance(answer, Fetched):
        reason = answer.reason if isinstance(answer, Skipped) else "an empty answer"
        return Skipped(f"no token was given for {' and '.join(access.variables)}: {reason}")
    try:
        token = read_json(answer.body)["access_token"]
    except (ShapeChanged, KeyError, TypeError):
        return Skipped(f"no token was given for {' and '.join(access.variables)}")
    return {**headers, "Authorization": f"bearer {token}"}


def _all_pages(source: Source, pages: Pages, client: httpx2.Client, query: Query) -> FetchResult:
    """Every page in order, one after the other; an address is asked once."""
    try:
        return _walk(source, pages, client, query)
    except ShapeChanged as error:
        return Skipped(f"it has a new shape: {error}")


def _walk(source: Source, pages: Pages, client: httpx2.Client, query: Query) -> FetchResult:
    waiting = deque(dict.fromkeys(pages.first(query)))
    known, taken, gone = set(waiting), list[tuple[str, bytes]](), 0
    until = time.monotonic() + TOTAL_SECONDS
    while waiting:
        if len(known) > pages.most:
            return Skipped(f"it has more than {pages.most} pages")
        asked = waiting.popleft()
        answer = _page(source, asked, taken, client)
        if isinstance(answer, Skipped):
            # The first page is the list itself; a later one may be an entry that was deleted
            # meanwhile.
            if not (answer.gone and taken):
                return Skipped(f"{answer.reason}, on page {len(taken) + gone + 1} of {len(known)}")
            gone += 1
            continue
        taken.append((asked, answer))
        new = [one for one in dict.fromkeys(pages.further(answer)) if one not in known]
        waiting.extend(new)
        known.update(new)
        if waiting:
            time.sleep(PAUSE_SECONDS)
        if time.monotonic() > until:
            return Skipped(f"its pages took more than {TOTAL_SECONDS:.0f} seconds")
    body = pages.whole(taken)
    left_out = {**query.left_out, **({GONE: gone} if gone else {})}
    return Fetched(body, sha256(body).hexdigest(), left_out=left_out)


def _page(
    source: Source, asked: str, taken: list[tuple[str, bytes]], client: httpx2.Client
) -> bytes | Skipped:
    home = httpx2.URL(source.url)
    url = home.join(asked) if asked else home
    if (url.scheme, url.host, url.port) != (home.scheme, home.host, home.port):
        return Skipped(f"a page of it lies at {url.host}, not at {home.host}")
    room = source.max_bytes - sum(len(body) for _, body in taken)
    found = fetch(replace(source, url=str(url), max_bytes=max(room, 0)), None, client)
    if isinstance(found, NotModified):
        return Skipped(f"{home.host} says that nothing changed, unasked")
    if isinstance(found, Skipped):
        larger = found.reason.startswith("the body is larger")
        return Skipped(f"its pages are larger than {source.max_bytes:,} bytes") if larger else found
    return found.body
