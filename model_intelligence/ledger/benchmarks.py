"""The ledger of benchmark results: appended when new or corrected, never overwritten."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from model_intelligence.db import add_rows
from model_intelligence.errors import ModelIntelligenceError
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


def append(session: Session, rows: Sequence[_Row]) -> int:
    """Stores the rows that are new or corrected, and says how many; a second run stores none.

    ModelIntelligenceError where one result is given twice with two scores.
    """
    new = _new_rows(session, rows)
    add_rows(session, ModelBenchmark, new)
    return len(new)


def without_contradictions(rows: Sequence[_Row]) -> list[_Row]:
    """The rows, but none of those that give one result two scores: which is right is unknown."""
    scores: dict[tuple[Any, ...], set[Decimal]] = {}
    for row in rows:
        scores.setdefault(_key(row), set()).add(row["score"])
    return [row for row in rows if len(scores[_key(row)]) == 1]


def _new_rows(session: Session, rows: Sequence[_Row]) -> list[_Row]:
    """The rows whose latest revision, if any, has other figures; each with its revision."""
    # Compared in Python, where None equals None: in SQL two results without an effort would never
    # be equal, and every run would add the same row again.
    latest: dict[tuple[Any, ...], tuple[int, tuple[Any, ...]]] = {}
    for stored in session.scalars(select(ModelBenchmark).order_by(ModelBenchmark.revision)):
        key, figures = (tuple(getattr(stored, name) for name in part) for part in (KEY, FIGURES))
        latest[key] = (stored.revision, figures)
    new = []
    for key, row in _one_each(rows).items():
        revision, figures = latest.get(key, (0, ()))
        if figures != tuple(row[name] for name in FIGURES):
            new.append({**row, "revision": revision + 1})
    return new


def _one_each(rows: Sequence[_Row]) -> dict[tuple[Any, ...], _Row]:
    """The rows by key; ModelIntelligenceError where one result is given twice with two scores."""
    found: dict[tuple[Any, ...], _Row] = {}
    for row in rows:
        other = found.setdefault(_key(row), row)
        if other["score"] != row["score"]:
            raise ModelIntelligenceError(
                f"{row['model_id']} has two scores on {row['benchmark_name']}, {other['score']} "
                f"and {row['score']}; remove one, or tell them apart by effort, harness or date"
            )
    return found


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in KEY)
