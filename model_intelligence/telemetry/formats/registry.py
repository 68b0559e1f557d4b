"""The registry: every shape in which telemetry can come in. Pure."""

from model_intelligence.telemetry.formats import autopack, langfuse, litellm, native, otel
from model_intelligence.telemetry.formats.format import Door

DOORS: dict[str, Door] = {
    one.DOOR.name: one.DOOR for one in (native, autopack, litellm, otel, langfuse)
}
