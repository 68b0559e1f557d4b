"""What a record of any format is parsed to: a call, a verdict, or a reason to skip it. Pure."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple


class Labels(NamedTuple):
    """What a source records with a call; rules derive its role and use case from them."""

    tags: tuple[str, ...] = ()
    prompt_name: str | None = None
    workflow_name: str | None = None


NO_LABELS = Labels()


class UsageEvent(NamedTuple):
    """One call; the fields are the columns of `llm_usage_events`. Unknown is None, never 0.

    The token classes are disjoint: `prompt_tokens` is the sum of uncached tokens, cache reads and
    cache writes as far as they are known, `completion_tokens` is output plus reasoning.
    `total_tokens` is at least their sum: some providers count more.
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


COLUMNS = UsageEvent._fields[:-1]


class TaskVerdict(NamedTuple):
    """Whether a call did its task, recorded separately from the call."""

    event_id: str
    task_ok: bool
    outcome_source: str


class LeftOut(NamedTuple):
    """A valid record that is not a call of a model, and why."""

    reason: str


class Rejected(NamedTuple):
    """A record that cannot be used, and why; the reason never quotes the record."""

    reason: str


class Unfit(Exception):
    """A field that cannot be used; the message is the reason to reject the record."""


ParsedRecord = UsageEvent | TaskVerdict | LeftOut | Rejected
