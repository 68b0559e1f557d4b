"""Evidence and policy in, Upgrade or Keep out. Pure.

A model is proposed only when it may be called, its score beats staying by the margin, something
about it is demonstrably better, and nothing demonstrably worse than the policy tolerates. One that
is no better but much cheaper needs no higher score: the published one cannot tell a saving from an
equal price.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain

from model_intelligence.config.bot_yaml import Policy, Retirement
from model_intelligence.decision.assess import assess
from model_intelligence.decision.deadline import deadline_of, sentence
from model_intelligence.decision.judgement import (
    MAX_INCREASE_PCT,
    SIMILAR_COST_PCT,
    judge_candidate,
)
from model_intelligence.decision.values import (
    Assessment,
    Candidate,
    Deadline,
    Decision,
    Keep,
    RankedCandidate,
    Regression,
    Upgrade,
)
from model_intelligence.explanation import why_keep
from model_intelligence.explanation.not_comparable import not_comparable
from model_intelligence.explanation.other_task_types import other_work
from model_intelligence.pricing.call_cost import price_ratio, usd_per_call
from model_intelligence.records import Evidence

DEFAULT_RETIREMENT = Retirement()


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


def go_back(case: Assessment, regression: Regression) -> Decision:
    """To the model that was replaced; the next best where that one is out or ends soon."""
    replaced = case.those(lambda each: each.model.model_id == regression.replaced)
    best = next(chain(replaced, *_groups(case)), None)
    if best is None:
        worse = f"{regression.reasons[0]} since {regression.url}"
        return Keep(case, f"{worse}, and no candidate is known well enough to propose")
    return replace(_upgrade(case, best), reason_class="regression", regression=regression)


def replace_retiring(case: Assessment, end: Deadline, proposed: str | None = None) -> Decision:
    """The best replacement that is known well enough, even if it scores lower.

    First what would be proposed anyway, as long as a call costs at most twice as much. Then, at
    about the same price, the best measured that is not worse, and what the provider itself names.
    Then the best measured that is not worse at up to twice the price; beyond it the cheapest, as
    the tier was chosen for its price. Then what the provider names, the best measured, and of the
    same family the nearest in price. An open proposal stays as long as it is in the first of these
    groups.
    """
    found = (_first(group, proposed) for group in _groups(case))
    best = next(filter(None, found), None)
    if best is None:
        reason = f"{sentence(end)}, and no candidate is known well enough to propose"
        return Keep(case, reason, end)
    return Upgrade(case, best, reasoning(best, case.use_case), end, "retirement")


def _first(group: Iterator[Candidate], proposed: str | None) -> Candidate | None:
    """Of a group the open proposal, else its best; None of an empty one."""
    best = next(group, None)
    if best is None or proposed is None or best.spelling == proposed:
        return best
    return next((each for each in group if each.spelling == proposed), best)


def _groups(case: Assessment) -> Iterator[Iterator[Candidate]]:
    """Candidates to replace a retiring model, those of the best reason first."""
    current, limits = case.current, case.policy.limits
    family = current.family if current else None

    def measured(most: Decimal | None = None) -> Iterator[Candidate]:
        return case.those(lambda each: each.is_measured and _costs(each, most))

    def advised(most: Decimal | None = None) -> Iterator[Candidate]:
        named = case.those(lambda each: each.model.model_id == case.advised)
        return (each for each in named if _costs(each, most))

    def clear(group: Iterator[Candidate]) -> Iterator[Candidate]:
        now = case.current_price
        return (e for e in group if judge_candidate(e, current, now, limits).is_clear)

    def nearest_relatives() -> Iterator[Candidate]:
        ratios = {
            place: price_ratio(each.cost_delta_pct)
            for place, each in enumerate(case.ranked)
            if each.model.family == family and each.cost_delta_pct is not None
        }
        return (case.candidates[place] for place in sorted(ratios, key=ratios.__getitem__))

    better = (each.candidate for each in winners(case))
    yield (each for each in better if _costs(each, MAX_INCREASE_PCT))
    yield clear(measured(SIMILAR_COST_PCT))
    yield clear(advised(SIMILAR_COST_PCT))
    yield clear(measured(MAX_INCREASE_PCT))
    yield iter(sorted(clear(measured()), key=lambda each: usd_per_call(each.price, case.mix)))
    yield advised()
    yield measured()
    yield nearest_relatives()


def _costs(one: Candidate | RankedCandidate, most: Decimal | None) -> bool:
    """Whether a call costs at most so many percent more; None is any price, also an unknown one."""
    return most is None or (one.cost_delta_pct is not None and one.cost_delta_pct <= most)


def decide(assessment: Assessment, proposed: str | None = None) -> Decision:
    """The best candidate that may be proposed, or why nobody is."""
    impossible = why_keep.why_nothing_can_be_said(assessment)
    if impossible is not None:
        return Keep(assessment, impossible)
    found = next(winners(assessment), None)
    kept = _still_good(assessment, proposed)
    if kept is not None and not (found and _is_far_better(found, kept, assessment.policy.margin)):
        return kept
    return found or Keep(assessment, why_keep.why_nobody_is_better(assessment))


def upgrades(assessment: Assessment) -> list[Upgrade]:
    """Every candidate that may be proposed, best first."""
    return list(winners(assessment))


def winners(assessment: Assessment) -> Iterator[Upgrade]:
    """The candidates that may be proposed, best first, each looked for when it is asked for.

    Sentiment orders them, but does not decide whether there are any.
    """
    policy, staying = assessment.policy, assessment.staying.settled
    needed, saving = staying + policy.margin, -policy.limits.min_saving_pct

    def could_win(each: RankedCandidate) -> bool:
        saves = each.cost_delta_pct is not None and each.cost_delta_pct <= saving
        return each.is_measured and each.settled >= (staying if saves else needed)

    current, now = assessment.current, assessment.current_price
    for candidate in assessment.those(could_win):
        seen = judge_candidate(candidate, current, now, policy.limits)
        if not seen.is_clear:
            continue
        if seen.quality and needed <= candidate.score.settled > staying:
            yield _upgrade(assessment, candidate)
        elif seen.saving:
            yield replace(_upgrade(assessment, candidate), reason_class="cost")


def _upgrade(assessment: Assessment, candidate: Candidate) -> Upgrade:
    return Upgrade(assessment, candidate, reasoning(candidate, assessment.use_case))


def _still_good(assessment: Assessment, proposed: str | None) -> Upgrade | None:
    """The open proposal, as long as it scores more than staying or saves half as much."""
    named = assessment.those(lambda each: each.spelling == proposed and each.is_measured)
    candidate = next(named, None)
    if candidate is None:
        return None
    limits = assessment.policy.limits
    relaxed = limits.model_copy(update={"min_saving_pct": limits.min_saving_pct / 2})
    seen = judge_candidate(candidate, assessment.current, assessment.current_price, relaxed)
    gained = candidate.score.settled - assessment.staying.settled
    if not seen.is_clear or gained < 0 or (gained == 0 and not seen.saving):
        return None
    upgrade = _upgrade(assessment, candidate)
    return upgrade if gained > 0 else replace(upgrade, reason_class="cost")


def _is_far_better(found: Upgrade, kept: Upgrade, margin: Decimal) -> bool:
    """Whether a reviewer's time on the open proposal is worth losing."""
    return found.candidate.score.settled >= kept.candidate.score.settled + margin


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
