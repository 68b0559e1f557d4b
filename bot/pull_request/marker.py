"""What the bot has to know about its own texts, in a hidden first line."""

import json
import re
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError


class Hidden(BaseModel):
    """Values in an HTML comment that none of them can end. Unknown keys are ignored."""

    model_config = ConfigDict(frozen=True)
    kind: ClassVar[str]

    def __str__(self) -> str:
        """One line; `-`, `<` and `>` are written as escapes."""
        text = json.dumps(
            self.model_dump(mode="json", exclude_defaults=True), separators=(",", ":")
        )
        # `-->` ends an HTML comment, and some parsers stop at `--` or `>` alone.
        for character in "-<>":
            text = text.replace(character, f"\\u{ord(character):04x}")
        return f"<!-- model-bot:{self.kind}:1 {text} -->"

    @classmethod
    def read(cls, body: str) -> Self | None:
        """The values at the very top of a text; None when there are none of this kind."""
        # Only at the very top: further down a marker may be a quotation of another body.
        pattern = rf"\A<!-- model-bot:{cls.kind}:1 (\{{[^\n>]*\}}) -->"
        marker = re.match(pattern, body.lstrip("\ufeff"))
        if marker is None:
            return None
        try:
            return cls.model_validate_json(marker.group(1))
        except ValidationError:
            return None


class Facts(BaseModel):
    """What a proposal was based on, as far as a later one is compared with it."""

    model_config = ConfigDict(frozen=True)

    score: str
    cost_delta_pct: str | None = None
    benchmarks: int = 0
    telemetry: bool = False
    retires_at: str | None = None


class Marker(Hidden):
    """On a pull request. `digest` is that of the title and the visible body as last written."""

    kind = "marker"
    use_case: str
    from_model: str
    to_model: str
    recommendation: int
    digest: str
    facts: Facts
    previous: tuple[str, ...] = ()
    after_no: int | None = None
    changes: tuple[str, ...] = ()
    closed_by: Literal["model-bot"] | None = None


class NoticeMarker(Hidden):
    """On the bot's one comment on a pull request that it no longer writes to."""

    kind = "notice"
    digest: str


class ScoreCardMarker(Hidden):
    """On the bot's one comment on a merged pull request: its score card."""

    kind = "score-card"
    digest: str


class DashboardMarker(Hidden):
    """On the dashboard: until when use cases are snoozed, as ISO dates."""

    kind = "dashboard"
    snoozed: dict[str, str] = {}


class ConfigIssueMarker(Hidden):
    """On the issue about a broken configuration."""

    kind = "config-issue"
    digest: str


TRAILER = "Proposed-by: model-bot"
