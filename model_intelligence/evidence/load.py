"""The one reader: everything known at a moment, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from model_intelligence.decision.benchmarks.editions import with_shared_editions
from model_intelligence.evidence.merge_ids import (
    merged,
    moved,
    of_each_model,
    other_hosts,
    under_every_id,
)
from model_intelligence.evidence.released import with_release_dates
from model_intelligence.ledger import benchmarks, facts, lifecycles, runtime, signals
from model_intelligence.ledger.prices import STORED_OF_A_PRICE, price_of
from model_intelligence.models import (
    ModelBenchmark,
    ModelCatalog,
    ModelPricing,
    ModelRuntimeStats,
    ModelSentimentSignal,
    SourceRun,
)
from model_intelligence.naming import resolve
from model_intelligence.naming.effort import effort_class
from model_intelligence.naming.same_model import only_snapshots, same_models
from model_intelligence.naming.snapshots import pinned_names, rolling_names
from model_intelligence.pricing.agreement import SourcePrice, settled
from model_intelligence.records import (
    OWN_PRICES,
    BenchmarkKey,
    BenchmarkResult,
    Evidence,
    Model,
    Price,
    RuntimeStats,
    Signal,
)

FOREVER = datetime.max.replace(tzinfo=UTC)


def load_evidence(session: Session, now: datetime, *, as_of: datetime | None = None) -> Evidence:
    """What is in force at `now` (aware UTC). Seven queries, however many models there are.

    `as_of` leaves out what was observed later, so that a past decision can be repeated with what
    was known then: two queries more.
    """
    seen_by = as_of or FOREVER
    models = _models_today(session) if as_of is None else _models_known(session, as_of)
    snapshots = resolve.snapshots_of(pinned_names(), resolve.index(models))
    snapshots |= only_snapshots(models, snapshots)
    same = same_models(models, snapshots, resolve.index(models, snapshots), rolling_names())
    hosts = other_hosts(same, snapshots)
    models = merged(models, hosts)
    names = resolve.index(models, hosts | snapshots)
    models |= _as_served(models, resolve.served_by(models, names), names, now.date())
    prices = moved(_prices_in_force(session, now, seen_by), hosts)
    by_role, by_use_case = _runtime(session, names, seen_by)
    results = with_shared_editions(of_each_model(_benchmarks(session, seen_by), same))
    benchmarks = under_every_id(results, models, same)
    signals = of_each_model(_signals(session, seen_by), same)
    later = {(hosts.get(model, model), at) for model, at in _later_prices(session, now, seen_by)}
    return Evidence(
        models=with_release_dates(models, benchmarks, snapshots),
        prices=prices,
        later_prices=frozenset(later - prices.keys()),
        benchmarks=benchmarks,
        runtime=by_role,
        use_case_runtime=by_use_case,
        signals=under_every_id(signals, models, same),
        snapshots=snapshots,
        same=same,
    )


def _as_served(
    models: Mapping[str, Model],
    served: Mapping[str, str],
    names: Mapping[str, str],
    today: date,
) -> dict[str, Model]:
    """A cloud's entries with what their makers say of the models and the cloud does not.

    A replacement is the same cloud's entry of what the maker names, if it has one. A model that has
    ended at its maker has ended. One that will end there, while the cloud states no end of its own,
    is deprecated: nobody knows how long it stays.
    """
    entries = {(models[entry].provider, model): entry for entry, model in served.items()}
    found = {}
    for entry, model in served.items():
        here, there = models[entry], models[model]
        advised = resolve.resolve(there.replacement, names) if there.replacement else None
        replacement = here.replacement or entries.get((here.provider, advised or ""))
        is_ending = there.is_deprecated or there.retires_at is not None
        if here.retires_at is None and there.retires_at is not None and there.retires_at <= today:
            found[entry] = replace(
                here,
                retires_at=there.retires_at,
                retirement_source=there.retirement_source,
                lifecycle_id=there.lifecycle_id,
                replacement=replacement or there.replacement,
            )
        else:
            found[entry] = replace(
                here,
                replacement=replacement,
                is_deprecated=here.is_deprecated or (is_ending and here.retires_at is None),
            )
    return found


def count_models(session: Session) -> int:
    """How many models are known; 0 before the first ingest."""
    return session.scalar(select(func.count()).select_from(ModelCatalog)) or 0


def _models_today(session: Session) -> dict[str, Model]:
    columns = [getattr(ModelCatalog, name) for name in Model.__slots__]
    rows = session.execute(select(*columns).order_by(ModelCatalog.model_id))
    return {row.model_id: Model(*row) for row in rows}


def _models_known(session: Session, seen_by: datetime) -> dict[str, Model]:
    """The models by the newest facts of that time, each with the end that was announced."""
    properties = facts.known_by(session, seen_by)
    ends = lifecycles.held(lifecycles.endings(session, seen_by))
    found = {}
    for model_id in sorted(properties):
        end = ends.get(model_id)
        told = (
            {}
            if end is None
            else {
                "retires_at": end.retires_at,
                "retires_not_before": end.not_before,
                "retirement_source": end.source_url,
                "replacement": end.replacement,
                "lifecycle_id": end.id,
            }
        )
        found[model_id] = Model(**{"model_id": model_id, **properties[model_id], **told})
    return found


def _prices_in_force(
    session: Session, now: datetime, seen_by: datetime
) -> dict[tuple[str, str], Price]:
    """Of every list the latest price that has begun; of several lists the one that holds."""
    columns = [getattr(ModelPricing, name) for name in STORED_OF_A_PRICE]
    one_list = (ModelPricing.model_id, ModelPricing.provider, ModelPricing.source)
    # What a list dropped stays in: it may be the only price known, and `settled` ranks it below
    # those that are still listed. An own price that was removed from pricing.yaml is gone.
    withdrawn = func.coalesce(ModelPricing.withdrawn_at <= seen_by, False)
    first_seen = func.min(ModelPricing.observed_at).over(partition_by=one_list)
    rows = session.execute(
        select(*columns, first_seen, withdrawn)
        .ext(distinct_on(*one_list))
        .where(
            ModelPricing.effective_at <= now,
            ModelPricing.observed_at <= seen_by,
            (ModelPricing.source != OWN_PRICES) | ~withdrawn,
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
    told: dict[tuple[str, str], list[SourcePrice]] = defaultdict(list)
    for *stored, since, is_gone in rows:
        price = price_of(dict(zip(STORED_OF_A_PRICE, stored, strict=True)))
        told[price.model_id, price.provider].append(
            SourcePrice(price, since, read_at.get(price.source), not is_gone)
        )
    return {offer: settled(lists, now) for offer, lists in told.items()}


def _last_good_looks(session: Session, seen_by: datetime) -> dict[str, datetime]:
    """live source -> when its list was last read; sources that every run reads are not in it."""
    good = select(SourceRun.source, func.max(SourceRun.started_at).label("read_at")).where(
        SourceRun.status != "skipped", SourceRun.started_at <= seen_by
    )
    return {row.source: row.read_at for row in session.execute(good.group_by(SourceRun.source))}


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
    rows = session.execute(
        benchmarks.LEDGER.newest(
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
            ModelBenchmark.standard_error,
            seen_by=seen_by,
        )
    )
    found: dict[str, list[BenchmarkResult]] = defaultdict(list)
    width = len(BenchmarkKey._fields)
    for id_, model_id, *rest in rows:
        told = BenchmarkKey(*rest[:width])
        # Boards write one setting in many ways ("32K", "32k thinking"), and only equal keys are
        # compared.
        as_compared = told._replace(effort=effort_class(told.effort))
        result = BenchmarkResult(id_, model_id, as_compared, *rest[width:])
        found[model_id].append(result)
    return {model_id: tuple(results) for model_id, results in found.items()}


def _runtime(
    session: Session, names: Mapping[str, str], seen_by: datetime
) -> tuple[dict[tuple[str, str | None], RuntimeStats], dict[tuple[str, str], RuntimeStats]]:
    """The newest window of each model and role, and of each model and use case.

    Keyed by the catalog's model id; a model that the catalog lacks keeps the events' name. The
    provider with most calls is taken if there are several.
    """
    folded = _newest_folds(seen_by)
    columns = [getattr(folded, name) for name in RuntimeStats.__slots__]
    rows = session.execute(
        select(*columns)
        .ext(distinct_on(folded.model, folded.role, folded.use_case))
        .order_by(
            folded.model,
            folded.role,
            folded.use_case,
            folded.window_end.desc(),
            folded.window_start,
            folded.calls.desc(),
        )
    )
    by_role: dict[tuple[str, str | None], RuntimeStats] = {}
    by_use_case: dict[tuple[str, str], RuntimeStats] = {}
    # Several spellings may mean one model: the newest window with the most calls is kept.
    for row in sorted(rows, key=lambda row: (row.window_end, row.calls), reverse=True):
        model, stats = resolve.resolve(row.model, names) or row.model, RuntimeStats(*row)
        if stats.use_case is None:
            by_role.setdefault((model, stats.role), stats)
        else:
            by_use_case.setdefault((model, stats.use_case), stats)
    return by_role, by_use_case


def _newest_folds(seen_by: datetime) -> type[ModelRuntimeStats]:
    """Each window as it was folded last: later calls and prices may have changed it."""
    newest = runtime.LEDGER.newest(seen_by=seen_by)
    return aliased(ModelRuntimeStats, newest.subquery())


def _signals(session: Session, seen_by: datetime) -> dict[str, tuple[Signal, ...]]:
    """The newest words of each signal, from when it was first said; none that was forgotten."""
    table = ModelSentimentSignal
    same = (table.model_id, table.source_url)
    first_seen = func.min(table.observed_at).over(partition_by=same)
    said_at = func.coalesce(table.published_at, first_seen).label("said_at")
    columns = [getattr(table, name) for name in Signal.__slots__ if name != "said_at"]
    columns += [said_at, table.forgotten_at]
    newest = signals.LEDGER.newest(*columns, seen_by=seen_by).subquery()
    kept = [newest.c[name] for name in Signal.__slots__]
    # Tested outside the subquery, or an older revision would take the place of a forgotten one.
    there = newest.c.forgotten_at.is_(None) | (newest.c.forgotten_at > seen_by)
    found: dict[str, list[Signal]] = defaultdict(list)
    for row in session.execute(select(*kept).where(there).order_by(newest.c.id)):
        found[row.model_id].append(Signal(**row._asdict()))
    return {model_id: tuple(signals) for model_id, signals in found.items()}
