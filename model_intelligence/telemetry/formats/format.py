"""What a door is: one shape of telemetry, and how a record of it becomes a call. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import wraps

from model_intelligence.naming import bedrock
from model_intelligence.telemetry.event import (
    NO_LABELS,
    Event,
    Labels,
    Outcome,
    Rejected,
    Unfit,
)
from model_intelligence.telemetry.formats.tokens import Counts

Record = Mapping[str, object]
FASTEST_TOKENS_PER_MS = 20  # some six times what the fastest hardware writes
TOO_FAST = f"more than {FASTEST_TOKENS_PER_MS} tokens a millisecond: is the latency in seconds?"


@dataclass(frozen=True, slots=True)
class Table:
    """Where a door's records are in a database: read in order of time, then key."""

    name: str
    time: str
    key: str


@dataclass(frozen=True, slots=True)
class Door:
    """A shape of telemetry.

    `fields` are all that is read of a record: of a table or a Parquet file nothing else is
    selected. `unpack` gives the records of one document (a line, a row). `convention` tells how
    the source counts tokens.
    """

    name: str
    about: str
    convention: str
    fields: tuple[str, ...]
    normalise: Callable[[object], Outcome]
    unpack: Callable[[object], Iterable[object]]
    table: Table | None = None
    csv: bool = False


def one_or_list(document: object) -> Iterable[object]:
    """A document that is a record, or a list of them, or a page of an API with `data`."""
    if isinstance(document, list):
        return document
    if isinstance(document, dict) and isinstance(document.get("data"), list):
        return document["data"]  # type: ignore[no-any-return]
    return (document,)


def total(normalise: Callable[[Record], Outcome]) -> Callable[[object], Outcome]:
    """Makes a function of a record one of any value: what is unfit is Rejected, never raised."""

    @wraps(normalise)
    def safe(record: object) -> Outcome:
        if not isinstance(record, dict):
            return Rejected("not an object with fields")
        try:
            return normalise(record)
        except Unfit as unfit:
            return Rejected(str(unfit))

    return safe


def first(record: Record, *names: str) -> object:
    """The value of the first of these fields that has one."""
    for name in names:
        value = record.get(name)
        if value is not None and value != "":
            return value
    return None


def call(
    *,
    event_id: str,
    created_at: datetime,
    provider: str,
    model: str,
    counts: Counts,
    response_model: str | None = None,
    role: str | None = None,
    use_case: str | None = None,
    latency_ms: int | None = None,
    time_to_first_token_ms: int | None = None,
    call_ok: bool | None = None,
    task_ok: bool | None = None,
    outcome_source: str | None = None,
    error_type: str | None = None,
    cost_usd: Decimal | None = None,
    session_id: str | None = None,
    prompt_version: str | None = None,
    labels: Labels = NO_LABELS,
) -> Event:
    """The call, after what can only be a mistake of unit is refused with Unfit."""
    if latency_ms is not None:
        if time_to_first_token_ms is not None and time_to_first_token_ms > latency_ms:
            raise Unfit("the first token is later than the last: one of them is in another unit")
        written = counts.completion or 0
        if written > FASTEST_TOKENS_PER_MS * max(latency_ms, 1):
            raise Unfit(TOO_FAST)
    if provider == bedrock.AWS:
        provider = bedrock.seller_of(model) or provider
    return Event(
        event_id,
        created_at,
        provider,
        model,
        response_model,
        role,
        use_case,
        *counts,  # its fields stand in the order of the event's
        latency_ms,
        time_to_first_token_ms,
        call_ok,
        task_ok,
        outcome_source,
        error_type,
        cost_usd,
        session_id,
        prompt_version,
        labels,
    )


def told_twice(by_clock: int | None, said: int | None, name: str) -> int | None:
    """A duration that is told by its start and end and as a number, both in milliseconds.

    The two times win: they show a number in seconds or microseconds for what it is. A number that
    no unit reconciles with them is refused.
    """
    if by_clock is None or said is None:
        return said if by_clock is None else by_clock
    for number in (said, said * 1_000, said / 1_000):
        if abs(number - by_clock) <= max(1_000, by_clock / 10):
            return by_clock
    raise Unfit(f"{name} contradicts its start and end")
