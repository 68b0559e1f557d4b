"""What a live source is: where its list is, under which licence, and how it is read."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

Kind = Literal["prices", "lifecycles", "benchmarks"]
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Feed:
    """One live source.

    `parse` is pure: it turns the body into listings, lifecycles or benchmark rows, and into a
    Dropped for every row that it does not take over. It raises ShapeChanged for a body of another
    shape than the one that its module documents.
    """

    name: str
    kind: Kind
    url: str
    licence: str
    parse: Callable[[bytes], Iterable[object]]
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # may hold a key
    max_bytes: int = 50 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Bundled:
    """Data inside the package of this name: read on every run if it is installed."""

    name: str
    kind: Kind
    licence: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Nothing was taken from a source, and the sentence that says why."""

    reason: str


class ShapeChanged(Exception):
    """The body is not of the documented shape; the message says what was expected."""


def read_json(body: bytes) -> Any:
    """The body as JSON with exact numbers; raises ShapeChanged."""
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise ShapeChanged(f"JSON was expected: {error}") from error
