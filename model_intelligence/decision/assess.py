"""One use case assessed: staying and every permitted model, scored. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from model_intelligence.config.bot_yaml import Policy
from model_intelligence.decision import score as scoring
from model_intelligence.decision.case import Case, case_of, consider
from model_intelligence.decision.evidence_age import NewestResult, newest_result
from model_intelligence.decision.lazy_candidates import Ranking
from model_intelligence.decision.values import (
    Assessment,
    Candidate,
    Excluded,
    Part,
    RankedCandidate,
    Score,
)
from model_intelligence.records import UNDATED, Evidence, Model, Price, RuntimeStats
from model_intelligence.stats.proportions import judge_all


def assess(policy: Policy, current: str, evidence: Evidence, today: date) -> Assessment:
    """Scores staying and every permitted model; the others are left out, each with the reason."""
    case = case_of(policy, current, evidence, today)
    others = [other for other in evidence.models.values() if case.model and other is not case.model]
    seen = [consider(case, other) for other in others]
    by_rank = sorted((found for found in seen if isinstance(found, RankedCandidate)), key=_rank)
    ranked = tuple(_judged_together(by_rank))
    staying, _ = _score(case, case.model, case.price, case.runtime, ())
    return Assessment(
        policy=policy,
        today=today,
        current_spelling=current,
        current=case.model,
        current_price=case.price,
        staying=staying,
        ranked=ranked,
        candidates=Ranking(ranked, partial(_described, case)),
        excluded=tuple(found for found in seen if isinstance(found, Excluded)),
        mix=case.mix,
        runtime=case.runtime,
        snapshot=case.snapshot,
        advised=case.advised,
        points_to=evidence.same.get(case.model.model_id) if case.model else None,
        newest_result=_newest_result(case, case.model),
    )


def _rank(ranked: RankedCandidate) -> tuple[Decimal, Decimal, int, str]:
    """Best score first; of equals the cheaper, then the one measured more often."""
    return -ranked.total, ranked.usd_per_call, -ranked.shared, ranked.model.model_id


def _judged_together(ranked: Sequence[RankedCandidate]) -> list[RankedCandidate]:
    """The candidates with their verdicts corrected for multiple comparisons."""
    judged = iter(judge_all([each.verdict for each in ranked if each.verdict]))
    return [each._replace(verdict=next(judged)) if each.verdict else each for each in ranked]


def _described(case: Case, ranked: RankedCandidate) -> Candidate:
    """The candidate with all the evidence that ranked it."""
    model, price = ranked.model, ranked.price
    pairs = case.benchmarks.pairs(model.model_id)
    score, quality = _score(case, model, price, ranked.runtime, pairs)
    return Candidate(
        model=model,
        price=price,
        spelling=ranked.spelling,
        score=score,
        cost_delta_pct=ranked.cost_delta_pct,
        quality_delta_pct=quality,
        known_since=_known_since(case, model, price),
        compared=pairs,
        signals=case.evidence.signals.get(model.model_id, ()),
        verdict=ranked.verdict,
        runtime=ranked.runtime,
        outlook=ranked.outlook,
        newest_result=_newest_result(case, model),
    )


def _newest_result(case: Case, model: Model | None) -> NewestResult:
    results = case.evidence.benchmarks.get(model.model_id, ()) if model else ()
    return newest_result(results, model)


def _score(
    case: Case,
    other: Model | None,
    price: Price | None,
    runtime: RuntimeStats | None,
    pairs: Sequence[scoring.Pair],
) -> tuple[Score, Decimal | None]:
    """The score of `other` against the current model, in words, with the change of quality."""
    price_part, _ = scoring.score_price(case.price, price, case.mix)
    benchmark_part, quality = scoring.score_benchmarks(pairs)
    runtime_part = scoring.score_runtime(case.runtime, runtime)
    sentiment_part = case.lookup.opinions.get(other.model_id) if other else None
    neutral = Part(scoring.NEUTRAL, "no opinions recorded")
    score = scoring.combine(price_part, benchmark_part, runtime_part, sentiment_part or neutral)
    return score, quality


def _known_since(case: Case, model: Model, price: Price) -> date | None:
    """The earliest day that proves the model existed: its release, a result, a dated price."""
    results = case.evidence.benchmarks.get(model.model_id, ())
    days = [model.released_at, *(result.measured_at for result in results)]
    if price.effective_at > UNDATED:
        days.append(price.effective_at.date())
    return min((day for day in days if day is not None), default=None)
