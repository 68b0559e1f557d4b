"""The one reader: everything known at a moment, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from model_intelligence import identity
from model_intelligence.agreement import Told, settled
from model_intelligence.effort import effort_class
from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.models import (
    Base,
    FeedRun,
    ModelBenchmark,
    ModelCatalog,
    ModelPricing,
    ModelRuntimeStats,
    ModelSentimentSignal,
)
from model_intelligence.records import (
    BenchmarkKey,
    BenchmarkResult,
    Evidence,
    Model,
    Price,
    PriceTier,
    RuntimeStats,
    Signal,
)
from model_intelligence.sources.pinned_names import pinned_names

STORED_OF_A_PRICE = [name for name in Price.__slots__ if name not in {"agreement", "others"}]
FOREVER = datetime.max.replace(tzinfo=UTC)


def load_evidence(session: Session, now: datetime, *, as_of: datetime | None = None) -> Evidence:
    """What is in force at `now` (aware UTC). Seven queries, however many models there are.

    `as_of` leaves out what was observed later, so that a past decision can be looked at with the
    knowledge of its time; what the catalog says of a model itself is as it is today.
    """
    seen_by = as_of or FOREVER
    models = _models(session, seen_by)
    prices = _prices_in_force(session, now, seen_by)
    return Evidence(
        models=models,
        prices=prices,
        later_prices=_later_prices(session, now, seen_by) - prices.keys(),
        benchmarks=_benchmarks(session, seen_by),
        runtime=_runtime(session, _with_snapshots(identity.index(models)), seen_by),
        signals=_signals(session, seen_by),
    )


def _with_snapshots(names: Mapping[str, str]) -> dict[str, str]:
    """The names, and the dated ids whose undated name is among them: events may hold either."""
    dated = {
        identity.match_key(snapshot): names[identity.match_key(name)]
        for snapshot, name in pinned_names().items()
        if identity.match_key(name) in names
    }
    return {**dated, **names}


RECORDS: Mapping[str, type[Base]] = {
    "price": ModelPricing,
    "benchmark": ModelBenchmark,
    "runtime": ModelRuntimeStats,
    "sentiment": ModelSentimentSignal,
}


def record(session: Session, kind: str, record_id: int) -> dict[str, object]:
    """One stored row by kind (a key of RECORDS) and id; ModelIntelligenceError if there is none."""
    row = session.get(RECORDS[kind], record_id)
    if row is None:
        raise ModelIntelligenceError(
            f"no {kind} record has the id {record_id}; bodies and `model-intel report --format "
            "json` name the ids"
        )
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def _models(session: Session, seen_by: datetime) -> dict[str, Model]:
    columns = [getattr(ModelCatalog, name) for name in Model.__slots__]
    known = select(*columns).where(ModelCatalog.created_at <= seen_by)
    rows = session.execute(known.order_by(ModelCatalog.model_id))
    return {row.model_id: Model(*row) for row in rows}


def _prices_in_force(
    session: Session, now: datetime, seen_by: datetime
) -> dict[tuple[str, str], Price]:
    """Of every list the latest price that has begun; of several lists the one that holds."""
    columns = [getattr(ModelPricing, name) for name in STORED_OF_A_PRICE]
    one_list = (ModelPricing.model_id, ModelPricing.provider, ModelPricing.source)
    rows = session.execute(
        select(*columns, func.min(ModelPricing.observed_at).over(partition_by=one_list))
        .ext(distinct_on(*one_list))
        .where(
            ModelPricing.effective_at <= now,
            ModelPricing.observed_at <= seen_by,
            ModelPricing.withdrawn_at.is_(None) | (ModelPricing.withdrawn_at > seen_by),
        )
        .order_by(
            *one_list,
            (ModelPricing.currency == "USD").desc(),
            ModelPricing.effective_at.desc(),
            ModelPricing.revision.desc(),
            ModelPricing.id.desc(),
        )
    )
    read_at = _last_good_looks(session, seen_by)
    told: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for *stored, first_seen in rows:
        price = _price(dict(zip(STORED_OF_A_PRICE, stored, strict=True)))
        told[price.model_id, price.provider].append(
            Told(price, first_seen, read_at.get(price.source))
        )
    return {offer: settled(lists, now) for offer, lists in told.items()}


def _last_good_looks(session: Session, seen_by: datetime) -> dict[str, datetime]:
    """live source -> when its list was last read; sources that every run reads are not in it."""
    good = select(FeedRun.source, func.max(FeedRun.started_at).label("read_at")).where(
        FeedRun.status != "skipped", FeedRun.started_at <= seen_by
    )
    return {row.source: row.read_at for row in session.execute(good.group_by(FeedRun.source))}


def _price(stored: Mapping[str, Any]) -> Price:
    return Price(**{**stored, "tiers": tuple(_tier(*tier) for tier in stored["tiers"])})


def _tier(above: int, *amounts: str | None) -> PriceTier:
    input_, output, *cached = (None if text is None else Decimal(text) for text in amounts)
    assert input_ is not None and output is not None  # noqa: S101, PT018  # a tier has both
    return PriceTier(above, input_, output, *cached)


def _later_prices(session: Session, now: datetime, seen_by: datetime) -> frozenset[tuple[str, str]]:
    rows = session.execute(
        select(ModelPricing.model_id, ModelPricing.provider)
        .distinct()
        .where(ModelPricing.effective_at > now, ModelPricing.observed_at <= seen_by)
    )
    return frozenset((row.model_id, row.provider) for row in rows)


def _benchmarks(session: Session, seen_by: datetime) -> dict[str, tuple[BenchmarkResult, ...]]:
    """The latest revision of each result."""
    key = [getattr(ModelBenchmark, name) for name in BenchmarkKey._fields]
    same = [
        ModelBenchmark.model_id,
        *key,
        ModelBenchmark.source,
        ModelBenchmark.source_url,
        ModelBenchmark.measured_at,
    ]
    rows = session.execute(
        select(
            ModelBenchmark.id,
            ModelBenchmark.model_id,
            *key,
            ModelBenchmark.score,
            ModelBenchmark.task_type,
            ModelBenchmark.higher_is_better,
            ModelBenchmark.source,
            ModelBenchmark.source_url,
            ModelBenchmark.measured_at,
            ModelBenchmark.task_count,
            ModelBenchmark.source_kind,
        )
        .ext(distinct_on(*same))
        .where(ModelBenchmark.observed_at <= seen_by)
        .order_by(*same, ModelBenchmark.revision.desc())
    )
    found: dict[str, list[BenchmarkResult]] = defaultdict(list)
    width = len(BenchmarkKey._fields)
    for id_, model_id, *rest in rows:
        told = BenchmarkKey(*rest[:width])
        as_compared = told._replace(effort=effort_class(told.effort))
        result = BenchmarkResult(id_, model_id, as_compared, *rest[width:])
        found[model_id].append(result)
    return {model_id: tuple(results) for model_id, results in found.items()}


def _runtime(
    session: Session, names: Mapping[str, str], seen_by: datetime
) -> dict[tuple[str, str | None], RuntimeStats]:
    """The newest window of each model and role, the provider with most calls if several.

    Keyed by the catalog's model id; a model that the catalog lacks keeps the events' name.
    """
    columns = [getattr(ModelRuntimeStats, name) for name in RuntimeStats.__slots__]
    rows = session.execute(
        select(*columns)
        .ext(distinct_on(ModelRuntimeStats.model, ModelRuntimeStats.role))
        .where(ModelRuntimeStats.computed_at <= seen_by)
        .order_by(
            ModelRuntimeStats.model,
            ModelRuntimeStats.role,
            ModelRuntimeStats.window_end.desc(),
            ModelRuntimeStats.window_start,
            ModelRuntimeStats.calls.desc(),
        )
    )
    found: dict[tuple[str, str | None], RuntimeStats] = {}
    for row in sorted(rows, key=lambda row: (row.window_end, row.calls), reverse=True):
        found.setdefault(
            (identity.resolve(row.model, names) or row.model, row.role), RuntimeStats(*row)
        )
    return found


def _signals(session: Session, seen_by: datetime) -> dict[str, tuple[Signal, ...]]:
    table = ModelSentimentSignal
    said_at = func.coalesce(table.published_at, table.observed_at).label("said_at")
    columns = [getattr(table, name) for name in Signal.__slots__ if name != "said_at"]
    known = select(*columns, said_at).where(table.observed_at <= seen_by).order_by(table.id)
    found: dict[str, list[Signal]] = defaultdict(list)
    for row in session.execute(known):
        found[row.model_id].append(Signal(**row._asdict()))
    return {model_id: tuple(signals) for model_id, signals in found.items()}
