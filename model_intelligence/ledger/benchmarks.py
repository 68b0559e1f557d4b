"""The ledger of benchmark results: appended when new or corrected, never overwritten."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from model_intelligence.db import add_rows
from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.ledger.revisions import Ledger
from model_intelligence.models import ModelBenchmark

_Row = dict[str, Any]  # the columns of a result
FIGURES = ("score", "task_type", "higher_is_better", "task_count", "source_kind")
KEY = (
    "model_id",
    "benchmark_name",
    "dataset_version",
    "harness",
    "effort",
    "unit",
    "source",
    "source_url",
    "measured_at",
)
LEDGER = Ledger(ModelBenchmark, KEY)


def append(session: Session, rows: Sequence[_Row]) -> int:
    """Stores the rows that are new or corrected, and says how many; a second run stores none.

    ModelIntelligenceError where one result is given twice with two scores.
    """
    new = LEDGER.further(_one_each(rows).values(), LEDGER.by_key(session), FIGURES)
    add_rows(session, ModelBenchmark, new)
    return len(new)


def without_contradictions(rows: Sequence[_Row]) -> list[_Row]:
    """The rows, but none of those that give one result two scores: which is right is unknown."""
    scores: dict[tuple[Any, ...], set[Decimal]] = {}
    for row in rows:
        scores.setdefault(LEDGER.key_of(row), set()).add(row["score"])
    return [row for row in rows if len(scores[LEDGER.key_of(row)]) == 1]


def _one_each(rows: Sequence[_Row]) -> dict[tuple[Any, ...], _Row]:
    """The rows by key; ModelIntelligenceError where one result is given twice with two scores."""
    found: dict[tuple[Any, ...], _Row] = {}
    for row in rows:
        other = found.setdefault(LEDGER.key_of(row), row)
        if other["score"] != row["score"]:
            raise ModelIntelligenceError(
                f"{row['model_id']} has two scores on {row['benchmark_name']}, {other['score']} "
                f"and {row['score']}; remove one, or tell them apart by effort, harness or date"
            )
    return found
