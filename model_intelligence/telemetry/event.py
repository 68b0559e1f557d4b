"""A call as every door hands it on, and what else a record can turn out to be. Pure."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple


class Labels(NamedTuple):
    """What a source says beside the call; rules make a role and a use case of it."""

    tags: tuple[str, ...] = ()
    prompt_name: str | None = None
    workflow_name: str | None = None


NO_LABELS = Labels()


class Event(NamedTuple):
    """One call, its fields as the columns of `llm_usage_events`; unknown is None, never 0.

    The classes of tokens are disjoint: `prompt_tokens` is what is not cached plus what was read
    from and written to the cache as far as that is known, `completion_tokens` is output plus
    reasoning. `total_tokens` is at least their sum: some providers count more.
    """

    event_id: str
    created_at: datetime
    provider: str
    model: str
    response_model: str | None
    role: str | None
    use_case: str | None
    input_uncached_tokens: int | None
    cache_read_tokens: int | None
    cache_write_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None
    prompt_tokens: int | None
    completion_tokens: int | None
    total_tokens: int | None
    latency_ms: int | None
    time_to_first_token_ms: int | None
    call_ok: bool | None
    task_ok: bool | None
    outcome_source: str | None
    error_type: str | None
    cost_usd: Decimal | None
    session_id: str | None
    prompt_version: str | None = None
    labels: Labels = NO_LABELS


COLUMNS = Event._fields[:-1]


class Verdict(NamedTuple):
    """What the application thought of a call that came in by itself."""

    event_id: str
    task_ok: bool
    outcome_source: str


class LeftOut(NamedTuple):
    """A sound record that is no call of a model, and why."""

    reason: str


class Rejected(NamedTuple):
    """A record that cannot be used, and why; the reason never quotes what the record says."""

    reason: str


class Unfit(Exception):
    """A field that cannot be used; the message is the reason for rejecting its record."""


Outcome = Event | Verdict | LeftOut | Rejected
