"""The reference: every use case asks the database about every candidate, as first drafts do.

It scores with the same functions and must come to the same ranking and the same proposal; only how
it reads, and that it works out everything about everybody, is its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from model_intelligence.config.bot_yaml import Policy
from model_intelligence.decision import score
from model_intelligence.decision.gates import gates
from model_intelligence.decision.judgement import is_measured, judge_candidate
from model_intelligence.decision.values import Candidate, Score
from model_intelligence.models import (
    Base,
    ModelBenchmark,
    ModelCatalog,
    ModelPricing,
    ModelRuntimeStats,
    ModelSentimentSignal,
)
from model_intelligence.naming import resolve
from model_intelligence.pricing.call_cost import mix_of, usd_per_call
from model_intelligence.records import (
    BenchmarkKey,
    BenchmarkResult,
    Model,
    Price,
    RuntimeStats,
    Signal,
)
from model_intelligence.stats.proportions import judge, judge_all

Record = TypeVar("Record", Model, Price, RuntimeStats)


class Asking:
    """One use case with a session to ask about one model after the other."""

    def __init__(self, session: Session, policy: Policy, current: str, now: datetime) -> None:
        self.session, self.policy, self.now = session, policy, now
        self.current = self._model(current)
        self.runtime = self._runtime(current)
        self.mix = mix_of(self.runtime)
        self.results = score.newest_by_key(self._results(current))
        prices = list(self._prices(current))
        self.price = next(
            price for name in policy.providers for price in prices if price.provider == name
        )

    def decide(self) -> tuple[Candidate | None, list[Candidate]]:
        """The proposal, if there is one, and all candidates in order."""
        names = self.session.scalars(select(ModelCatalog.model_id)).all()
        others = [self._candidate(name) for name in names if name != self.current.model_id]
        ranked = sorted([each for each in others if each is not None], key=self._rank)
        judged = iter(judge_all([each.verdict for each in ranked if each.verdict]))
        ranked = [replace(each, verdict=next(judged)) if each.verdict else each for each in ranked]
        return next((each for each in ranked if self._is_proposed(each)), None), ranked

    def _rank(self, each: Candidate) -> tuple[Any, ...]:
        cost = usd_per_call(each.price, self.mix)
        return -each.score.total, cost, -len(each.compared), each.model.model_id

    def _is_proposed(self, each: Candidate) -> bool:
        staying = self._score(self.price, self.runtime, (), self._signals(self.current.model_id))
        seen = judge_candidate(each, self.current, self.price, self.policy.limits)
        gained = each.score.settled - staying.settled
        if not is_measured(each) or not seen.is_clear or gained < 0:
            return False
        return bool(seen.saving or (seen.quality and gained > 0 and gained >= self.policy.margin))

    def _candidate(self, name: str) -> Candidate | None:
        model, offers = self._model(name), list(self._prices(name))
        if not offers:
            return None
        price = min(offers, key=lambda offer: usd_per_call(offer, self.mix))
        _, cost = score.score_price(self.price, price, self.mix)
        if any(gate.reason for gate in gates(self.policy, model, price, cost, self.now.date())):
            return None
        theirs = score.newest_by_key(self._results(name))
        pairs = score.comparable(self.results, theirs, self.policy.task_types)
        runtime, signals = self._runtime(name), self._signals(name)
        mine = self.runtime
        return Candidate(
            model=model,
            price=price,
            spelling=resolve.in_dialect(
                price.provider_model_id,
                like=self.current.model_id,
                like_offered=self.price.provider_model_id,
            )
            or "",
            score=self._score(price, runtime, pairs, signals),
            cost_delta_pct=cost,
            quality_delta_pct=score.score_benchmarks(pairs)[1],
            known_since=None,
            compared=pairs,
            signals=tuple(signals),
            verdict=judge(mine.successes, runtime.successes) if mine and runtime else None,
            runtime=runtime,
        )

    def _score(
        self,
        price: Price,
        runtime: RuntimeStats | None,
        pairs: Sequence[score.Pair],
        signals: Sequence[Signal],
    ) -> Score:
        return score.combine(
            score.score_price(self.price, price, self.mix)[0],
            score.score_benchmarks(pairs)[0],
            score.score_runtime(self.runtime, runtime),
            score.score_sentiment(signals, self.now.date()),
        )

    # What is asked about one model: a query each.

    def _model(self, name: str) -> Model:
        return _record(Model, self.session.scalars(_about(ModelCatalog, name)).one())

    def _prices(self, name: str) -> Iterator[Price]:
        found = {row.provider: row for row in self.session.scalars(_about(ModelPricing, name))}
        for provider in self.policy.providers:
            if provider in found:
                yield _record(Price, found[provider], tiers=())

    def _results(self, name: str) -> list[BenchmarkResult]:
        rows = self.session.scalars(_about(ModelBenchmark, name))
        return [_result(row) for row in rows]

    def _runtime(self, name: str) -> RuntimeStats | None:
        of_role = select(ModelRuntimeStats).where(
            ModelRuntimeStats.model == name, ModelRuntimeStats.role == self.policy.role
        )
        newest = of_role.order_by(ModelRuntimeStats.window_end.desc()).limit(1)
        row = self.session.scalars(newest).one_or_none()
        return None if row is None else _record(RuntimeStats, row)

    def _signals(self, name: str) -> list[Signal]:
        rows = self.session.scalars(_about(ModelSentimentSignal, name))
        return [
            Signal(
                row.id,
                row.model_id,
                row.sentiment,
                row.source,
                row.source_url,
                row.snippet,
                row.title,
                row.author,
                row.published_at,
            )
            for row in rows
        ]


def _about(table: type[Any], name: str) -> Any:
    return select(table).where(table.model_id == name)


def _record(kind: type[Record], row: Base, **changed: Any) -> Record:
    stored = {name: getattr(row, name) for name in kind.__slots__ if hasattr(row, name)}
    return kind(**{**stored, **changed})


def _result(row: ModelBenchmark) -> BenchmarkResult:
    return BenchmarkResult(
        id=row.id,
        model_id=row.model_id,
        key=BenchmarkKey(*(getattr(row, name) for name in BenchmarkKey._fields)),
        score=row.score,
        task_type=row.task_type,
        higher_is_better=row.higher_is_better,
        source=row.source,
        source_url=row.source_url,
        measured_at=row.measured_at,
        task_count=row.task_count,
        source_kind=row.source_kind,  # type: ignore[arg-type]  # the table's CHECK has the same words
    )
