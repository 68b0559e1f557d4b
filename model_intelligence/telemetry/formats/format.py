"""What a format of recorded calls consists of, and how its records become calls. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import wraps

from model_intelligence.naming import bedrock
from model_intelligence.telemetry.event import (
    NO_LABELS,
    Labels,
    ParsedRecord,
    Rejected,
    Unfit,
    UsageEvent,
)
from model_intelligence.telemetry.formats.tokens import Counts

RawRecord = Mapping[str, object]
FASTEST_TOKENS_PER_MS = 20  # some six times what the fastest hardware writes
TOO_FAST = f"more than {FASTEST_TOKENS_PER_MS} tokens per ms; the latency may be in seconds"


@dataclass(frozen=True, slots=True)
class SourceTable:
    """The database table with the records of a format, read in order of time, then key."""

    name: str
    time: str
    key: str


@dataclass(frozen=True, slots=True)
class EventFormat:
    """A format of recorded calls.

    Only `fields` of a record are read, so a table or Parquet file is asked for nothing else.
    `unpack` returns the records of one document (a line or row). `convention` describes how the
    source counts tokens.
    """

    name: str
    about: str
    convention: str
    fields: tuple[str, ...]
    normalise: Callable[[object], ParsedRecord]
    unpack: Callable[[object], Iterable[object]]
    table: SourceTable | None = None
    csv: bool = False


def one_or_list(document: object) -> Iterable[object]:
    """A document that is a record, or a list of them, or a page of an API with `data`."""
    if isinstance(document, list):
        return document
    if isinstance(document, dict) and isinstance(document.get("data"), list):
        return document["data"]  # type: ignore[no-any-return]
    return (document,)


def total(normalise: Callable[[RawRecord], ParsedRecord]) -> Callable[[object], ParsedRecord]:
    """Extends a parser of records to any value: it returns Rejected and never raises Unfit."""

    @wraps(normalise)
    def safe(record: object) -> ParsedRecord:
        if not isinstance(record, dict):
            return Rejected("not an object with fields")
        try:
            return normalise(record)
        except Unfit as unfit:
            return Rejected(str(unfit))

    return safe


def first(record: RawRecord, *names: str) -> object:
    """The value of the first of these fields that is not empty."""
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
) -> UsageEvent:
    """The call; raises Unfit for durations that must be in another unit."""
    if latency_ms is not None:
        if time_to_first_token_ms is not None and time_to_first_token_ms > latency_ms:
            raise Unfit("the first token comes after the last; one time is in another unit")
        written = counts.completion or 0
        if written > FASTEST_TOKENS_PER_MS * max(latency_ms, 1):
            raise Unfit(TOO_FAST)
    if provider == bedrock.AWS:
        provider = bedrock.seller_of(model) or provider
    return UsageEvent(
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


def agreed_duration(by_clock: int | None, said: int | None, name: str) -> int | None:
    """A duration in milliseconds, given as start and end, as a number, or as both.

    The two times take precedence: they reveal a number in seconds or microseconds. Raises Unfit for
    a number that agrees with them in no unit.
    """
    if by_clock is None or said is None:
        return said if by_clock is None else by_clock
    for number in (said, said * 1_000, said / 1_000):
        if abs(number - by_clock) <= max(1_000, by_clock / 10):
            return by_clock
    raise Unfit(f"{name} contradicts its start and end")
