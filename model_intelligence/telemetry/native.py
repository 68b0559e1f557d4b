"""Our own table and files with its columns: calls as `llm_usage_events` has them.

Token classes are disjoint; a total that is missing is derived from its classes.
"""

from model_intelligence.telemetry import values
from model_intelligence.telemetry.door import Door, Record, Table, call, one_or_list, total
from model_intelligence.telemetry.event import COLUMNS, Outcome
from model_intelligence.telemetry.tokens import Counts, checked


@total
def normalise(record: Record) -> Outcome:
    """A row of `llm_usage_events`, its fields by their columns' names."""
    get = record.get
    counts = Counts(
        values.count(get("input_uncached_tokens"), "input_uncached_tokens"),
        values.count(get("cache_read_tokens"), "cache_read_tokens"),
        values.count(get("cache_write_tokens"), "cache_write_tokens"),
        values.count(get("output_tokens"), "output_tokens"),
        values.count(get("reasoning_tokens"), "reasoning_tokens"),
        values.count(get("prompt_tokens"), "prompt_tokens"),
        values.count(get("completion_tokens"), "completion_tokens"),
        values.count(get("total_tokens"), "total_tokens"),
    )
    return call(
        event_id=values.required(get("event_id"), "event_id"),
        created_at=values.required_moment(get("created_at"), "created_at"),
        provider=values.required_word(get("provider"), "provider"),
        model=values.required_word(get("model"), "model"),
        counts=checked(counts),
        response_model=values.label(get("response_model")),
        role=values.word(get("role"), "role"),
        use_case=values.word(get("use_case"), "use_case"),
        latency_ms=values.milliseconds(get("latency_ms"), "latency_ms"),
        time_to_first_token_ms=values.milliseconds(
            get("time_to_first_token_ms"), "time_to_first_token_ms"
        ),
        call_ok=values.flag(get("call_ok"), "call_ok"),
        task_ok=values.flag(get("task_ok"), "task_ok"),
        outcome_source=values.label(get("outcome_source")),
        error_type=values.error_class(get("error_type")),
        cost_usd=values.money(get("cost_usd"), "cost_usd"),
        session_id=values.label(get("session_id")),
        prompt_version=values.label(get("prompt_version")),
    )


DOOR = Door(
    name="native",
    about="rows with the columns of llm_usage_events",
    convention="classes of tokens are disjoint, as recorded",
    fields=COLUMNS,
    normalise=normalise,
    unpack=one_or_list,
    table=Table("llm_usage_events", time="created_at", key="event_id"),
)
