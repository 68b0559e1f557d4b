"""The registry of the formats that recorded calls are imported from. Pure."""

from model_intelligence.telemetry.formats import autopack, langfuse, litellm, native, otel
from model_intelligence.telemetry.formats.format import EventFormat

FORMATS: dict[str, EventFormat] = {
    one.FORMAT.name: one.FORMAT for one in (native, autopack, litellm, otel, langfuse)
}
