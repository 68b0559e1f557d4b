"""Langfuse exports of observations (JSON lines or CSV; API pages too) and of scores.

`usage_details` counts disjoint kinds of tokens where Langfuse itself subtracted what was cached,
and counts that include it where an application sent them so: their `total` shows which. `latency`
and `time_to_first_token` are seconds. `input`, `output` and `status_message` are never read.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from model_intelligence.telemetry.event import Labels, LeftOut, ParsedRecord, TaskVerdict, Unfit
from model_intelligence.telemetry.formats import fields
from model_intelligence.telemetry.formats.format import (
    EventFormat,
    RawRecord,
    agreed_duration,
    call,
    first,
    one_or_list,
    total,
)
from model_intelligence.telemetry.formats.providers import bare, maker_of, provider_named
from model_intelligence.telemetry.formats.tokens import Counts, settle

START, END = ("start_time", "startTime"), ("end_time", "endTime")
FIRST_TOKEN = ("completion_start_time", "completionStartTime")
MODEL = ("provided_model_name", "providedModelName", "model")
USAGE, COSTS = ("usage_details", "usageDetails"), ("cost_details", "costDetails")
COST = ("total_cost", "totalCost", "calculatedTotalCost")
PROMPT, WAIT = ("prompt_name", "promptName"), ("time_to_first_token", "timeToFirstToken")
PROMPT_VERSION = ("prompt_version", "promptVersion")
SESSION, OBSERVATION = ("session_id", "sessionId"), ("observation_id", "observationId")
WORD = ("string_value", "stringValue")
PROVIDER = ("provider", "gen_ai.provider.name", "gen_ai.system", "ls_provider")
ERROR = ("error_type", "error.type", "status_code")
FIELDS = (
    *("id", "type", "level", "latency", "metadata", "tags", "name", "value", "role"),
    *(*START, *END, *FIRST_TOKEN, *MODEL, *USAGE, *COSTS, *COST, *PROMPT, *WAIT, *SESSION),
    *(*OBSERVATION, *WORD, *PROMPT_VERSION),
)
CACHE_READ = (
    *("input_cached_tokens", "cache_read_input_tokens", "input_cache_read", "cached_tokens"),
)
CACHE_WRITE = ("cache_creation_input_tokens", "input_cache_creation", "input_cache_write")
REASONING = ("output_reasoning_tokens", "reasoning_tokens", "output_reasoning", "reasoning")
NO_CALL = LeftOut("an observation that is not a generation (span, event, agent, tool, …)")
NO_VERDICT = LeftOut("a score that is not a pass or fail of one observation")


@total
def normalise(record: RawRecord) -> ParsedRecord:
    """An observation, or a score of one."""
    kind = record.get("type")
    # Scores are exported beside observations, and have no type.
    if kind is None and "value" in record:
        return _score(record)
    if kind != "GENERATION":
        return NO_CALL
    metadata = _metadata(record)
    start = fields.required_moment(first(record, *START), "start_time")
    model = fields.required_word(first(record, *MODEL), "provided_model_name")
    named = fields.word(first(metadata, *PROVIDER), "metadata.provider")
    provider = provider_named(named) if named else maker_of(model)
    if provider is None:
        raise Unfit("no metadata.provider, and the model's name implies no provider")
    failed = str(record.get("level")).upper() == "ERROR"
    latency_ms, first_token_ms = _durations(record, start)
    return call(
        event_id=fields.required(record.get("id"), "id"),
        created_at=start,
        provider=provider,
        model=bare(model, provider),
        counts=_counts(fields.mapping(first(record, *USAGE))),
        latency_ms=latency_ms,
        time_to_first_token_ms=first_token_ms,
        call_ok=not failed,
        error_type=(fields.error_class(first(metadata, *ERROR)) or "other") if failed else None,
        cost_usd=_cost(record),
        session_id=fields.label(first(record, *SESSION)),
        prompt_version=fields.label(first(record, *PROMPT_VERSION)),
        labels=Labels(
            tags=fields.labels(first(record, "tags") or metadata.get("tags")),
            prompt_name=fields.label(first(record, *PROMPT)),
            workflow_name=fields.label(metadata.get("traceloop.workflow.name")),
        ),
    )


def _score(record: RawRecord) -> ParsedRecord:
    observation = fields.label(first(record, *OBSERVATION))
    passed = fields.passed(first(record, *WORD), record.get("value"))
    if observation is None or passed is None:
        return NO_VERDICT
    name = fields.label(record.get("name"))
    return TaskVerdict(observation, passed, f"langfuse:{name}" if name else "langfuse")


def _metadata(record: RawRecord) -> dict[str, object]:
    """Attributes of OpenTelemetry and metadata of the application, which takes precedence."""
    said = fields.mapping(record.get("metadata"))
    return {**fields.mapping(said.get("attributes")), **said}


def _durations(record: RawRecord, start: datetime) -> tuple[int | None, int | None]:
    end = fields.moment(first(record, *END), "end_time")
    first_token = fields.moment(first(record, *FIRST_TOKEN), "completion_start_time")
    latency = fields.milliseconds(record.get("latency"), "latency", per_unit=1_000)
    wait = fields.milliseconds(first(record, *WAIT), "time_to_first_token", per_unit=1_000)
    return (
        agreed_duration(fields.between(start, end, "end_time"), latency, "latency"),
        agreed_duration(
            fields.between(start, first_token, "completion_start_time"), wait, "time_to_first_token"
        ),
    )


def _cost(record: RawRecord) -> Decimal | None:
    said = first(record, *COST)
    if said is None:
        said = fields.mapping(first(record, *COSTS)).get("total")
    return fields.money(said, "total_cost")


def _counts(usage: Mapping[str, object]) -> Counts:
    return settle(
        sent=fields.count(first(usage, "input", "prompt_tokens"), "usage_details.input"),
        cache_read=fields.count(first(usage, *CACHE_READ), "usage_details, cached"),
        cache_write=fields.count(first(usage, *CACHE_WRITE), "usage_details, written to the cache"),
        received=fields.count(first(usage, "output", "completion_tokens"), "usage_details.output"),
        reasoning=fields.count(first(usage, *REASONING), "usage_details, reasoning"),
        total=fields.count(first(usage, "total", "total_tokens"), "usage_details.total"),
        cached_included=False,
        reasoning_included=False,
    )


FORMAT = EventFormat(
    name="langfuse",
    about="Langfuse observations and scores as JSON lines or CSV",
    convention="token classes are disjoint unless their total shows otherwise",
    fields=FIELDS,
    normalise=normalise,
    unpack=one_or_list,
    csv=True,
)
