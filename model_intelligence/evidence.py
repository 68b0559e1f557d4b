"""The one reader: everything known at a moment, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from model_intelligence import identity
from model_intelligence.catalog_ingest import OWN_PRICES
from model_intelligence.models import (
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
    RuntimeStats,
    Signal,
)


def load_evidence(session: Session, now: datetime) -> Evidence:
    """What is in force at `now` (aware UTC). Six queries, however many models there are."""
    models = _models(session)
    prices = _prices_in_force(session, now)
    return Evidence(
        models=models,
        prices=prices,
        later_prices=_later_prices(session, now) - prices.keys(),
        benchmarks=_benchmarks(session),
        runtime=_runtime(session, identity.index(models)),
        signals=_signals(session),
    )


def _models(session: Session) -> dict[str, Model]:
    columns = [getattr(ModelCatalog, name) for name in Model.__slots__]
    rows = session.execute(select(*columns).order_by(ModelCatalog.model_id))
    return {row.model_id: Model(*row) for row in rows}


def _prices_in_force(session: Session, now: datetime) -> dict[tuple[str, str], Price]:
    """Own prices before lists, dollars before other money, then the latest that has begun."""
    columns = [getattr(ModelPricing, name) for name in Price.__slots__]
    rows = session.execute(
        select(*columns)
        .ext(distinct_on(ModelPricing.model_id, ModelPricing.provider))
        .where(ModelPricing.effective_at <= now, ModelPricing.withdrawn_at.is_(None))
        .order_by(
            ModelPricing.model_id,
            ModelPricing.provider,
            (ModelPricing.source == OWN_PRICES).desc(),
            (ModelPricing.currency == "USD").desc(),
            ModelPricing.effective_at.desc(),
            ModelPricing.revision.desc(),
            ModelPricing.id.desc(),
        )
    )
    return {(row.model_id, row.provider): Price(*row) for row in rows}


def _later_prices(session: Session, now: datetime) -> frozenset[tuple[str, str]]:
    rows = session.execute(
        select(ModelPricing.model_id, ModelPricing.provider)
        .distinct()
        .where(ModelPricing.effective_at > now)
    )
    return frozenset((row.model_id, row.provider) for row in rows)


def _benchmarks(session: Session) -> dict[str, tuple[BenchmarkResult, ...]]:
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
        )
        .ext(distinct_on(*same))
        .order_by(*same, ModelBenchmark.revision.desc())
    )
    found: dict[str, list[BenchmarkResult]] = defaultdict(list)
    width = len(BenchmarkKey._fields)
    for id_, model_id, *rest in rows:
        result = BenchmarkResult(id_, model_id, BenchmarkKey(*rest[:width]), *rest[width:])
        found[model_id].append(result)
    return {model_id: tuple(results) for model_id, results in found.items()}


def _runtime(
    session: Session, names: Mapping[str, str]
) -> dict[tuple[str, str | None], RuntimeStats]:
    """The newest window of each model and role, the provider with most calls if several.

    Keyed by the catalog's model id; a model that the catalog lacks keeps the events' name.
    """
    columns = [getattr(ModelRuntimeStats, name) for name in RuntimeStats.__slots__]
    rows = session.execute(
        select(*columns)
        .ext(distinct_on(ModelRuntimeStats.model, ModelRuntimeStats.role))
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


def _signals(session: Session) -> dict[str, tuple[Signal, ...]]:
    columns = [getattr(ModelSentimentSignal, name) for name in Signal.__slots__]
    found: dict[str, list[Signal]] = defaultdict(list)
    for row in session.execute(select(*columns).order_by(ModelSentimentSignal.id)):
        found[row.model_id].append(Signal(*row))
    return {model_id: tuple(signals) for model_id, signals in found.items()}
