"""Release dates that come with this package, for use without a network (MIT; see the table's head).

The table, release_dates.csv, holds for each model the days that models.dev and OpenRouter state.
For newer models it holds the first day on which a price list had them, which is never earlier than
the release. tests/renew_bundled_lists.py writes it.
"""

import csv
from collections.abc import Iterator
from datetime import date
from importlib.resources import files

from model_intelligence.observations.listing import Release

NAME = "release-dates"
EDITION = "2026-11-17"  # of the newest list that it was made from


def releases() -> Iterator[Release]:
    """Each row of the table."""
    text = (files("model_intelligence.sources") / "release_dates.csv").read_text(encoding="utf-8")
    rows = (line for line in text.splitlines() if not line.startswith("#"))
    for row in csv.DictReader(rows):
        day = date.fromisoformat(row["released_on"])
        yield Release(row["model"], day, f"{row['source']} (bundled)")
