"""Our own table and files with its columns: calls as `llm_usage_events` has them.

Token classes are disjoint; a total that is missing is derived from its classes.
"""

from model_intelligence.telemetry.event import COLUMNS, ParsedRecord
from model_intelligence.telemetry.formats import fields
from model_intelligence.telemetry.formats.format import (
    EventFormat,
    RawRecord,
    SourceTable,
    call,
    one_or_list,
    total,
)
from model_intelligence.telemetry.formats.tokens import Counts, checked


@total
def normalise(record: RawRecord) -> ParsedRecord:
    """A row of `llm_usage_events`, its fields by their columns' names."""
    get = record.get
    counts = Counts(
        fields.count(get("input_uncached_tokens"), "input_uncached_tokens"),
        fields.count(get("cache_read_tokens"), "cache_read_tokens"),
        fields.count(get("cache_write_tokens"), "cache_write_tokens"),
        fields.count(get("output_tokens"), "output_tokens"),
        fields.count(get("reasoning_tokens"), "reasoning_tokens"),
        fields.count(get("prompt_tokens"), "prompt_tokens"),
        fields.count(get("completion_tokens"), "completion_tokens"),
        fields.count(get("total_tokens"), "total_tokens"),
    )
    return call(
        event_id=fields.required(get("event_id"), "event_id"),
        created_at=fields.required_moment(get("created_at"), "created_at"),
        provider=fields.required_word(get("provider"), "provider"),
        model=fields.required_word(get("model"), "model"),
        counts=checked(counts),
        response_model=fields.label(get("response_model")),
        role=fields.word(get("role"), "role"),
        use_case=fields.word(get("use_case"), "use_case"),
        latency_ms=fields.milliseconds(get("latency_ms"), "latency_ms"),
        time_to_first_token_ms=fields.milliseconds(
            get("time_to_first_token_ms"), "time_to_first_token_ms"
        ),
        call_ok=fields.flag(get("call_ok"), "call_ok"),
        task_ok=fields.flag(get("task_ok"), "task_ok"),
        outcome_source=fields.label(get("outcome_source")),
        error_type=fields.error_class(get("error_type")),
        cost_usd=fields.money(get("cost_usd"), "cost_usd"),
        session_id=fields.label(get("session_id")),
        prompt_version=fields.label(get("prompt_version")),
    )


FORMAT = EventFormat(
    name="native",
    about="rows with the columns of llm_usage_events",
    convention="classes of tokens are disjoint, as recorded",
    fields=COLUMNS,
    normalise=normalise,
    unpack=one_or_list,
    table=SourceTable("llm_usage_events", time="created_at", key="event_id"),
)
