"""One answer of GitHub's REST interface, as the checks of `doctor` read it."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """A response, whatever its status; `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def message(self) -> str:
        """What GitHub says about it."""
        message = self.body.get("message") if isinstance(self.body, dict) else None
        return str(message or f"status {self.status}")
