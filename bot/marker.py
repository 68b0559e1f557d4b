"""The hidden first line of a pull request's body: what the bot must know of its own proposal."""

import json
import re
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

_COMMENT = re.compile(r"\A<!-- model-bot (\{[^\n>]*\}) -->")


class Marker(BaseModel):
    """Version 1. `digest` is that of the title and the visible body as the bot last wrote them."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    version: Literal[1] = 1
    use_case: str
    from_model: str
    to_model: str
    recommendation: int
    digest: str
    closed_by: Literal["model-bot"] | None = None

    def __str__(self) -> str:
        """One HTML comment that no value can end: `-`, `<` and `>` are written as escapes."""
        text = json.dumps(self.model_dump(exclude_none=True), separators=(",", ":"))
        for character in "-<>":
            text = text.replace(character, f"\\u{ord(character):04x}")
        return f"<!-- model-bot {text} -->"

    @classmethod
    def read(cls, body: str) -> Self | None:
        """The marker at the very top of a body; None when there is none of ours."""
        found = _COMMENT.match(body.lstrip("\ufeff"))
        if found is None:
            return None
        try:
            return cls.model_validate_json(found.group(1))
        except ValidationError:
            return None
