"""What a source said in its own words, in a form that the database takes. Pure."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST = 4_000  # characters of JSON; a row of a price list has a few hundred


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value stood: the list, its edition (a digest or a version), the page, the words."""

    source: str
    version: str | None = None
    url: str | None = None
    raw: Mapping[str, Any] | None = None


def as_written(said: Mapping[str, Any]) -> dict[str, Any]:
    """The row as JSON. A fraction becomes a text, so that no digit of it is lost.

    Longer than LONGEST, only its beginning is kept, as `{"beginning": text}`.
    """
    plain: dict[str, Any] = _plain(said)
    text = json.dumps(plain, ensure_ascii=False)
    return plain if len(text) <= LONGEST else {"beginning": text[:LONGEST]}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        # JSON has neither NaN nor infinity, and PostgreSQL refuses them in JSONB.
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {_text(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [_plain(inner) for inner in value]
    return _text(value)


def _text(value: object) -> str:
    """A text that PostgreSQL can hold: no NUL and no half of a surrogate pair."""
    return str(value).replace("\0", "\ufffd").encode(errors="replace").decode()
