"""Evidence and policy in, Upgrade or Keep out. Pure.

A model is proposed when it is likely enough to be right, as `decision.judgement` says: better, the
successor of the current one, or cheaper and hardly worse. A model that ends is replaced by the best
there is (`decision.replacement`). The published score is shown for every model and gates nothing.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from model_intelligence.config.bot_yaml import Policy, Retirement
from model_intelligence.decision.assess import assess
from model_intelligence.decision.deadline import deadline_of, sentence
from model_intelligence.decision.judgement import (
    is_shown_better,
    judge_candidate,
    may_be_considered,
)
from model_intelligence.decision.replacement import replacement_of
from model_intelligence.decision.values import (
    Assessment,
    Candidate,
    Deadline,
    Decision,
    Keep,
    RankedCandidate,
    ReasonClass,
    Regression,
    Upgrade,
)
from model_intelligence.explanation import why_keep
from model_intelligence.explanation.not_comparable import not_comparable
from model_intelligence.explanation.other_task_types import other_work
from model_intelligence.explanation.why_not_chosen import why_not
from model_intelligence.records import Evidence

DEFAULT_RETIREMENT = Retirement()
SLACK = 0.05  # of a chance: what an open proposal may lose, or a better one must gain, to count


def recommend(
    policy: Policy,
    current: str,
    evidence: Evidence,
    today: date,
    retirement: Retirement = DEFAULT_RETIREMENT,
    *,
    proposed: str | None = None,
    regression: Regression | None = None,
) -> Decision:
    """The decision for one use case; `current` is the name as the config spells it.

    `proposed` is what an open proposal names: it is given up later than it would be opened.
    `regression` is what the current model's own merge has brought, if that was a loss.
    """
    assessment = assess(policy, current, evidence, today)
    deadline = deadline_of(assessment.current, retirement, today)
    if regression is not None:
        decision = replace(go_back(assessment, regression), deadline=deadline)
    elif deadline is None or deadline.stage == "notice":
        decision = replace(decide(assessment, proposed), deadline=deadline)
    else:
        decision = replace_retiring(assessment, deadline, proposed)
    return _with_the_rest(decision, evidence) if isinstance(decision, Upgrade) else decision


def _with_the_rest(upgrade: Upgrade, evidence: Evidence) -> Upgrade:
    """With the results that do not count: of other work, and those that cannot be compared."""
    seen, best = upgrade.assessment, upgrade.candidate
    types = seen.policy.task_types
    ours = evidence.benchmarks.get(seen.current.model_id, ()) if seen.current else ()
    theirs = evidence.benchmarks.get(best.model.model_id, ())
    others = other_work(ours, theirs, types)
    left = not_comparable(ours, theirs, (*best.compared, *others), types)
    return replace(upgrade, not_comparable=left, other_work=others)


def go_back(assessment: Assessment, regression: Regression) -> Decision:
    """To the model that was replaced; the next best where that one is out or ends soon."""
    named = assessment.those(lambda each: each.model.model_id == regression.replaced)
    best = next(named, None) or _replacement(assessment)
    if best is None:
        worse = f"{regression.reasons[0]} since {regression.url}"
        return Keep(assessment, f"{worse}, and no other model may be called")
    return replace(_upgrade(assessment, best, "regression"), regression=regression)


def replace_retiring(
    assessment: Assessment, end: Deadline, proposed: str | None = None
) -> Decision:
    """The best replacement, whatever its chance."""
    best = _replacement(assessment, proposed)
    if best is None:
        return Keep(assessment, f"{sentence(end)}, and no other model may be called", end)
    return replace(_upgrade(assessment, best, "retirement"), deadline=end)


def _replacement(assessment: Assessment, proposed: str | None = None) -> Candidate | None:
    place = replacement_of(assessment, proposed)
    return None if place is None else assessment.candidates[place]


def decide(assessment: Assessment, proposed: str | None = None) -> Decision:
    """The best candidate that may be proposed, or why nobody is."""
    impossible = why_keep.why_nothing_can_be_said(assessment)
    if impossible is not None:
        return Keep(assessment, impossible)
    found = next(winners(assessment), None)
    kept = _still_good(assessment, proposed)
    if kept is not None and not (found and _is_far_better(found, kept)):
        return kept
    return found or Keep(assessment, why_keep.why_nobody_is_better(assessment))


def as_requested(decision: Decision, evidence: Evidence, limit: int) -> list[Upgrade]:
    """The candidates by score, at most `limit`, each with what keeps it from being proposed.

    The one that is proposed is among them, whatever its score.
    """
    assessment = decision.assessment
    best = decision.candidate if isinstance(decision, Upgrade) else None
    ranked = assessment.ranked
    places = sorted(range(len(ranked)), key=lambda place: _best_first(ranked[place]))
    shown = [assessment.candidates[place] for place in places[:limit]]
    if best is not None and best not in shown:
        shown[-1] = best
    return [
        decision
        if isinstance(decision, Upgrade) and candidate == best
        else _requested(candidate, best, decision, evidence)
        for candidate in shown
    ]


def _best_first(each: RankedCandidate) -> tuple[Decimal, bool, float]:
    """By score; of equals those first that come into question, then the likeliest."""
    return -each.total, not may_be_considered(each), -(each.outlook.better or 0)


def _requested(
    candidate: Candidate, best: Candidate | None, decision: Decision, evidence: Evidence
) -> Upgrade:
    found = _upgrade(decision.assessment, candidate, "requested")
    objection = why_not(candidate, decision.assessment, best)
    return replace(_with_the_rest(found, evidence), objection=objection)


def winners(assessment: Assessment) -> Iterator[Upgrade]:
    """The candidates that may be proposed, each described when it is asked for.

    Better models come before those that only save money; of each the surest first.
    """
    cheaper = []
    for candidate in _considered(assessment):
        judged = judge_candidate(candidate, assessment)
        if judged.may_be_proposed and judged.reason_class == "cost":
            cheaper.append(candidate)
        elif judged.may_be_proposed and judged.reason_class is not None:
            yield _upgrade(assessment, candidate, judged.reason_class)
    for candidate in sorted(cheaper, key=_no_worse_first):
        yield _upgrade(assessment, candidate, "cost")


def _considered(assessment: Assessment) -> Iterator[Candidate]:
    ranked = assessment.ranked
    places = [place for place, each in enumerate(ranked) if may_be_considered(each)]
    for place in sorted(places, key=lambda place: _surest_first(ranked[place])):
        yield assessment.candidates[place]


def _surest_first(each: RankedCandidate) -> tuple[bool, float, Decimal, str]:
    """What our own calls show to be better first, then by the chance of being better."""
    chance = each.outlook.better or 0
    return not is_shown_better(each), -chance, each.usd_per_call, each.model.model_id


def _no_worse_first(each: Candidate) -> tuple[float, Decimal, str]:
    cost = each.cost_delta_pct or Decimal(0)
    return -(each.outlook.not_worse or 0), cost, each.model.model_id


def _upgrade(assessment: Assessment, candidate: Candidate, reason_class: ReasonClass) -> Upgrade:
    why = reasoning(candidate, assessment.use_case)
    return Upgrade(assessment, candidate, why, reason_class=reason_class)


def _still_good(assessment: Assessment, proposed: str | None) -> Upgrade | None:
    """The open proposal, as long as the evidence for it is nearly as good as when it was opened."""
    if proposed is None:
        return None
    candidate = next(assessment.those(lambda each: each.spelling == proposed), None)
    if candidate is None:
        return None
    judged = judge_candidate(candidate, _relaxed(assessment))
    if not judged.may_be_proposed or judged.reason_class is None:
        return None
    return _upgrade(assessment, candidate, judged.reason_class)


def _relaxed(assessment: Assessment) -> Assessment:
    """With limits that a proposal may fall back to without being withdrawn."""
    limits = assessment.policy.limits
    relaxed = limits.model_copy(
        update={
            "min_chance": max(limits.min_chance - SLACK, 0.5),
            "min_chance_to_move": max(limits.min_chance_to_move - SLACK, 0.5),
            "min_saving_pct": limits.min_saving_pct / 2,
        }
    )
    policy = assessment.policy.model_copy(update={"limits": relaxed})
    return replace(assessment, policy=policy)


def _is_far_better(found: Upgrade, kept: Upgrade) -> bool:
    """Whether a reviewer's time on the open proposal is worth losing."""
    chances = [each.candidate.outlook.better or 0 for each in (found, kept)]
    return chances[0] >= chances[1] + SLACK


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
