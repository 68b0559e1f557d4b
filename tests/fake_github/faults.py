"""Faults to inject: answers that never come, come late, or deny what has happened."""

import re
import threading
from dataclasses import dataclass, field
from typing import Literal

from tests.fake_github.call import Reply
from tests.fake_github.records import Json

Kind = Literal[
    "502_before",
    "502_after",
    "drop_after",
    "timeout",
    "timeout_after",
    "429",
    "429_retry_after",
    "secondary_403",
    "primary_403",
    "rate_limited",
    "409",
    "401",
]

AFTER: frozenset[Kind] = frozenset({"502_after", "drop_after", "timeout_after"})
SILENT: frozenset[Kind] = frozenset({"drop_after", "timeout", "timeout_after"})

_SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)
_STATUS: dict[Kind, tuple[int, str]] = {
    "502_before": (502, "Server Error"),
    "502_after": (502, "Server Error"),
    "429": (429, "Too many requests"),
    "429_retry_after": (429, _SECONDARY),
    "secondary_403": (403, _SECONDARY),
    "primary_403": (403, "API rate limit exceeded for installation ID 815."),
    "409": (409, "Conflict"),
    "401": (401, "Bad credentials"),
}
_DEFAULT_SECONDS: dict[Kind, float] = {"timeout": 3, "timeout_after": 3, "primary_403": 60}


@dataclass
class Fault:
    """One fault; `seconds` is how long to be silent, or what Retry-After says."""

    kind: Kind
    position: int | None
    match: tuple[str, re.Pattern[str]] | None
    times: int
    seconds: float

    @property
    def takes_effect(self) -> bool:
        """Whether the request does its work before it fails."""
        return self.kind in AFTER

    @property
    def is_silent(self) -> bool:
        """Whether no response is sent at all."""
        return self.kind in SILENT

    def reply(self, now: float) -> Reply:
        """Return the response, of the kinds that have one."""
        if self.kind == "rate_limited":
            error: Json = {"type": "RATE_LIMITED", "message": "API rate limit exceeded"}
            return Reply(200, {"errors": [error]})
        status, message = _STATUS[self.kind]
        return Reply(status, {"message": message}, self._headers(now))

    def _headers(self, now: float) -> dict[str, str]:
        if self.kind in ("429_retry_after", "secondary_403"):
            return {"Retry-After": f"{self.seconds:g}"}
        if self.kind == "primary_403":
            reset = f"{int(now + self.seconds)}"
            return {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
        return {}

    def hits(self, write: int | None, method: str, subject: str) -> bool:
        """Whether this fault strikes; `write` is the write's position, None for reads."""
        if not self.times:
            return False
        if self.position is not None:
            return write is not None and write >= self.position
        assert self.match is not None
        return self.match[0] in ("*", method) and bool(self.match[1].search(subject))


@dataclass
class Faults:
    """The faults still to come, counted down as requests arrive."""

    _waiting: list[Fault] = field(default_factory=list)
    _writes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(
        self,
        *,
        kind: Kind,
        position: int | None = None,
        match: tuple[str, str] | None = None,
        times: int = 1,
        seconds: float | None = None,
    ) -> None:
        """Let a request fail `times` times.

        Which one: the `position`-th write from now on (1 is the next), or `match`, a method (or
        "*") and a pattern searched in the path; of GraphQL requests in `/graphql` and the document.
        `seconds` is how long a timeout lasts (3), what Retry-After says (1), or how far the
        primary limit's reset is (60).
        """
        if (position is None) == (match is None):
            raise ValueError("a fault needs either position= or match=")
        chosen = _DEFAULT_SECONDS.get(kind, 1) if seconds is None else seconds
        pattern = (match[0], re.compile(match[1], re.DOTALL)) if match else None
        with self._lock:
            place = None if position is None else self._writes + position
            self._waiting.append(Fault(kind, place, pattern, times, chosen))

    def strike(self, method: str, subject: str, *, is_write: bool) -> Fault | None:
        """Count a request, and return the fault it meets, if any."""
        with self._lock:
            self._writes += is_write
            write = self._writes if is_write else None
            fault = next((one for one in self._waiting if one.hits(write, method, subject)), None)
            if fault:
                fault.times -= 1
            return fault
