"""Retirement dates and replacements from the `llmshift` package (MIT), offline and optional.

Shape: `data/models.json` with `models`, each `{id, provider, status, deprecated, retires,
replacement, source, note}`; dates are YYYY-MM-DD, `deprecated` is the day of the announcement,
`source` the provider's own page. `note` is free text; two of its forms are read: `rel DATE`, the
release, and `not_before:DATE`, a promise. A date at a model that is `active` is a promise as well.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import Any

from model_intelligence.naming.resolve import CREATORS
from model_intelligence.observations.listing import Lifecycle, Release
from model_intelligence.observations.origin import as_written

NAME = "llmshift"
ALIASES = {"xai": "x-ai", "google-vertex": None}  # Vertex ends models that Google's own API keeps
_RELEASED = re.compile(r"\brel (\d{4}-\d\d-\d\d)")
_NOT_BEFORE = re.compile(r"\bnot_before:(\d{4}-\d\d-\d\d)")


def lifecycles() -> Iterator[Lifecycle]:
    """Every model of the makers, ending or not; nothing when the package is not installed."""
    yield from filter(None, map(parse, _rows()))


def releases() -> Iterator[Release]:
    """The release dates that it states, or that a promise of Anthropic's implies."""
    for row in _rows():
        day = released_on(row) if _maker(row) else None
        if day is not None:
            yield Release(row["id"], day, NAME, row.get("source"))


def edition() -> str | None:
    """The version of the list; None when it is not installed."""
    try:
        return version(NAME)
    except PackageNotFoundError:
        return None


def parse(row: Mapping[str, Any]) -> Lifecycle | None:
    """One row; None of a provider that is not the model's maker."""
    # The list keeps ends at clouds and resellers too, which differ from the maker's.
    provider = _maker(row)
    if provider is None:
        return None
    is_active, end = row.get("status") == "active", _day(row.get("retires"))
    return Lifecycle(
        provider=provider,
        model=row["id"],
        retires_at=None if is_active else end,
        replacement=row.get("replacement"),
        source_url=row.get("source"),
        announced_on=_day(row.get("deprecated")),
        raw=as_written(row),
        not_before=(end or _noted(_NOT_BEFORE, row)) if is_active else None,
        is_deprecated=not is_active and end is None,
    )


def released_on(row: Mapping[str, Any]) -> date | None:
    """The day in the note. Anthropic promises each model a year from its release."""
    promised = _noted(_NOT_BEFORE, row)
    if promised is not None and row["provider"] == "anthropic":
        day = 28 if (promised.month, promised.day) == (2, 29) else promised.day
        return promised.replace(year=promised.year - 1, day=day)
    return _noted(_RELEASED, row)


def _maker(row: Mapping[str, Any]) -> str | None:
    provider = ALIASES.get(row["provider"], row["provider"])
    return provider if provider in CREATORS.values() else None


def _noted(form: re.Pattern[str], row: Mapping[str, Any]) -> date | None:
    found = form.search(row.get("note") or "")
    return date.fromisoformat(found[1]) if found else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _rows() -> Iterator[Mapping[str, Any]]:
    """The package's rows; none when it is not installed."""
    try:
        text = (files(NAME) / "data" / "models.json").read_text(encoding="utf-8")
    except ModuleNotFoundError:
        return
    yield from json.loads(text)["models"]
