"""What was known before: prices as they moved, and what was seen last; in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Over, Select, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from model_intelligence.models import ModelBenchmark, ModelPricing
from model_intelligence.records import UNDATED, Price

Offer = tuple[str, str]  # model id, provider


@dataclass(frozen=True, slots=True)
class PriceRevision:
    """A price of one source, per 1,000 tokens, in dollars; `since` is when we could know of it."""

    id: int
    since: datetime
    input_per_1k: Decimal
    output_per_1k: Decimal
    source: str
    source_url: str | None


@dataclass(frozen=True, slots=True)
class PriceMove:
    """A price that differs from the one before it in the same list."""

    id: int
    model_id: str
    provider: str
    source: str
    before: tuple[Decimal, Decimal] | None
    after: tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class NewResult:
    """A benchmark result, or a correction of one."""

    id: int
    model_id: str
    benchmark_name: str
    score: Decimal
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class News:
    """What was seen last; `is_first` when nothing had been known before."""

    seen_at: datetime
    is_first: bool
    moves: tuple[PriceMove, ...] = ()
    results: tuple[NewResult, ...] = ()


def price_history(
    session: Session, now: datetime, prices: Iterable[Price], seen_by: datetime
) -> Mapping[Offer, tuple[PriceRevision, ...]]:
    """(model, provider) -> what the list that holds today has said, oldest first."""
    wanted = {(price.model_id, price.provider, price.source) for price in prices}
    table = ModelPricing
    rows = session.execute(
        select(
            table.model_id,
            table.provider,
            table.id,
            table.effective_at,
            table.observed_at,
            table.input_per_1k,
            table.output_per_1k,
            table.source,
            table.source_url,
        )
        .where(
            tuple_(table.model_id, table.provider, table.source).in_(wanted),
            table.currency == "USD",
            table.effective_at <= now,
            table.observed_at <= seen_by,
        )
        .order_by(table.effective_at, table.revision)
    )
    found: dict[Offer, list[PriceRevision]] = defaultdict(list)
    for row in rows:
        since = row.observed_at if row.effective_at == UNDATED else row.effective_at
        amounts = (row.input_per_1k, row.output_per_1k)
        point = PriceRevision(row.id, since, *amounts, row.source, row.source_url)
        found[row.model_id, row.provider].append(point)
    return {offer: tuple(points) for offer, points in found.items()}


def news(session: Session, models: Iterable[str], seen_by: datetime) -> News | None:
    """What the last run that saw anything new saw of these models; None in an empty database."""
    moments = [
        moment
        for table in (ModelPricing, ModelBenchmark)
        for moment in session.execute(_first_and_last(table, seen_by)).one()
        if moment is not None
    ]
    if not moments:
        return None
    first, last = min(moments), max(moments)
    if first == last:
        return News(last, is_first=True)
    names = list(models)
    return News(
        last,
        is_first=False,
        moves=_moves(session, names, last, seen_by),
        results=_results(session, names, last),
    )


def _first_and_last(
    table: type[ModelPricing | ModelBenchmark], seen_by: datetime
) -> Select[datetime, datetime]:
    seen = table.observed_at
    return select(func.min(seen), func.max(seen)).where(seen <= seen_by)


def _moves(
    session: Session, models: list[str], last: datetime, seen_by: datetime
) -> tuple[PriceMove, ...]:
    table = ModelPricing
    one_list = (table.model_id, table.provider, table.source)
    in_time = (table.effective_at, table.revision)

    def before(column: InstrumentedAttribute[Decimal]) -> Over[Decimal]:
        return func.lag(column).over(partition_by=one_list, order_by=in_time)

    # lag() has to see the prices before the last run, so the filter on that run is outside.
    priced = (
        select(
            table.id,
            table.model_id,
            table.provider,
            table.source,
            before(table.input_per_1k).label("input_before"),
            before(table.output_per_1k).label("output_before"),
            table.input_per_1k,
            table.output_per_1k,
            table.observed_at,
        )
        .where(table.model_id.in_(models), table.observed_at <= seen_by)
        .subquery()
    )
    rows = session.execute(
        select(priced).where(priced.c.observed_at == last).order_by(priced.c.model_id, priced.c.id)
    )
    return tuple(
        PriceMove(
            row.id,
            row.model_id,
            row.provider,
            row.source,
            None if row.input_before is None else (row.input_before, row.output_before),
            (row.input_per_1k, row.output_per_1k),
        )
        for row in rows
    )


def _results(session: Session, models: list[str], last: datetime) -> tuple[NewResult, ...]:
    table = ModelBenchmark
    columns = [getattr(table, name) for name in NewResult.__slots__]
    rows = session.execute(
        select(*columns)
        .where(table.model_id.in_(models), table.observed_at == last)
        .order_by(table.model_id, table.benchmark_name, table.id)
    )
    return tuple(NewResult(*row) for row in rows)
