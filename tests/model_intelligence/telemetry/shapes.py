"""The same calls as each kind of source would have recorded them."""

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

SECRET = "please do not tell anybody about the blue folder"
START = datetime(2025, 11, 1, tzinfo=UTC)
MODELS = (("anthropic", "claude-sonnet-4-5"), ("openai", "gpt-5"), ("google", "gemini-2.5-pro"))
ROLES = {"builder": "tag", "auditor": "prompt", "tidy": "workflow"}
OTEL_PROVIDERS = {"google": "gcp.gemini"}
LITELLM_PROVIDERS = {"google": "gemini"}
RULES = """
telemetry:
  rules:
    - {match: {tag: "team-builder-*"}, role: builder, use_case: builder_low}
    - {match: {tag: "team-auditor-*"}, role: auditor, use_case: auditor_low}
    - {match: {tag: "team-tidy-*"}, role: tidy, use_case: tidy_semantic}
    - {match: {prompt_name: "builder/*"}, role: builder, use_case: builder_low}
    - {match: {prompt_name: "auditor/*"}, role: auditor, use_case: auditor_low}
    - {match: {prompt_name: "tidy/*"}, role: tidy, use_case: tidy_semantic}
    - {match: {role: builder}, use_case: builder_low}
    - {match: {role: auditor}, use_case: auditor_low}
    - {match: {role: tidy}, use_case: tidy_semantic}
"""
USE_CASES = {"builder": "builder_low", "auditor": "auditor_low", "tidy": "tidy_semantic"}


@dataclass(frozen=True)
class Call:
    """What truly happened; the classes of tokens are disjoint."""

    number: int
    at: datetime
    provider: str
    model: str
    role: str
    fresh: int
    read: int
    written: int
    output: int
    thought: int
    latency_ms: int
    first_token_ms: int
    error: str | None
    usd: str | None

    @property
    def prompt(self) -> int:
        """All that was sent."""
        return self.fresh + self.read + self.written

    @property
    def completion(self) -> int:
        """All that was received."""
        return self.output + self.thought

    @property
    def end(self) -> datetime:
        """When the last token came."""
        return self.at + timedelta(milliseconds=self.latency_ms)

    @property
    def first_token(self) -> datetime:
        """When the first token came."""
        return self.at + timedelta(milliseconds=self.first_token_ms)


def calls(count: int = 1_000) -> list[Call]:
    """The same calls in every run, some of them failed."""
    chance = random.Random(11)  # noqa: S311
    made = []
    for number in range(count):
        provider, model = chance.choice(MODELS)
        error = chance.choice((None,) * 20 + ("400", "429", "500", "overloaded_error"))
        latency_ms = chance.randint(400, 60_000)
        made.append(
            Call(
                number,
                START + timedelta(milliseconds=chance.randrange(20 * 86_400_000)),
                provider,
                model,
                chance.choice(tuple(ROLES)),
                *(chance.randint(1, 9_000), chance.randint(0, 5_000), chance.randint(0, 300)),
                *(chance.randint(1, 1_500), chance.randint(0, 900)),
                latency_ms,
                chance.randint(50, latency_ms),
                error,
                None if error else f"0.{chance.randint(1, 99_999_999):08}",
            )
        )
    return made


def native(call: Call) -> dict[str, Any]:
    """A row of our own table."""
    return {
        "event_id": f"call-{call.number}",
        "created_at": call.at.isoformat(),
        "provider": call.provider,
        "model": call.model,
        "role": call.role,
        "use_case": USE_CASES[call.role],
        "input_uncached_tokens": call.fresh,
        "cache_read_tokens": call.read,
        "cache_write_tokens": call.written,
        "output_tokens": call.output,
        "reasoning_tokens": call.thought,
        "prompt_tokens": call.prompt,
        "completion_tokens": call.completion,
        "total_tokens": call.prompt + call.completion,
        "latency_ms": call.latency_ms,
        "time_to_first_token_ms": call.first_token_ms,
        "call_ok": call.error is None,
        "error_type": call.error,
        "cost_usd": call.usd,
        "session_id": f"session-{call.number // 5}",
        "messages": [{"role": "user", "content": SECRET}],
    }


def autopack(call: Call) -> dict[str, Any]:
    """A row of the original system's table, its times without an offset."""
    return {
        "id": call.number + 1,
        "provider": call.provider,
        "model": call.model,
        "run_id": f"session-{call.number // 5}",
        "phase_id": "phase",
        "role": call.role,
        "total_tokens": call.prompt + call.completion,
        "prompt_tokens": call.prompt,
        "completion_tokens": call.completion,
        "created_at": call.at.replace(tzinfo=None).isoformat(),
        "client_id": None,
        "is_doctor_call": False,
        "doctor_model": None,
        "doctor_action": None,
        "phase_type": "build",
        "intent": None,
    }


