"""A source's body by HTTP: only if it changed, within limits of time and size; never raises."""

import logging
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version

import httpx2
import stamina

from model_intelligence.sources.source import Skipped, Source

ATTEMPTS = 3
MAX_REDIRECTS = 5
TOTAL_SECONDS = 120.0  # the read time-out alone would let a server drip for ever
GONE_STATUSES = frozenset({404, 410})
TRANSIENT_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# The report says what came of a source; retries are for those who configure logging.
logging.getLogger("stamina").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class FetchRecord:
    """What is remembered of the last body that was taken, to ask only for a newer one."""

    digest: str | None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole body, and how to ask for the next one; `left_out` is reason -> how many parts.

    `is_file`: somebody gave it as a file, so that it may be an older edition than the last one.
    """

    body: bytes
    digest: str
    etag: str | None = None
    last_modified: str | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that nothing changed."""


FetchResult = Fetched | NotModified | Skipped


class _Refused(Exception):
    """An answer that we do not take; the message is the sentence that people read."""


class _Transient(_Refused):
    """An answer that may be another one in a moment."""


class _Gone(_Refused):
    """There is nothing at the address."""


def client(*, connect_seconds: float = 10, read_seconds: float = 30) -> httpx2.Client:
    """A client with our name and time-outs; it follows no redirect by itself."""
    return httpx2.Client(
        headers={"User-Agent": f"model-bot/{version('model-bot')}", "Accept-Encoding": "gzip"},
        timeout=httpx2.Timeout(read_seconds, connect=connect_seconds),
    )


def fetch(
    source: Source,
    previous: FetchRecord | None,
    client: httpx2.Client,
    form: Mapping[str, str] | None = None,
) -> FetchResult:
    """The source's body, unless it is as `previous` says; Skipped for whatever goes wrong.

    With a `form` it is asked by POST.
    """
    try:
        for attempt in stamina.retry_context(on=_may_pass, attempts=ATTEMPTS, wait_max=10):
            with attempt:
                return _get(source, previous, client, form)
    except _Refused as refusal:
        return Skipped(str(refusal), gone=isinstance(refusal, _Gone))
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
        return Skipped(f"{_host(source.url)} could not be read: {_told(error)}")
    raise AssertionError("the last attempt returns or raises")


def from_file(body: bytes, *, max_bytes: int) -> Fetched | Skipped:
    """A body that was read from a file, unpacked if it is gzip."""
    try:
        # The magic number of gzip, because people keep snapshots under any name.
        if body.startswith(b"\x1f\x8b"):
            unpacked = _Body(max_bytes, packed=True)
            unpacked.add(body)
            body = unpacked.whole()
    except _Refused as refusal:
        return Skipped(str(refusal))
    return Fetched(body, sha256(body).hexdigest(), is_file=True)


def _may_pass(error: Exception) -> bool:
    if isinstance(error, httpx2.UnsupportedProtocol):
        return False
    return isinstance(error, (_Transient, httpx2.TransportError))


def _get(
    source: Source,
    previous: FetchRecord | None,
    client: httpx2.Client,
    form: Mapping[str, str] | None,
) -> FetchResult:
    url = httpx2.URL(source.url)
    method = "GET" if form is None else "POST"
    headers: Mapping[str, str] = {**source.headers, **_conditions(previous)}
    local = _is_loopback(url)
    until = time.monotonic() + TOTAL_SECONDS
    for _ in range(MAX_REDIRECTS + 1):
        if url.scheme != "https" and not (local and url.scheme == "http" and _is_loopback(url)):
            raise _Refused(f"{_shown(url)} is not https, and is not read")
        with client.stream(method, url, headers=headers, data=form) as response:
            if response.status_code not in REDIRECTS or form is not None:
                return _outcome(response, source, until)
            target = url.join(response.headers.get("Location", ""))
        if _origin(target) != _origin(url):
            headers = _conditions(previous)  # a key is for the source's own host only
        url = target
    raise _Refused(f"{_host(source.url)} redirects more than {MAX_REDIRECTS} times")


def _conditions(previous: FetchRecord | None) -> Mapping[str, str]:
    if previous is None:
        return {}
    asked = {"If-None-Match": previous.etag, "If-Modified-Since": previous.last_modified}
    return {name: value for name, value in asked.items() if value}


def _outcome(response: httpx2.Response, source: Source, until: float) -> FetchResult:
    status = response.status_code
    if status == httpx2.codes.NOT_MODIFIED:
        return NotModified()
    if status != httpx2.codes.OK:
        sentence = f"{response.url.host} answered {status} {response.reason_phrase}".rstrip()
        raise _kind_of(status)(sentence)
    body = _read(response, source.max_bytes, until)
    return Fetched(
        body,
        sha256(body).hexdigest(),
        response.headers.get("ETag"),
        response.headers.get("Last-Modified"),
    )


def _kind_of(status: int) -> type[_Refused]:
    if status in GONE_STATUSES:
        return _Gone
    return _Transient if status in TRANSIENT_STATUSES else _Refused


def _read(response: httpx2.Response, max_bytes: int, until: float) -> bytes:
    packing = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packing not in {"identity", "gzip", "x-gzip"}:
        raise _Refused(f"{response.url.host} sent the encoding {packing!r}, which was not asked")
    body = _Body(max_bytes, packed=packing != "identity")
    for chunk in response.iter_raw():
        body.add(chunk)
        if time.monotonic() > until:
            raise _Refused(f"{response.url.host} took more than {TOTAL_SECONDS:.0f} seconds")
    return body.whole()


class _Body:
    """Bytes that are unpacked as they come, and never become more than `max_bytes`."""

    def __init__(self, max_bytes: int, *, packed: bool) -> None:
        self._max_bytes = max_bytes
        self._taken = bytearray()
        # 31: a gzip wrapper with the largest window. Unpacked here, not by the client, because a
        # small body may unpack to gigabytes.
        self._unpack = zlib.decompressobj(wbits=31) if packed else None

    def add(self, chunk: bytes) -> None:
        # One byte more than allowed is enough to know that there is too much.
        room = self._max_bytes + 1 - len(self._taken)
        try:
            self._taken += self._unpack.decompress(chunk, room) if self._unpack else chunk
        except zlib.error as error:
            raise _Transient(f"the body is not valid gzip: {error}") from error
        if len(self._taken) > self._max_bytes:
            raise _Refused(f"the body is larger than {self._max_bytes:,} bytes")

    def whole(self) -> bytes:
        if self._unpack and not self._unpack.eof:
            raise _Transient("the body is cut short")
        return bytes(self._taken)


def _is_loopback(url: httpx2.URL) -> bool:
    return url.host in LOOPBACK


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _shown(url: httpx2.URL) -> str:
    return str(url.copy_with(query=None, fragment=None, userinfo=b""))


def _host(url: str) -> str:
    try:
        return httpx2.URL(url).host or url
    except httpx2.InvalidURL:
        return "the source's address"


def _told(error: Exception) -> str:
    """What went wrong, on one line; a time-out says nothing by itself."""
    return " ".join(str(error).split()) or type(error).__name__
