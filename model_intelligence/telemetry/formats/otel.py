"""OpenTelemetry GenAI spans: OTLP JSON lines, `resourceSpans[].scopeSpans[].spans[]`.

Input includes cached tokens, output includes reasoning, 64-bit integers are texts. Only model
calls count: agent and workflow spans sum up their children. Attributes that hold messages are never
read. The id is trace and span.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from model_intelligence.telemetry.event import Labels, LeftOut, ParsedRecord, Unfit
from model_intelligence.telemetry.formats import fields
from model_intelligence.telemetry.formats.format import EventFormat, RawRecord, call, first, total
from model_intelligence.telemetry.formats.providers import bare, maker_of, provider_named
from model_intelligence.telemetry.formats.tokens import Counts, settle

CALLS = {"chat", "generate_content", "text_completion", "completion", "llm"}
KIND = ("gen_ai.operation.name", "llm.request.type", "openinference.span.kind")
PROVIDER = ("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system")
MODEL = ("gen_ai.request.model", "llm.model_name", "gen_ai.response.model")
SENT = ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt")
RECEIVED = (
    *("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
    "llm.token_count.completion",
)
CACHE_READ = (
    *("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens"),
    "llm.token_count.prompt_details.cache_read",
)
CACHE_WRITE = (
    *("gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens"),
    *("gen_ai.usage.cache_creation_input_tokens", "llm.token_count.prompt_details.cache_write"),
)
REASONING = (
    *("gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens"),
    "llm.token_count.completion_details.reasoning",
)
TOTAL = ("gen_ai.usage.total_tokens", "llm.usage.total_tokens", "llm.token_count.total")
TO_FIRST_CHUNK = "gen_ai.response.time_to_first_chunk"
COST = ("gen_ai.usage.cost", "llm.cost.total")
EVALUATION = "gen_ai.evaluation.result"
JUDGED = tuple(f"gen_ai.evaluation.{part}" for part in ("name", "score.label", "score.value"))
OTHERS = (
    *("error.type", "gen_ai.prompt.name", "gen_ai.conversation.id", "session.id"),
    *("traceloop.workflow.name", "tag.tags", TO_FIRST_CHUNK, "gen_ai.response.model"),
)
WANTED = frozenset(
    (
        *(*KIND, *PROVIDER, *MODEL, *SENT, *RECEIVED, *CACHE_READ, *CACHE_WRITE, *REASONING),
        *(*TOTAL, *COST, *JUDGED, *OTHERS),
    )
)
NO_CALL = LeftOut("a span of another operation (agent, tool, embeddings, …)")
# In the JSON form of protobuf an enumeration is a number or its name; some exporters quote the
# number.
STATUS_ERROR = {2, "2", "STATUS_CODE_ERROR"}


def spans(document: object) -> Iterator[object]:
    """Every span of an OTLP document; the document itself where it is none."""
    if not isinstance(document, dict) or not isinstance(document.get("resourceSpans"), list):
        yield document
        return
    for resource in document["resourceSpans"]:
        # The second name is the one from before OTLP 0.15.
        for scope in _list(resource, "scopeSpans", "instrumentationLibrarySpans"):
            yield from _list(scope, "spans")


def _list(value: object, *names: str) -> list[object]:
    found = first(value, *names) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


@total
def normalise(record: RawRecord) -> ParsedRecord:
    """A span."""
    if "spanId" not in record or "traceId" not in record:
        raise Unfit("not a span: traceId or spanId is missing")
    said = _attributes(record.get("attributes"))
    if str(first(said, *KIND)).lower() not in CALLS:
        return NO_CALL
    start = _moment(record.get("startTimeUnixNano"), "startTimeUnixNano")
    end = _moment(record.get("endTimeUnixNano"), "endTimeUnixNano")
    model = fields.required_word(first(said, *MODEL), "gen_ai.request.model")
    named = fields.word(first(said, *PROVIDER), "gen_ai.provider.name")
    provider = provider_named(named) if named else maker_of(model)
    if provider is None:
        raise Unfit("no gen_ai.provider.name, and the model's name implies no provider")
    ok, error = _outcome(record, said)
    task_ok, judge = _verdict(record, said)
    trace, span = fields.required(record["traceId"], "traceId"), record["spanId"]
    return call(
        event_id=f"{trace}:{fields.required(span, 'spanId')}".lower(),
        created_at=start,
        provider=provider,
        model=bare(model, provider),
        response_model=fields.label(said.get("gen_ai.response.model")),
        counts=_counts(said),
        latency_ms=fields.between(start, end, "endTimeUnixNano"),
        time_to_first_token_ms=fields.milliseconds(
            said.get(TO_FIRST_CHUNK), TO_FIRST_CHUNK, per_unit=1_000
        ),
        call_ok=ok,
        error_type=error,
        task_ok=task_ok,
        outcome_source=judge,
        cost_usd=fields.money(first(said, *COST), "gen_ai.usage.cost"),
        session_id=fields.label(first(said, "gen_ai.conversation.id", "session.id")),
        labels=Labels(
            tags=fields.labels(said.get("tag.tags")),
            prompt_name=fields.label(said.get("gen_ai.prompt.name")),
            workflow_name=fields.label(said.get("traceloop.workflow.name")),
        ),
    )


def _attributes(listed: object) -> dict[str, object]:
    """The attributes in WANTED; the values of all others, such as messages, are never read."""
    if not isinstance(listed, list):
        return {}
    return {
        one["key"]: _plain(one.get("value"))
        for one in listed
        if isinstance(one, dict) and isinstance(one.get("key"), str) and one["key"] in WANTED
    }


def _plain(value: object) -> object:
    if not isinstance(value, dict):
        return None
    listed = value.get("arrayValue")
    if isinstance(listed, dict):
        return [_plain(one) for one in _list(listed, "values")]
    return first(value, "stringValue", "intValue", "doubleValue", "boolValue")


def _moment(value: object, name: str) -> datetime:
    try:
        nanoseconds = int(value) if isinstance(value, (str, int)) else None
        if nanoseconds is None:
            raise Unfit(f"no {name}")
        # To the microsecond, which is all that datetime and PostgreSQL keep.
        when = fields.EPOCH + timedelta(microseconds=nanoseconds // 1_000)
    except (ValueError, OverflowError) as error:
        raise Unfit(f"{name} is not a number of nanoseconds") from error
    if when < fields.EARLIEST:
        raise Unfit(f"{name} is before {fields.EARLIEST.year}; it may be in another unit")
    return when


def _outcome(record: RawRecord, said: RawRecord) -> tuple[bool, str | None]:
    status = record.get("status")
    code = status.get("code") if isinstance(status, dict) else None
    error = fields.error_class(said.get("error.type"))
    # Without an error instrumentation leaves the status unset, so that counts as a success.
    failed = error is not None or (isinstance(code, (int, str)) and code in STATUS_ERROR)
    return not failed, error or ("other" if failed else None)


def _verdict(record: RawRecord, said: RawRecord) -> tuple[bool | None, str | None]:
    """The evaluations on the span and in its events: one failure is enough."""
    happened = [one for one in _list(record, "events") if isinstance(one, dict)]
    told = [_attributes(one.get("attributes")) for one in happened if one.get("name") == EVALUATION]
    name, label, value = JUDGED
    judged = [
        (passed, fields.label(one.get(name)))
        for one in (said, *told)
        if (passed := fields.passed(one.get(label), one.get(value))) is not None
    ]
    if not judged:
        return None, None
    passed, judge = min(judged, key=lambda one: one[0])
    return passed, f"otel:{judge}" if judge else "otel"


def _counts(said: Mapping[str, object]) -> Counts:
    return settle(
        sent=fields.count(first(said, *SENT), SENT[0]),
        cache_read=fields.count(first(said, *CACHE_READ), CACHE_READ[0]),
        cache_write=fields.count(first(said, *CACHE_WRITE), CACHE_WRITE[0]),
        received=fields.count(first(said, *RECEIVED), RECEIVED[0]),
        reasoning=fields.count(first(said, *REASONING), REASONING[0]),
        total=fields.count(first(said, *TOTAL), TOTAL[0]),
        cached_included=True,
        reasoning_included=True,
    )


FORMAT = EventFormat(
    name="otel",
    about="OpenTelemetry GenAI spans as OTLP JSON lines",
    convention="input tokens include cached ones, output tokens include reasoning",
    fields=("resourceSpans",),
    normalise=normalise,
    unpack=spans,
)