def litellm(call: Call) -> dict[str, Any]:
    """A row of `LiteLLM_SpendLogs`: prompt tokens include cached ones, 0 is the default."""
    provider = LITELLM_PROVIDERS.get(call.provider, call.provider)
    error = {"error_code": call.error, "error_message": SECRET, "error_class": "SomeError"}
    metadata = {
        "usage_object": {
            "prompt_tokens": call.prompt,
            "completion_tokens": call.completion,
            "total_tokens": call.prompt + call.completion,
            "prompt_tokens_details": {"cached_tokens": call.read},
            "completion_tokens_details": {"reasoning_tokens": call.thought},
            "cache_read_input_tokens": call.read,
            "cache_creation_input_tokens": call.written,
        },
        "error_information": error if call.error else None,
    }
    return {
        "request_id": f"call-{call.number}",
        "call_type": "acompletion",
        "spend": float(call.usd or 0),
        "total_tokens": call.prompt + call.completion,
        "prompt_tokens": call.prompt,
        "completion_tokens": call.completion,
        "startTime": _millis(call.at),
        "endTime": _millis(call.end),
        "request_duration_ms": call.latency_ms,
        "completionStartTime": _millis(call.first_token),
        "model": f"{provider}/{call.model}" if call.number % 2 else call.model,
        "model_group": "our-model",
        "custom_llm_provider": provider,
        "metadata": metadata,
        "cache_hit": "False",
        "request_tags": [f"team-{call.role}-eu", "production"],
        "session_id": f"session-{call.number // 5}",
        "status": "failure" if call.error else "success",
        "messages": [{"role": "user", "content": SECRET}],
        "response": {"content": SECRET},
        "proxy_server_request": {"body": SECRET},
    }


def _millis(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def otel(call: Call) -> dict[str, Any]:
    """A span: input includes cached tokens, output includes reasoning, integers are texts."""
    said: dict[str, Any] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": OTEL_PROVIDERS.get(call.provider, call.provider),
        "gen_ai.request.model": call.model,
        "gen_ai.usage.input_tokens": call.prompt,
        "gen_ai.usage.output_tokens": call.completion,
        "gen_ai.usage.cache_read.input_tokens": call.read,
        "gen_ai.usage.cache_creation.input_tokens": call.written,
        "gen_ai.usage.reasoning.output_tokens": call.thought,
        "gen_ai.response.time_to_first_chunk": call.first_token_ms / 1_000,
        "gen_ai.prompt.name": f"{call.role}/v3",
        "gen_ai.conversation.id": f"session-{call.number // 5}",
        "gen_ai.input.messages": SECRET,
    }
    if call.usd:
        said["gen_ai.usage.cost"] = float(call.usd)
    if call.error:
        said["error.type"] = call.error
    span = {
        "traceId": f"{call.number // 5:032x}",
        "spanId": f"{call.number:016x}",
        "name": f"chat {call.model}",
        "startTimeUnixNano": str(_nanos(call.at)),
        "endTimeUnixNano": str(_nanos(call.end)),
        "attributes": [{"key": key, "value": _otlp(value)} for key, value in said.items()],
        "status": {"code": 2, "message": SECRET} if call.error else {},
    }
    return {"resourceSpans": [{"resource": {}, "scopeSpans": [{"scope": {}, "spans": [span]}]}]}


def _nanos(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1_000


def _otlp(value: object) -> dict[str, object]:
    if isinstance(value, float):
        return {"doubleValue": value}
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}


def langfuse(call: Call) -> dict[str, Any]:
    """An observation of which Langfuse has subtracted what was cached; durations in seconds."""
    return {
        "id": f"call-{call.number}",
        "traceId": f"trace-{call.number // 5}",
        "type": "GENERATION",
        "startTime": _millis(call.at),
        "endTime": _millis(call.end),
        "completionStartTime": _millis(call.first_token),
        "providedModelName": call.model,
        "usageDetails": {
            "input": call.fresh,
            "input_cached_tokens": call.read,
            "cache_creation_input_tokens": call.written,
            "output": call.output,
            "output_reasoning_tokens": call.thought,
            "total": call.prompt + call.completion,
        },
        "totalCost": None if call.usd is None else float(call.usd),
        "latency": call.latency_ms / 1_000,
        "timeToFirstToken": call.first_token_ms / 1_000,
        "level": "ERROR" if call.error else "DEFAULT",
        "statusMessage": SECRET if call.error else None,
        "promptName": f"{call.role}/v3",
        "sessionId": f"session-{call.number // 5}",
        "metadata": {"attributes": {"error.type": call.error}} if call.error else {},
        "input": [{"role": "user", "content": SECRET}],
        "output": {"content": SECRET},
    }


WRITERS = {
    "native": native,
    "autopack": autopack,
    "litellm": litellm,
    "otel": otel,
    "langfuse": langfuse,
}


def json_lines(shape: str, made: Iterable[Call]) -> str:
    """The calls in that shape, one a line."""
    return "".join(json.dumps(WRITERS[shape](call)) + "\n" for call in made)
