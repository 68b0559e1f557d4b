"""Published benchmark results from config/benchmarks.yaml into the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from model_intelligence import identity
from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.models import ModelBenchmark, ModelCatalog

Url = Annotated[str, Field(pattern=r"^https?://\S+$", max_length=2000)]
FIGURES = ("score", "task_type", "higher_is_better", "task_count")
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


class Result(BaseModel):
    """One model's score within a group."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    score: Annotated[Decimal, Field(allow_inf_nan=False)]
    measured_at: date | None = None
    effort: str | None = None
    source_url: Url | None = None
    board_name: str | None = Field(None, description="The model's name on the board itself.")


class Group(BaseModel):
    """Results that were obtained in the same way and may be compared."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    benchmark_name: str
    dataset_version: str | None = None
    harness: str | None = None
    effort: str | None = None
    unit: str
    higher_is_better: bool = True
    task_type: str
    task_count: int | None = Field(None, gt=0)
    source: str
    source_url: Url
    licence: str | None = None
    results: tuple[Result, ...] = Field(min_length=1)


class BenchmarksFile(BaseModel):
    """config/benchmarks.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    benchmarks: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class BenchmarkReport:
    """What an ingest did; `unmatched` are names that no model of the catalog has."""

    seen: int
    new: int
    unmatched: tuple[str, ...]


def ingest_benchmarks(session: Session, file: BenchmarksFile, now: datetime) -> BenchmarkReport:
    """Appends the results that are new or corrected; a second run changes no row."""
    names = identity.index(session.scalars(select(ModelCatalog.model_id)))
    rows, unmatched = [], set()
    for group in file.benchmarks:
        for result in group.results:
            model_id = identity.resolve(result.model, names)
            if model_id is None:
                unmatched.add(result.model)
            else:
                rows.append(_columns(model_id, group, result, now))
    new = _new_rows(session, rows)
    if new:
        session.execute(insert(ModelBenchmark), new)
    return BenchmarkReport(len(rows), len(new), tuple(sorted(unmatched)))


def _columns(model_id: str, group: Group, result: Result, now: datetime) -> dict[str, Any]:
    tags = {"licence": group.licence, "board_name": result.board_name}
    return {
        "model_id": model_id,
        "benchmark_name": group.benchmark_name,
        "dataset_version": group.dataset_version,
        "harness": group.harness,
        "effort": result.effort or group.effort,
        "unit": group.unit,
        "score": result.score,
        "task_type": group.task_type,
        "higher_is_better": group.higher_is_better,
        "task_count": group.task_count,
        "measured_at": result.measured_at,
        "source": group.source,
        "source_url": result.source_url or group.source_url,
        "tags": {name: value for name, value in tags.items() if value},
        "observed_at": now,
    }


def _new_rows(session: Session, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows whose latest revision, if any, has other figures; each with its revision."""
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


def _one_each(rows: Sequence[dict[str, Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The rows by key; ModelIntelligenceError where one result is given twice with two scores."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        other = found.setdefault(tuple(row[name] for name in KEY), row)
        if other["score"] != row["score"]:
            raise ModelIntelligenceError(
                f"{row['model_id']} has two scores on {row['benchmark_name']}, {other['score']} "
                f"and {row['score']}; remove one, or tell them apart by effort, harness or date"
            )
    return found
