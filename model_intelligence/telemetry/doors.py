"""The registry: every shape in which telemetry can come in. Pure."""

from model_intelligence.telemetry import langfuse, litellm, native, original, otel
from model_intelligence.telemetry.door import Door

DOORS: dict[str, Door] = {
    one.DOOR.name: one.DOOR for one in (native, original, litellm, otel, langfuse)
}
