"""What a live source is: where its list is, under which licence, and how it is read."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from model_intelligence.errors import ShapeChanged, UsageError
from model_intelligence.records import SourceKind

SourceContent = Literal["prices", "lifecycles", "releases", "benchmarks", "opinions"]
Environment = Mapping[str, str]
Headers = Mapping[str, str]
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Query:
    """What a search asks for: models' names, from `since` (aware UTC) on, as of `now`.

    `kept` are the addresses stored from the source, which some sources must be asked for again.
    `left_out` is reason -> how many names are not searched.
    """

    now: datetime
    since: datetime
    names: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)


def _itself(_: Query) -> tuple[str, ...]:
    return ("",)


def _nothing(_: bytes) -> tuple[str, ...]:
    return ()


def answers(taken: Sequence[tuple[str, bytes]]) -> bytes:
    """What was asked, and the answer to it, as one body; `read_answers` reads it."""
    return json.dumps([[asked, body.decode(errors="replace")] for asked, body in taken]).encode()


@dataclass(frozen=True, slots=True)
class Pages:
    """How a list is read that comes in several answers; all three functions are pure.

    `first` and `further` give addresses relative to the source's own, which they may not leave:
    where to begin, and what an answer leads to. `whole` makes one body of what was asked (the
    relative address) and answered. More than `most` requests are not made.
    """

    first: Callable[[Query], Sequence[str]] = _itself
    further: Callable[[bytes], Sequence[str]] = _nothing
    whole: Callable[[Sequence[tuple[str, bytes]]], bytes] = answers
    most: int = 100


@dataclass(frozen=True, slots=True)
class Access:
    """What users must have of their own to read a source: variables of the environment.

    `headers` makes of them what each request carries. With `token_url` these headers go to that
    address alone, which gives a token for the others (OAuth 2, client credentials).
    """

    variables: tuple[str, ...]
    headers: Callable[[Environment], Headers]
    token_url: str | None = None
    token_headers: Callable[[Environment], Headers] | None = None

    def missing(self, environment: Environment) -> tuple[str, ...]:
        """The variables that are not set."""
        return tuple(name for name in self.variables if not environment.get(name, "").strip())


@dataclass(frozen=True, slots=True)
class Source:
    """One live source.

    `parse` is pure: it turns the body into listings, lifecycles, benchmark rows or opinions, and
    into a Dropped for every row that is left out. It raises ShapeChanged for a body of another
    shape than the one that its module documents.

    Some leaderboards keep part of their data outside the table itself: the release in the file's
    name, the API ids in a second file. For a file given by hand, `edition` makes of the source, the
    file's name and that second file the source that reads this very edition.
    """

    name: str
    kind: SourceContent
    url: str
    licence: str
    parse: Callable[[bytes], Iterable[object]]
    headers: Headers = field(default_factory=dict, repr=False)  # may hold a key
    max_bytes: int = 50 * MEGABYTE
    pages: Pages | None = None
    access: Access | None = None
    source_kind: SourceKind = "author"  # who ran the benchmarks of a leaderboard
    task_types: frozenset[str] = frozenset()  # what a leaderboard's results are about
    edition: Callable[["Source", str, bytes | None], "Source"] | None = None

    def of_file(self, file_name: str, name_map: bytes | None = None) -> "Source":
        """The source as it reads a file of that name; see `edition`.

        UsageError for a file name or a map that the source cannot use, ShapeChanged for a map of
        another shape.
        """
        if self.edition is not None:
            return self.edition(self, file_name, name_map)
        if name_map is not None:
            raise UsageError(f"{self.name} has no table of names and API ids: leave out --map")
        return self


@dataclass(frozen=True, slots=True)
class BundledSource:
    """Data inside the package of this name: read on every run if it is installed."""

    name: str
    kind: SourceContent
    licence: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Nothing was taken from a source, and the sentence that says why; `gone`: it is not there."""

    reason: str
    gone: bool = field(default=False, compare=False)


def read_json(body: bytes) -> Any:
    """The body as JSON with exact numbers; raises ShapeChanged."""
    try:
        # As floats, prices such as 0.1 would lose their exact value before they are stored.
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise ShapeChanged(f"JSON was expected: {error}") from error


def read_answers(body: bytes) -> list[tuple[str, Any]]:
    """What `answers` made one body of: (asked, answer as JSON); raises ShapeChanged."""
    found = read_json(body)
    if not isinstance(found, list) or not all(_is_answer(one) for one in found):
        raise ShapeChanged("a list of questions and answers was expected")
    return [(asked, read_json(answer.encode())) for asked, answer in found]


def _is_answer(one: object) -> bool:
    return isinstance(one, list) and len(one) == 2 and all(isinstance(part, str) for part in one)


def keys_of(environment: Environment, *names: str) -> tuple[str, ...]:
    """The values of variables without the line break that a pasted secret may end with."""
    return tuple(environment.get(name, "").strip() for name in names)
