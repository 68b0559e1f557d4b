"""One use case seen whole: staying and every model that may be called, scored. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from model_intelligence import identity, scoring
from model_intelligence.call_cost import mix_of, usd_per_call
from model_intelligence.editions import newest_editions
from model_intelligence.gates import barred
from model_intelligence.policy import Policy
from model_intelligence.records import (
    UNDATED,
    Assessment,
    Candidate,
    Evidence,
    Excluded,
    Model,
    Price,
    RuntimeStats,
    Score,
    TokenMix,
)
from model_intelligence.verdicts import Verdict, judge, judge_all


@dataclass(frozen=True, slots=True)
class _Index:
    """What every use case looks up in the same evidence."""

    names: Mapping[str, str]
    priced: frozenset[str]
    results: Mapping[str, scoring.Newest]


@dataclass(frozen=True, slots=True)
class _Case:
    """One use case with what every candidate is held against."""

    policy: Policy
    spelling: str
    model: Model | None
    price: Price | None
    runtime: RuntimeStats | None
    mix: TokenMix
    results: scoring.Newest
    evidence: Evidence
    index: _Index
    today: date


def assess(policy: Policy, current: str, evidence: Evidence, today: date) -> Assessment:
    """Scores staying and every model that may be called; the others with their reasons."""
    case = _case(policy, current, evidence, today)
    others = [other for other in evidence.models.values() if case.model and other is not case.model]
    seen = [_consider(case, other) for other in others]
    candidates = [found for found in seen if isinstance(found, Candidate)]
    ranked = _judged_together(sorted(candidates, key=lambda each: _rank(each, case.mix)))
    excluded = tuple(found for found in seen if isinstance(found, Excluded))
    staying, _, _ = _score(case, case.model, case.price, case.runtime, ())
    return Assessment(
        policy=policy,
        today=today,
        current_spelling=current,
        current=case.model,
        current_price=case.price,
        staying=staying,
        candidates=tuple(ranked),
        excluded=excluded,
        mix=case.mix,
        runtime=case.runtime,
    )


def _case(policy: Policy, current: str, evidence: Evidence, today: date) -> _Case:
    index = _index(evidence)
    known = identity.resolve(current, index.names)
    model = evidence.models[known] if known else None
    runtime = evidence.runtime.get((known, policy.role)) if known else None
    return _Case(
        policy=policy,
        spelling=current,
        model=model,
        price=_price_of_current(policy, model, evidence),
        runtime=runtime,
        mix=mix_of(runtime),
        results=index.results.get(known or "", {}),
        evidence=evidence,
        index=index,
        today=today,
    )


@lru_cache(maxsize=1)
def _index(evidence: Evidence) -> _Index:
    """Made once for all use cases of a run, which share one Evidence."""
    newest = {
        model_id: scoring.newest_by_key(results)
        for model_id, results in evidence.benchmarks.items()
    }
    priced = frozenset(model_id for model_id, _ in evidence.prices)
    return _Index(identity.index(evidence.models), priced, newest)


def _rank(candidate: Candidate, mix: TokenMix) -> tuple[Decimal, Decimal, int, str]:
    """Best score first; of equals the cheaper, then the one measured more often."""
    cost = usd_per_call(candidate.price, mix)
    return -candidate.score.total, cost, -len(candidate.compared), candidate.model.model_id


def _price_of_current(policy: Policy, model: Model | None, evidence: Evidence) -> Price | None:
    """The price at the first allowed provider that has one; dollars only."""
    if model is None:
        return None
    for provider in (*policy.providers, model.provider):
        price = evidence.prices.get((model.model_id, provider))
        if price is not None and price.currency == "USD":
            return price
    return None


def _consider(case: _Case, other: Model) -> Candidate | Excluded:
    price = _price_or_reason(case, other)
    if isinstance(price, str):
        return Excluded(other.model_id, price)
    spelling = _spelled(case, price)
    if spelling is None:
        reason = f"its name at {price.provider} cannot be written the way {case.spelling} is"
        return Excluded(other.model_id, reason)
    _, cost = scoring.score_price(case.price, price, case.mix)
    reason_against = barred(case.policy, other, price, cost, case.today)
    if reason_against is not None:
        return Excluded(other.model_id, reason_against)
    return _scored(case, other, price, spelling)


def _spelled(case: _Case, price: Price) -> str | None:
    """The offered name in the config's dialect; a prefix names a provider, so it stays with it."""
    if "/" in case.spelling and (case.price is None or case.price.provider != price.provider):
        return None
    return identity.in_dialect(
        price.provider_model_id,
        like=case.spelling,
        like_offered=case.price.provider_model_id if case.price else None,
    )


