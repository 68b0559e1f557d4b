"""What becomes of records, one by one: conventions, units, outcomes, and nonsense of any kind."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_intelligence.telemetry.event import (
    LeftOut,
    ParsedRecord,
    Rejected,
    TaskVerdict,
    UsageEvent,
)
from model_intelligence.telemetry.formats.error_types import CALLERS_OWN
from model_intelligence.telemetry.formats.fields import EARLIEST
from model_intelligence.telemetry.formats.registry import FORMATS
from model_intelligence.telemetry.formats.tokens import Counts
from model_intelligence.telemetry.load.copy_batches import copy_line
from tests.model_intelligence.telemetry.shapes import WRITERS, calls

CALLS = calls(30)


def taken(shape: str, document: object) -> ParsedRecord:
    """What the door makes of a document with one record."""
    [record] = FORMATS[shape].unpack(document)
    return FORMATS[shape].normalise(record)


def event(shape: str, **changed: Any) -> UsageEvent:
    """An event of a sound record with some fields changed."""
    found = taken(shape, {**WRITERS[shape](CALLS[0]), **changed})
    assert isinstance(found, UsageEvent), found
    return found


def refused(shape: str, **changed: Any) -> str:
    found = taken(shape, {**WRITERS[shape](CALLS[0]), **changed})
    assert isinstance(found, Rejected), found
    return found.reason


def span(**changed: Any) -> ParsedRecord:
    """What becomes of a span with other attributes; None takes one away."""
    document = WRITERS["otel"](CALLS[0])
    [found] = document["resourceSpans"][0]["scopeSpans"][0]["spans"]
    names = {name.replace("__", "."): value for name, value in changed.items()}
    kept = [one for one in found["attributes"] if one["key"] not in names]
    found["attributes"] = kept + [
        {"key": key, "value": value} for key, value in names.items() if value is not None
    ]
    return taken("otel", document)


# Conventions


def counts(found: ParsedRecord) -> tuple[int | None, ...]:
    assert isinstance(found, UsageEvent), found
    return found[7:15]


def usage(**details: int) -> ParsedRecord:
    return taken("langfuse", {**WRITERS["langfuse"](CALLS[0]), "usageDetails": details})


def test_counts_stand_in_the_order_of_an_event() -> None:
    start = UsageEvent._fields.index("input_uncached_tokens")
    named = tuple(f"{name}_tokens" for name in Counts._fields)
    assert UsageEvent._fields[start : start + len(named)] == named


def test_langfuse_counts_are_disjoint_where_they_add_up_so() -> None:
    found = usage(
        input=70, input_cached_tokens=30, output=40, output_reasoning_tokens=10, total=150
    )
    assert counts(found) == (70, 30, None, 40, 10, 100, 50, 150)


def test_langfuse_counts_include_the_cached_where_only_so_they_add_up() -> None:
    found = usage(
        input=100, input_cached_tokens=30, output=50, output_reasoning_tokens=10, total=150
    )
    assert counts(found) == (70, 30, None, 40, 10, 100, 50, 150)


def test_langfuse_counts_without_a_total_are_disjoint() -> None:
    assert counts(usage(input=70, input_cached_tokens=30, output=50))[:6] == (
        70,
        30,
        None,
        50,
        None,
        100,
    )


def test_more_cached_than_input_tokens_shows_that_they_stand_apart() -> None:
    found = span(
        gen_ai__usage__input_tokens={"intValue": "5"},
        gen_ai__usage__cache_read__input_tokens={"intValue": "900"},
        gen_ai__usage__cache_creation__input_tokens=None,
    )
    assert counts(found)[:3] == (5, 900, None)
    assert counts(found)[5] == 905


def test_what_is_not_recorded_is_unknown_and_not_zero() -> None:
    names = ("cache_read__input", "cache_creation__input", "reasoning__output")
    found = span(**{f"gen_ai__usage__{name}_tokens": None for name in names})
    assert isinstance(found, UsageEvent)
    assert (found.cache_read_tokens, found.cache_write_tokens, found.reasoning_tokens) == (
        None,
    ) * 3
    assert found.input_uncached_tokens == found.prompt_tokens
    nothing = event("litellm", prompt_tokens=0, completion_tokens=0, total_tokens=0, spend=0.0)
    assert (nothing.prompt_tokens, nothing.total_tokens, nothing.cost_usd) == (None, None, None)


def test_totals_alone_do_not_tell_what_was_cached() -> None:
    found = event("autopack")
    assert found[7:12] == (None,) * 5
    assert found.prompt_tokens == CALLS[0].prompt


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"total_tokens": 1}, "the total is less than prompt and completion tokens"),
        ({"prompt_tokens": 1}, "prompt_tokens is not the sum of its classes"),
        ({"output_tokens": -1}, "output_tokens is negative"),
        ({"output_tokens": 10**9}, "output_tokens is above 100,000,000"),
        ({"output_tokens": 1.5}, "output_tokens is not a whole number"),
        ({"output_tokens": True}, "output_tokens is not a number"),
        ({"output_tokens": "many"}, "output_tokens is not a number"),
        ({"event_id": None}, "no event_id"),
        (
            {"event_id": "a\x00b"},
            "event_id is longer than 300 characters or holds control characters",
        ),
        ({"provider": ""}, "no provider"),
        ({"created_at": None}, "no created_at"),
        ({"created_at": 1_760_000_000}, "created_at is not a time in ISO 8601"),
        ({"created_at": "yesterday"}, "created_at is not a time in ISO 8601"),
        ({"created_at": "1970-01-01T00:00:01Z"}, "created_at is before 2015"),
        ({"cost_usd": "-0.1"}, "cost_usd is negative"),
        ({"cost_usd": 1_000_000}, "cost_usd is above 10,000 US dollars"),
        ({"cost_usd": "NaN"}, "cost_usd is not a number"),
        ({"cost_usd": Decimal("NaN")}, "cost_usd is not a number"),
        ({"cost_usd": "1e-999999999"}, "cost_usd is too large or too small a number"),
        ({"latency_ms": 10**12}, "latency_ms is above a day; it may be in another unit"),
        ({"call_ok": "perhaps"}, "call_ok is neither true nor false"),
    ],
)
def test_a_field_that_cannot_be_is_refused_by_name_and_never_quoted(
    changed: dict[str, Any], reason: str
) -> None:
    assert refused("native", **changed) == reason


def test_money_is_exact() -> None:
    exact = "0.123456789012345678901234567890"
    assert event("native", cost_usd=Decimal(exact)).cost_usd == Decimal(exact)
    assert event("litellm", spend=0.1).cost_usd == Decimal("0.1")


# Units


def test_a_latency_in_seconds_is_seen_by_how_fast_it_would_be() -> None:
    slow = {
        "output_tokens": 900,
        "reasoning_tokens": 0,
        "completion_tokens": 900,
        "total_tokens": None,
    }
    reason = refused("native", **slow, latency_ms=8, time_to_first_token_ms=None)
    assert reason == "more than 20 tokens per ms; the latency may be in seconds"


def test_a_first_token_after_the_last_is_in_another_unit() -> None:
    assert "the first token comes after the last" in refused(
        "native", latency_ms=60_000, time_to_first_token_ms=60_001
    )


def test_a_duration_in_seconds_is_set_right_by_its_start_and_end() -> None:
    call = CALLS[0]
    in_seconds = event("litellm", request_duration_ms=round(call.latency_ms / 1_000))
    assert in_seconds.latency_ms == call.latency_ms
    in_milliseconds = event("langfuse", latency=call.latency_ms)
    assert in_milliseconds.latency_ms == call.latency_ms


def test_a_duration_that_no_unit_explains_is_refused() -> None:
    assert refused("litellm", request_duration_ms=CALLS[0].latency_ms * 7) == (
        "request_duration_ms contradicts its start and end"
    )


def test_an_end_before_the_start_is_refused() -> None:
    assert refused("litellm", endTime="2025-10-01T00:00:00Z") == "endTime is before the start"


def test_spans_in_milliseconds_are_refused() -> None:
    document = WRITERS["otel"](CALLS[0])
    [found] = document["resourceSpans"][0]["scopeSpans"][0]["spans"]
    found["startTimeUnixNano"] = found["startTimeUnixNano"][:-6]
    reason = "startTimeUnixNano is before 2015; it may be in another unit"
    assert taken("otel", document) == Rejected(reason)


def test_a_time_without_an_offset_is_utc() -> None:
    assert event("autopack", created_at="2026-11-05 12:00:00").created_at == datetime(
        2026, 11, 5, 12, tzinfo=UTC
    )


# What is no call


@pytest.mark.parametrize("name", ["invoke_agent", "execute_tool", "embeddings", None])
def test_agents_and_tools_are_left_out_for_their_calls_count_themselves(name: str | None) -> None:
    value = {"stringValue": name} if name else None
    assert isinstance(span(gen_ai__operation__name=value), LeftOut)


def test_older_names_of_attributes_are_known() -> None:
    old = {"traceId": "a" * 32, "spanId": "b" * 16, "startTimeUnixNano": "1793000000000000000"}
    said = {
        "openinference.span.kind": "LLM",
        "llm.model_name": "claude-sonnet-4-5",
        "llm.token_count.prompt": 100,
        "llm.token_count.completion": 50,
        "llm.token_count.prompt_details.cache_read": 30,
        "traceloop.workflow.name": "review",
    }
    attributes = [
        {"key": k, "value": {"intValue": v} if isinstance(v, int) else {"stringValue": v}}
        for k, v in said.items()
    ]
    found = FORMATS["otel"].normalise(
        {**old, "endTimeUnixNano": "1793000005000000000", "attributes": attributes}
    )
    assert isinstance(found, UsageEvent), found
    assert (found.provider, found.model) == ("anthropic", "claude-sonnet-4-5")
    assert counts(found) == (70, 30, None, 50, None, 100, 50, 150)
    assert (found.latency_ms, found.labels.workflow_name) == (5_000, "review")


@pytest.mark.parametrize(
    ("shape", "changed"),
    [
        ("litellm", {"cache_hit": "True"}),
        ("litellm", {"call_type": "aembedding"}),
        ("langfuse", {"type": "SPAN"}),
        ("langfuse", {"type": "AGENT"}),
    ],
)
def test_what_called_no_model_is_left_out(shape: str, changed: dict[str, Any]) -> None:
    assert isinstance(taken(shape, {**WRITERS[shape](CALLS[0]), **changed}), LeftOut)


# Outcomes


def test_an_evaluation_in_a_spans_events_is_its_verdict() -> None:
    document = WRITERS["otel"](CALLS[0])
    [found] = document["resourceSpans"][0]["scopeSpans"][0]["spans"]
    said = {"gen_ai.evaluation.name": "tests", "gen_ai.evaluation.score.label": "fail"}
    attributes = [{"key": key, "value": {"stringValue": value}} for key, value in said.items()]
    found["events"] = [{"name": "gen_ai.evaluation.result", "attributes": attributes}]
    judged = taken("otel", document)
    assert isinstance(judged, UsageEvent)
    assert (judged.task_ok, judged.outcome_source) == (False, "otel:tests")


@pytest.mark.parametrize(
    ("score", "task_ok"),
    [
        ({"value": 1, "dataType": "BOOLEAN", "stringValue": "True"}, True),
        ({"value": 0}, False),
        ({"value": 0.7}, None),
        ({"value": None, "stringValue": "excellent"}, None),
    ],
)
def test_a_score_is_a_verdict_when_it_is_a_yes_or_a_no(
    score: dict[str, Any], task_ok: bool | None
) -> None:
    found = taken("langfuse", {"id": "s", "observationId": "call-1", "name": "ok", **score})
    expected = None if task_ok is None else TaskVerdict("call-1", task_ok, "langfuse:ok")
    assert found == expected if expected else isinstance(found, LeftOut)


@pytest.mark.parametrize(
    ("error", "own"),
    [
        *((code, True) for code in ("400", "401", "403", "422", "429", "openai.BadRequestError")),
        *((code, True) for code in ("RateLimitError", "authentication_error")),
        *((code, False) for code in ("500", "503", "529", "overloaded_error", "timeout", "404")),
    ],
)
def test_whose_error_it_was_is_told_by_its_class(error: str, *, own: bool) -> None:
    kind = event("native", call_ok=False, error_type=error).error_type
    assert kind is not None
    assert (kind.lower() in CALLERS_OWN) is own


def test_a_message_is_never_taken_for_an_errors_class() -> None:
    assert event("native", error_type="the blue folder was empty").error_type == "other"


# Anything at all

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text(max_size=20)
    | st.datetimes()
    | st.sampled_from(("2026-11-05T12:00:00Z", "0", "-1", "1e400", "True", "GENERATION", "chat"))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("a", "value", "spans", "key")) | st.text(), inner, max_size=3
        )
    ),
    max_leaves=8,
)


def changed(shape: str) -> st.SearchStrategy[dict[str, Any]]:
    """Sound records of which some fields hold anything."""
    sound = st.sampled_from([WRITERS[shape](call) for call in CALLS])
    names = st.sampled_from([*FORMATS[shape].fields, "attributes"])
    wrong = st.dictionaries(names, VALUES | st.integers(-5, 10_000), max_size=4)
    return st.builds(lambda record, other: {**record, **other}, sound, wrong)


def attributes() -> st.SearchStrategy[dict[str, Any]]:
    """Spans of which the attributes hold anything."""
    name = st.sampled_from([one["key"] for one in _span()["attributes"]])
    kind = st.sampled_from(("stringValue", "intValue", "doubleValue", "boolValue", "arrayValue"))
    one = st.builds(lambda k, t, v: {"key": k, "value": {t: v}}, name, kind, VALUES)
    return st.builds(
        lambda more, code: {
            **_span(),
            "attributes": [*_span()["attributes"], *more],
            "status": code,
        },
        st.lists(one, max_size=5),
        VALUES,
    )


def _span() -> dict[str, Any]:
    document = WRITERS["otel"](CALLS[0])
    span_: dict[str, Any] = document["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    return span_


def check(found: ParsedRecord) -> None:
    """Whatever holds of every outcome."""
    if isinstance(found, (LeftOut, Rejected)):
        assert found.reason
        return
    if isinstance(found, TaskVerdict):
        assert found.event_id
        return
    tokens = found[7:15]
    fresh, read, written, output, thought, prompt, completion, total = tokens
    assert all(one is None or (type(one) is int and one >= 0) for one in tokens)
    assert found.created_at.tzinfo is UTC
    assert found.created_at >= EARLIEST
    assert found.event_id
    assert found.provider
    assert found.model
    if fresh is not None:
        assert prompt == fresh + (read or 0) + (written or 0)
    if output is not None:
        assert completion == output + (thought or 0)
    if total is not None:
        assert total >= (prompt or 0) + (completion or 0)
    for milliseconds in (found.latency_ms, found.time_to_first_token_ms):
        assert milliseconds is None or (type(milliseconds) is int and milliseconds >= 0)
    assert found.cost_usd is None or 0 <= found.cost_usd <= 10_000
    line = copy_line(found)
    assert line.count("\n") == 1
    assert line.count("\t") == len(found) - 2


@pytest.mark.parametrize("shape", list(WRITERS))
def test_anything_at_all_is_an_event_or_has_a_reason(shape: str) -> None:
    @settings(max_examples=300, deadline=None)
    @given(VALUES | changed(shape) | attributes())
    def holds(document: object) -> None:
        for record in FORMATS[shape].unpack(document):
            check(FORMATS[shape].normalise(record))

    holds()


@given(st.text(max_size=40))
def test_names_arrive_in_postgresql_as_they_are(name: str) -> None:
    found = taken("native", {**WRITERS["native"](CALLS[0]), "session_id": name, "model": name})
    if isinstance(found, UsageEvent):
        assert found.model == name.strip()
        assert "\x00" not in found.model


@pytest.mark.parametrize(
    ("door", "said"), [("native", {"prompt_version": "7"}), ("langfuse", {"promptVersion": 7})]
)
def test_the_version_of_the_prompt_is_kept_where_a_source_tells_it(
    door: str, said: dict[str, object]
) -> None:
    assert event(door).prompt_version is None
    assert event(door, **said).prompt_version == "7"


@pytest.mark.parametrize(
    ("model", "provider"),
    [
        ("us.anthropic.claude-sonnet-5", "aws-us"),
        ("bedrock/us.anthropic.claude-sonnet-5", "aws-us"),
        ("anthropic.claude-3-haiku-20240307-v1:0", "aws"),
        ("arn:aws:bedrock:us-east-1:1:application-inference-profile/x", "aws"),
    ],
)
def test_a_call_of_bedrock_is_one_of_the_area_that_its_model_names(
    model: str, provider: str
) -> None:
    found = event("litellm", model=model, custom_llm_provider="bedrock")
    assert (found.provider, found.model) == (provider, model.removeprefix("bedrock/"))
