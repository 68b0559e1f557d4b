"""The rows behind the figures, by the ids that bodies print: what, from where, since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.ledger.benchmarks import KEY
from model_intelligence.models import (
    Base,
    ModelBenchmark,
    ModelFact,
    ModelLifecycle,
    ModelPricing,
    ModelRuntimeStats,
    ModelSentimentSignal,
    ProposalActual,
    ProposalPrediction,
    SourceRun,
)

PROMPT = "bodies and `model-intel report --format json` name the ids"


@dataclass(frozen=True, slots=True)
class Table:
    """Where records of a kind stand, what tells them apart, and in which order they came."""

    rows: type[Base]
    key: tuple[str, ...]
    seen: str = "observed_at"


RECORDS: Mapping[str, Table] = {
    "price": Table(ModelPricing, ("model_id", "provider", "source", "currency")),
    "benchmark": Table(ModelBenchmark, KEY),
    "runtime": Table(ModelRuntimeStats, ("provider", "model", "role"), "computed_at"),
    "sentiment": Table(ModelSentimentSignal, ("model_id", "source_url")),
    "lifecycle": Table(ModelLifecycle, ("model_id", "source")),
    "fact": Table(ModelFact, ("model_id",)),
    "prediction": Table(ProposalPrediction, ("recommendation_id", "measure")),
    "actual": Table(ProposalActual, ("recommendation_id", "days", "measure")),
}
MOST_REVISIONS = 20


@dataclass(frozen=True, slots=True)
class FirstRun:
    """The run of a live source in which a value was first seen."""

    run: int
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """One stored row, and the other rows on the same thing, oldest first, itself among them."""

    kind: str
    id: int
    columns: Mapping[str, Any]
    revisions: tuple[Mapping[str, Any], ...]
    source_run: FirstRun | None = None

    @property
    def name(self) -> str:
        """As bodies print it."""
        return f"{self.kind}:{self.id}"


def record(session: Session, kind: str, record_id: int, as_of: datetime | None = None) -> Record:
    """The row of that kind (a key of RECORDS) and id, with what had been seen by `as_of`.

    ModelIntelligenceError if there is none.
    """
    table = RECORDS[kind]
    row = session.scalar(select(table.rows).where(_column(table, "id") == record_id))
    if row is None:
        raise ModelIntelligenceError(f"no {kind} record has the id {record_id}; {PROMPT}")
    if as_of is not None and getattr(row, table.seen) > as_of:
        seen = getattr(row, table.seen)
        raise ModelIntelligenceError(
            f"{kind}:{record_id} was first seen on {seen:%Y-%m-%dT%H:%M:%S%z}, after --as-of; "
            "name a later time"
        )
    columns = _columns(row)
    return Record(
        kind,
        record_id,
        columns,
        _revisions(session, table, row, as_of),
        _first_run(session, columns),
    )


def _revisions(
    session: Session, table: Table, row: Base, as_of: datetime | None
) -> tuple[Mapping[str, Any], ...]:
    # Parts of a key may be NULL (a benchmark without an effort), which `=` never finds.
    same = (_column(table, name).is_not_distinct_from(getattr(row, name)) for name in table.key)
    query = select(table.rows).where(*same).order_by(_column(table, "id").desc())
    if as_of is not None:
        query = query.where(_column(table, table.seen) <= as_of)
    found = session.scalars(query.limit(MOST_REVISIONS)).all()
    return tuple(_columns(each) for each in reversed(found))


def _first_run(session: Session, columns: Mapping[str, Any]) -> FirstRun | None:
    """By the digest of the list: the first run that read this edition of it."""
    version = columns.get("source_version")
    if version is None:
        return None
    query = (
        select(SourceRun.id, SourceRun.started_at)
        .where(SourceRun.digest == version, SourceRun.status == "stored")
        .order_by(SourceRun.id)
        .limit(1)
    )
    found = session.execute(query).first()
    return FirstRun(found.id, found.started_at) if found else None


def _columns(row: Base) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def _column(table: Table, name: str) -> InstrumentedAttribute[Any]:
    column: InstrumentedAttribute[Any] = getattr(table.rows, name)
    return column
