"""Retirement dates and replacements from the `llmshift` package (MIT), offline and optional.

Shape: `data/models.json` with `models`, each `{id, provider, status, deprecated, retires,
replacement, source}`; dates are YYYY-MM-DD, `deprecated` is the day of the announcement, `source`
the provider's own page.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import Any

from model_intelligence.naming.resolve import CREATORS
from model_intelligence.observations.listing import Lifecycle
from model_intelligence.observations.origin import as_written

ALIASES = {"xai": "x-ai", "google-vertex": None}  # Vertex ends models that Google's own API keeps


def lifecycles() -> Iterator[Lifecycle]:
    """Every model with an announced end; nothing when the package is not installed."""
    try:
        text = (files("llmshift") / "data" / "models.json").read_text(encoding="utf-8")
    except ModuleNotFoundError:
        return
    for row in json.loads(text)["models"]:
        found = parse(row)
        if found is not None:
            yield found


def edition() -> str | None:
    """The version of the list; None when it is not installed."""
    try:
        return version("llmshift")
    except PackageNotFoundError:
        return None


def parse(row: Mapping[str, Any]) -> Lifecycle | None:
    """One row; None without an end, or of a provider that is not the model's maker."""
    # The list keeps ends at clouds and resellers too, which differ from the maker's.
    provider = ALIASES.get(row["provider"], row["provider"])
    if provider not in CREATORS.values() or not row.get("retires"):
        return None
    return Lifecycle(
        provider=provider,
        model=row["id"],
        retires_at=date.fromisoformat(row["retires"]),
        replacement=row.get("replacement"),
        source_url=row.get("source"),
        announced_on=date.fromisoformat(row["deprecated"]) if row.get("deprecated") else None,
        raw=as_written(row),
    )