def _scored(case: _Case, other: Model, price: Price, spelling: str) -> Candidate:
    theirs = case.index.results.get(other.model_id, {})
    pairs = newest_editions(scoring.comparable(case.results, theirs, case.policy.task_types))
    runtime = case.evidence.runtime.get((other.model_id, case.policy.role))
    score, cost, quality = _score(case, other, price, runtime, pairs)
    return Candidate(
        model=other,
        price=price,
        spelling=spelling,
        score=score,
        cost_delta_pct=cost,
        quality_delta_pct=quality,
        known_since=_known_since(case, other, price),
        compared=pairs,
        signals=case.evidence.signals.get(other.model_id, ()),
        verdict=_verdict(case.runtime, runtime),
        runtime=runtime,
    )


def _verdict(mine: RuntimeStats | None, theirs: RuntimeStats | None) -> Verdict | None:
    """What our own traffic of the same days shows of task success, where both models have any."""
    if mine is None or theirs is None or not (mine.outcomes and theirs.outcomes):
        return None
    if (mine.window_start, mine.window_end) != (theirs.window_start, theirs.window_end):
        return None
    return judge(mine.successes, theirs.successes)


def _judged_together(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates with their verdicts corrected for having looked at all of them."""
    judged = iter(judge_all([each.verdict for each in candidates if each.verdict]))
    return [replace(each, verdict=next(judged)) if each.verdict else each for each in candidates]


def _known_since(case: _Case, model: Model, price: Price) -> date | None:
    """The earliest day that proves the model existed: its release, a result, a dated price."""
    results = case.evidence.benchmarks.get(model.model_id, ())
    days = [model.released_at, *(result.measured_at for result in results)]
    if price.effective_at > UNDATED:
        days.append(price.effective_at.date())
    return min((day for day in days if day is not None), default=None)


def _price_or_reason(case: _Case, model: Model) -> Price | str:
    """The cheapest price at an allowed provider, or why there is none."""
    prices, providers = case.evidence.prices, case.policy.providers
    keys = [(model.model_id, provider) for provider in providers]
    offers = [prices[key] for key in keys if key in prices]
    in_dollars = [offer for offer in offers if offer.currency == "USD"]
    if in_dollars:
        return min(in_dollars, key=lambda offer: usd_per_call(offer, case.mix))
    if offers:
        return f"priced in {offers[0].currency} only, which is not compared with USD"
    if any(key in case.evidence.later_prices for key in keys):
        return "its price is not yet in effect"
    if model.model_id in case.index.priced:
        return f"not offered by {', '.join(providers)}"
    return "no price is known"


def _score(
    case: _Case,
    other: Model | None,
    price: Price | None,
    runtime: RuntimeStats | None,
    pairs: tuple[scoring.Pair, ...],
) -> tuple[Score, Decimal | None, Decimal | None]:
    """The score of `other` against the current model, with the change of cost and quality."""
    price_part, cost = scoring.score_price(case.price, price, case.mix)
    benchmark_part, quality = scoring.score_benchmarks(pairs)
    runtime_part = scoring.score_runtime(case.runtime, runtime)
    signals = case.evidence.signals.get(other.model_id, ()) if other else ()
    sentiment_part = scoring.score_sentiment(signals, case.today)
    return (
        scoring.combine(price_part, benchmark_part, runtime_part, sentiment_part),
        cost,
        quality,
    )
