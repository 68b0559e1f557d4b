"""Rows of AutoPack's `llm_usage_events`: tokens, but no success, latency or cost.

Ids are only unique within that table, so they are stored as `autopack:<id>`. Times without an
offset are UTC. What the table has no column for stays unknown.
"""

from model_intelligence.telemetry.event import Labels, ParsedRecord
from model_intelligence.telemetry.formats import fields
from model_intelligence.telemetry.formats.format import (
    EventFormat,
    RawRecord,
    SourceTable,
    call,
    one_or_list,
    total,
)
from model_intelligence.telemetry.formats.providers import bare, provider_named
from model_intelligence.telemetry.formats.tokens import Counts, checked

FIELDS = (
    *("id", "provider", "model", "run_id", "phase_id", "role", "total_tokens", "prompt_tokens"),
    *("completion_tokens", "created_at", "client_id", "is_doctor_call", "doctor_model"),
    *("doctor_action", "phase_type", "intent"),
)
TAGGED = ("phase_type", "intent", "doctor_action", "client_id")


@total
def normalise(record: RawRecord) -> ParsedRecord:
    """A row of AutoPack's table; a call of its doctor without a role gets the role `doctor`."""
    get = record.get
    provider = provider_named(fields.required_word(get("provider"), "provider"))
    is_doctor = fields.flag(get("is_doctor_call"), "is_doctor_call")
    counts = Counts(
        prompt=fields.count(get("prompt_tokens"), "prompt_tokens"),
        completion=fields.count(get("completion_tokens"), "completion_tokens"),
        total=fields.count(get("total_tokens"), "total_tokens"),
    )
    return call(
        event_id=f"autopack:{fields.required(get('id'), 'id')}",
        created_at=fields.required_moment(get("created_at"), "created_at"),
        provider=provider,
        model=bare(fields.required_word(get("model"), "model"), provider),
        counts=checked(counts),
        role=fields.word(get("role"), "role") or ("doctor" if is_doctor else None),
        session_id=fields.label(get("run_id")),
        labels=Labels(tags=_tags(record)),
    )


def _tags(record: RawRecord) -> tuple[str, ...]:
    found = ((name, fields.label(record.get(name))) for name in TAGGED)
    return tuple(f"{name}:{value}" for name, value in found if value)


FORMAT = EventFormat(
    name="autopack",
    about="AutoPack's llm_usage_events",
    convention="prompt and completion tokens only; cached tokens are unknown",
    fields=FIELDS,
    normalise=normalise,
    unpack=one_or_list,
    table=SourceTable("llm_usage_events", time="created_at", key="id"),
)
