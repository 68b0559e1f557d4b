"""LiteLLM's proxy: rows of `LiteLLM_SpendLogs`, from its database or exported.

`prompt_tokens` includes what was read from and written to the cache, `completion_tokens` includes
reasoning; `metadata.usage_object` has the parts. Unknown counts and an unknown `spend` are 0.
Times are UTC. `messages`, `response` and `proxy_server_request` are never read.
"""

from collections.abc import Mapping

from model_intelligence.telemetry.event import Labels, LeftOut, ParsedRecord, Unfit
from model_intelligence.telemetry.formats import fields
from model_intelligence.telemetry.formats.format import (
    EventFormat,
    RawRecord,
    SourceTable,
    agreed_duration,
    call,
    first,
    one_or_list,
    total,
)
from model_intelligence.telemetry.formats.providers import bare, maker_of, provider_named
from model_intelligence.telemetry.formats.tokens import Counts, settle

FIELDS = (
    *("request_id", "call_type", "spend", "total_tokens", "prompt_tokens", "completion_tokens"),
    *("startTime", "endTime", "request_duration_ms", "completionStartTime", "model", "model_group"),
    *("custom_llm_provider", "metadata", "cache_hit", "request_tags", "session_id", "status"),
)
OTHER_KINDS = (
    *("embedding", "image", "transcription", "speech", "moderation", "rerank", "search", "video"),
    *("batch", "file", "vector_store", "mcp", "assistant", "thread", "realtime", "ocr"),
)
FROM_CACHE = LeftOut("an answer from the proxy's own cache; no model was called")
NO_CALL = LeftOut("a call of another type (embedding, image, audio, files, …)")


@total
def normalise(record: RawRecord) -> ParsedRecord:
    """A row of `LiteLLM_SpendLogs`."""
    get = record.get
    # The column is a text, not a boolean.
    if str(get("cache_hit")).lower() == "true":
        return FROM_CACHE
    kind = str(get("call_type") or "").lower()
    if any(other in kind for other in OTHER_KINDS):
        return NO_CALL
    metadata = fields.mapping(get("metadata"))
    start = fields.required_moment(get("startTime"), "startTime")
    model = fields.required_word(get("model"), "model")
    provider = _provider(record, model)
    by_clock = fields.between(start, fields.moment(get("endTime"), "endTime"), "endTime")
    said = fields.milliseconds(get("request_duration_ms"), "request_duration_ms")
    first_token = fields.moment(get("completionStartTime"), "completionStartTime")
    ok = _ok(first(record, "status") or metadata.get("status"))
    return call(
        event_id=fields.required(get("request_id"), "request_id"),
        created_at=start,
        provider=provider,
        model=bare(model, provider),
        counts=_counts(record, fields.mapping(metadata.get("usage_object"))),
        latency_ms=agreed_duration(by_clock, said, "request_duration_ms"),
        time_to_first_token_ms=fields.between(start, first_token, "completionStartTime"),
        call_ok=ok,
        error_type=_error(metadata) if ok is False else None,
        cost_usd=fields.money(get("spend"), "spend") or None,  # 0: LiteLLM had no price
        session_id=fields.label(get("session_id")),
        labels=Labels(tags=fields.labels(get("request_tags"))),
    )


def _provider(record: RawRecord, model: str) -> str:
    named = fields.word(record.get("custom_llm_provider"), "custom_llm_provider")
    provider = provider_named(named) if named else maker_of(model)
    if provider is None:
        raise Unfit("no custom_llm_provider, and the model's name implies no provider")
    return provider


def _ok(status: object) -> bool | None:
    word = str(status).lower()
    return word == "success" if word in {"success", "failure"} else None


def _error(metadata: Mapping[str, object]) -> str:
    told = fields.mapping(metadata.get("error_information"))
    return fields.error_class(first(told, "error_code", "error_class")) or "other"


def _counts(record: RawRecord, usage: RawRecord) -> Counts:
    sent = fields.count(record.get("prompt_tokens"), "prompt_tokens")
    received = fields.count(record.get("completion_tokens"), "completion_tokens")
    both = fields.count(record.get("total_tokens"), "total_tokens")
    # The proxy writes 0 where the provider stated no usage; a call of no tokens at all does not
    # exist.
    if not sent and not received:
        sent = received = None
    prompt = fields.mapping(usage.get("prompt_tokens_details"))
    completion = fields.mapping(usage.get("completion_tokens_details"))
    read = first(usage, "cache_read_input_tokens")
    written = first(usage, "cache_creation_input_tokens")
    return settle(
        sent=sent,
        cache_read=fields.count(
            first(prompt, "cached_tokens") if read is None else read, "cached tokens"
        ),
        cache_write=fields.count(
            first(prompt, "cache_creation_tokens") if written is None else written,
            "tokens written to the cache",
        ),
        received=received,
        reasoning=fields.count(completion.get("reasoning_tokens"), "reasoning_tokens"),
        total=both or None,
        cached_included=True,
        reasoning_included=True,
    )


FORMAT = EventFormat(
    name="litellm",
    about="rows of LiteLLM_SpendLogs",
    convention="prompt tokens include cached ones, completion tokens include reasoning",
    fields=FIELDS,
    normalise=normalise,
    unpack=one_or_list,
    table=SourceTable("LiteLLM_SpendLogs", time="startTime", key="request_id"),
)
