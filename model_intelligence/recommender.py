"""Evidence and policy in, Upgrade or Keep out. Pure.

A model is proposed only when it may be called, its score beats staying by the margin, and
something besides a lack of evidence speaks for it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from model_intelligence import identity, scoring
from model_intelligence.deadline import deadline_of, sentence
from model_intelligence.policy import Policy, Retirement
from model_intelligence.records import (
    UNDATED,
    Assessment,
    Candidate,
    Deadline,
    Decision,
    Evidence,
    Excluded,
    Keep,
    Model,
    Price,
    Score,
    Upgrade,
)
from model_intelligence.verdicts import Verdict, in_points, judge, judge_all

DEFAULT_RETIREMENT = Retirement()
ROLLING_SUFFIX = "-latest"  # the provider re-points such a name whenever it likes
PREVIEW = re.compile(r"(^|[-.])(preview|exp|experimental|alpha|beta)([-.]|$)")


@dataclass(frozen=True, slots=True)
class _Case:
    """One use case with what every candidate is held against."""

    policy: Policy
    spelling: str
    model: Model | None
    price: Price | None
    evidence: Evidence
    today: date
    priced: frozenset[str]
    required: tuple[tuple[str, int], ...]


def recommend(
    policy: Policy,
    current: str,
    evidence: Evidence,
    today: date,
    retirement: Retirement = DEFAULT_RETIREMENT,
) -> Decision:
    """The decision for one use case; `current` is the name as the config spells it."""
    assessment = assess(policy, current, evidence, today)
    deadline = deadline_of(assessment.current, retirement, today)
    if deadline is not None and deadline.stage != "notice":
        last = today + timedelta(days=retirement.notice_days)
        return replace_retiring(assessment, policy.margin, deadline, last)
    return replace(decide(assessment, policy.margin), deadline=deadline)


def replace_retiring(case: Assessment, margin: Decimal, end: Deadline, last: date) -> Decision:
    """The best replacement that is known well enough, even if it scores lower.

    First what beats staying, then the best measured, then what the provider itself names, then the
    best of the same family; none of them may end before `last`.
    """
    current = case.current
    lasting = [
        candidate
        for candidate in case.candidates
        if candidate.model.retires_at is None or candidate.model.retires_at > last
    ]
    named = identity.match_key(current.replacement or "") if current else ""
    groups = (
        [each.candidate for each in upgrades(case, margin) if each.candidate in lasting],
        [candidate for candidate in lasting if is_proven(candidate)],
        [each for each in lasting if identity.match_key(each.model.model_id) == named],
        [each for each in lasting if current and each.model.family == current.family],
    )
    best = next((group[0] for group in groups if group), None)
    if best is None:
        reason = f"{sentence(end)}, and no candidate is known well enough to propose"
        return Keep(case, reason, end)
    return Upgrade(case, best, reasoning(best, case.use_case), end)


def assess(policy: Policy, current: str, evidence: Evidence, today: date) -> Assessment:
    """Scores staying and every model that may be called; the others with their reasons."""
    known = identity.resolve(current, identity.index(evidence.models))
    model = evidence.models[known] if known else None
    priced = frozenset(key[0] for key in evidence.prices)
    price = _price_of_current(policy, model, evidence)
    required = tuple((name, least) for name, least in policy.requires if least is not None)
    case = _Case(policy, current, model, price, evidence, today, priced, required)
    others = [other for other in evidence.models.values() if model and other is not model]
    seen = [_consider(case, other) for other in others]
    ranked = sorted((found for found in seen if isinstance(found, Candidate)), key=_rank)
    candidates = _judged_together(ranked)
    excluded = tuple(found for found in seen if isinstance(found, Excluded))
    staying, _, _ = _score(case, model, price, ())
    return Assessment(policy.use_case, current, model, price, staying, tuple(candidates), excluded)


def _rank(candidate: Candidate) -> tuple[Decimal, Decimal, int, str]:
    """Best score first; of equals the cheaper, then the one measured more often."""
    cost = scoring.blended_usd_per_1k(candidate.price)
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
    barred = _barred(case, other, price)
    return Excluded(other.model_id, barred) if barred else _scored(case, other, price, spelling)


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
    benchmarks = case.evidence.benchmarks
    pairs = scoring.comparable(
        benchmarks.get(case.model.model_id, ()) if case.model else (),
        benchmarks.get(other.model_id, ()),
        case.policy.task_types,
    )
    score, cost, quality = _score(case, other, price, pairs)
    signals = case.evidence.signals.get(other.model_id, ())
    known = _known_since(case, other, price)
    verdict = _verdict(case, other)
    return Candidate(other, price, spelling, score, cost, quality, known, pairs, signals, verdict)


def _verdict(case: _Case, other: Model) -> Verdict | None:
    """What our own traffic of the same days shows of task success, where both models have any."""
    role, runtime = case.policy.role, case.evidence.runtime
    mine = runtime.get((case.model.model_id, role)) if case.model else None
    theirs = runtime.get((other.model_id, role))
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
        return min(in_dollars, key=scoring.blended_usd_per_1k)
    if offers:
        return f"priced in {offers[0].currency} only, which is not compared with USD"
    if any(key in case.evidence.later_prices for key in keys):
        return "its price is not yet in effect"
    if model.model_id in case.priced:
        return f"not offered by {', '.join(providers)}"
    return "no price is known"


def _barred(case: _Case, model: Model, price: Price) -> str | None:
    """Why the policy does not allow the model, or None. Unknown is not good enough."""
    if model.is_deprecated:
        return "deprecated by its provider"
    if model.retires_at is not None and model.retires_at <= case.today:
        return f"retired on {model.retires_at}"
    if model.released_at is not None and model.released_at > case.today:
        return f"not released before {model.released_at}"
    if model.model_id.endswith(ROLLING_SUFFIX):
        return "a rolling alias, which may mean another model tomorrow"
    if PREVIEW.search(model.model_id) and not case.policy.limits.allow_previews:
        return "a preview, and limits.allow_previews is not set"
    return _lacking(case, model) or _too_dear(case, price)


def _lacking(case: _Case, model: Model) -> str | None:
    for name, least in case.required:
        offered: int | None = getattr(model, name)
        label = name.replace("_", " ")
        if offered is None:
            return f"{label} unknown, {least:,} required"
        if offered < least:
            return f"{label} {offered:,}, {least:,} required"
    return None


def _too_dear(case: _Case, price: Price) -> str | None:
    most = case.policy.limits.max_cost_increase_pct
    if most is None:
        return None
    _, delta = scoring.score_price(case.price, price)
    if delta is not None and delta > most:
        return f"{delta:+.0f} % dearer, at most {most:+.0f} % allowed"
    return None


def _score(
    case: _Case, other: Model | None, price: Price | None, pairs: tuple[scoring.Pair, ...]
) -> tuple[Score, Decimal | None, Decimal | None]:
    """The score of `other` against the current model, with the change of cost and quality."""
    role, runtime = case.policy.role, case.evidence.runtime
    price_part, cost = scoring.score_price(case.price, price)
    benchmark_part, quality = scoring.score_benchmarks(pairs)
    runtime_part = scoring.score_runtime(
        runtime.get((case.model.model_id, role)) if case.model else None,
        runtime.get((other.model_id, role)) if other else None,
    )
    signals = case.evidence.signals.get(other.model_id, ()) if other else ()
    sentiment_part = scoring.score_sentiment(signals, case.today)
    return (
        scoring.combine(price_part, benchmark_part, runtime_part, sentiment_part),
        cost,
        quality,
    )


def decide(assessment: Assessment, margin: Decimal) -> Decision:
    """Upgrade to the best candidate that is shown to be better, else Keep with the reason."""
    if assessment.current is None:
        return Keep(
            assessment,
            f"{assessment.current_spelling} is not in the catalog, so nothing can be compared "
            "with it; add it to config/pricing.yaml or correct the name",
        )
    if assessment.current_price is None:
        return Keep(
            assessment,
            f"no price in USD is known for {assessment.current_spelling} at an allowed provider; "
            "add one to config/pricing.yaml",
        )
    if not assessment.candidates:
        return Keep(assessment, _nobody(assessment.excluded))
    found = upgrades(assessment, margin)
    return found[0] if found else Keep(assessment, _why_nobody_is_better(assessment, margin))


def upgrades(assessment: Assessment, margin: Decimal) -> list[Upgrade]:
    """Every candidate that beats staying by the margin on something measured, best first.

    Sentiment orders them, but does not decide whether there are any.
    """
    least = assessment.staying.settled + margin
    return [
        Upgrade(assessment, candidate, reasoning(candidate, assessment.use_case))
        for candidate in assessment.candidates
        if is_proven(candidate)
        and not is_worse(candidate)
        and candidate.score.settled >= least
        and candidate.score.settled > assessment.staying.settled
    ]


def is_proven(candidate: Candidate) -> bool:
    """Whether its quality was measured: by a shared benchmark, or by enough of our own calls."""
    measured = candidate.verdict is not None and candidate.verdict.kind != "no_evidence"
    return bool(candidate.score.benchmark.record_ids) or measured


def is_worse(candidate: Candidate) -> bool:
    """Whether our own calls show, beyond chance, that it succeeds less often."""
    return candidate.verdict is not None and candidate.verdict.kind == "worse"


def _nobody(excluded: Iterable[Excluded]) -> str:
    return f"all {len(tuple(excluded))} other models are ruled out; see --explain"


def _why_nobody_is_better(assessment: Assessment, margin: Decimal) -> str:
    count = len(assessment.candidates)
    proven = [candidate for candidate in assessment.candidates if is_proven(candidate)]
    if not proven:
        return (
            f"none of {count} candidates shares a benchmark or telemetry with "
            f"{assessment.current_spelling}"
        )
    best, staying = proven[0], assessment.staying.settled
    if best.verdict is not None and is_worse(best):
        return (
            f"{best.spelling} is the best of {count} candidates by score, but succeeds less often "
            f"in your own calls: {in_points(best.verdict)}"
        )
    return (
        f"{best.spelling} is the best of {count} candidates and scores "
        f"{best.score.settled:.3f}; staying scores {staying:.3f} and a proposal needs "
        f"{staying + margin:.3f}"
    )


def reasoning(candidate: Candidate, use_case: str) -> str:
    """The sentence that a recommendation is stored and shown with."""
    parts = {
        "pricing": candidate.score.price,
        "benchmarks": candidate.score.benchmark,
        "runtime stats": candidate.score.runtime,
        "sentiment": candidate.score.sentiment,
    }
    evidence = ", ".join(name for name, part in parts.items() if part.record_ids)
    return (
        f"Recommended {candidate.spelling} for {use_case}. "
        f"Composite score: {candidate.score.total:.3f}. Evidence: {evidence}."
    )
