"""The reference: every use case asks the database about every candidate, as first drafts do.

It scores and judges with the same functions and must come to the same ranking and the same
proposal; only how it reads, and that it works out everything about everybody, is its own. It
estimates the abilities for each use case anew, and asks for the chance of one candidate at a time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from model_intelligence.config.bot_yaml import Policy
from model_intelligence.decision import score
from model_intelligence.decision.ability import Abilities, Lineage
from model_intelligence.decision.chances import estimate_abilities, lineage_of
from model_intelligence.decision.gates import gates
from model_intelligence.decision.judgement import Judgement, judge_candidate
from model_intelligence.decision.values import Assessment, Candidate, Outlook, Score
from model_intelligence.models import (
    Base,
    ModelBenchmark,
    ModelCatalog,
    ModelPricing,
    ModelRuntimeStats,
    ModelSentimentSignal,
)
from model_intelligence.naming import resolve
from model_intelligence.naming.lineage import specialty_of
from model_intelligence.pricing.call_cost import mix_of, usd_per_call
from model_intelligence.records import (
    BenchmarkKey,
    BenchmarkResult,
    Evidence,
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
        self.lineages, self.abilities = self._estimate(names)
        others = [self._candidate(name) for name in names if name != self.current.model_id]
        ranked = sorted([each for each in others if each is not None], key=self._rank)
        judged = iter(judge_all([each.verdict for each in ranked if each.verdict]))
        ranked = [replace(each, verdict=next(judged)) if each.verdict else each for each in ranked]
        return self._proposal(ranked), ranked

    def _estimate(self, names: Sequence[str]) -> tuple[Mapping[str, Lineage], Abilities]:
        models = {name: self._model(name) for name in names}
        results = {name: tuple(self._results(name)) for name in names}
        evidence = Evidence(models=models, prices={}, benchmarks=results)
        lineages = {name: lineage_of(model, evidence) for name, model in models.items()}
        return lineages, estimate_abilities(evidence, lineages.values())

    def _rank(self, each: Candidate) -> tuple[Any, ...]:
        cost = usd_per_call(each.price, self.mix)
        return -each.score.total, cost, -len(each.compared), each.model.model_id

    def _proposal(self, ranked: Sequence[Candidate]) -> Candidate | None:
        """The likeliest to be better, else of those that save money the likeliest to be no worse.

        The current model does not end soon: a replacement is no question of proposing.
        """
        assessment = self._assessment(ranked)
        judged = [(each, judge_candidate(each, assessment)) for each in ranked]
        proposed = [(each, seen.reason_class) for each, seen in judged if self._may_propose(seen)]
        better = [each for each, reason in proposed if reason != "cost"]
        cheaper = [each for each, reason in proposed if reason == "cost"]
        if better:
            return min(better, key=self._surest_first)
        return min(cheaper, key=_no_worse_first, default=None)

    def _assessment(self, ranked: Sequence[Candidate]) -> Assessment:
        return Assessment(
            policy=self.policy,
            today=self.now.date(),
            current_spelling=self.current.model_id,
            current=self.current,
            current_price=self.price,
            staying=self._score(self.price, self.runtime, (), self._signals(self.current.model_id)),
            ranked=(),
            candidates=ranked,
            excluded=(),
            mix=self.mix,
        )

    def _may_propose(self, judged: Judgement) -> bool:
        return judged.may_be_proposed

    def _surest_first(self, each: Candidate) -> tuple[Any, ...]:
        is_shown = each.verdict is not None and each.verdict.kind == "better"
        cost = usd_per_call(each.price, self.mix)
        return not is_shown, -(each.outlook.better or 0), cost, each.model.model_id

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
            outlook=self._outlook(name, price),
        )

    def _outlook(self, name: str, price: Price) -> Outlook:
        current = self.current.model_id
        ours, theirs = self.lineages[current], self.lineages[name]
        assert ours.released is not None  # every model of the market has a date
        assert theirs.released is not None
        moves_provider = price.provider != self.price.provider
        return Outlook(
            better=self.abilities.chance_better(current, name),
            not_worse=self.abilities.chance_not_worse(current, name),
            both_measured={current, name} <= self.abilities.measured.keys(),
            released=theirs.released,
            age_days=(theirs.released - ours.released).days,
            moves="provider" if moves_provider else "maker" if ours.maker != theirs.maker else None,
            same_line=ours.line == theirs.line,
            same_tier=ours.tier == theirs.tier,
            fits_the_work=specialty_of(name) is None,
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


def _no_worse_first(each: Candidate) -> tuple[Any, ...]:
    return -(each.outlook.not_worse or 0), each.cost_delta_pct, each.model.model_id


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
