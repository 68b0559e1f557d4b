"""Evidence and policy in, Upgrade or Keep out. Pure.

A model is proposed only when it may be called, its score beats staying by the margin, something
about it is demonstrably better, and nothing demonstrably worse than the policy tolerates. One that
is no better but much cheaper needs no higher score: the published one cannot tell a saving from an
equal price.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from model_intelligence import identity, keeping
from model_intelligence.apart import apart
from model_intelligence.assessing import assess
from model_intelligence.deadline import deadline_of, sentence
from model_intelligence.judgement import is_measured, judge_candidate
from model_intelligence.other_work import other_work
from model_intelligence.policy import Policy, Retirement
from model_intelligence.records import (
    Assessment,
    Candidate,
    Deadline,
    Decision,
    Evidence,
    Keep,
    Upgrade,
)

DEFAULT_RETIREMENT = Retirement()


def recommend(
    policy: Policy,
    current: str,
    evidence: Evidence,
    today: date,
    retirement: Retirement = DEFAULT_RETIREMENT,
    *,
    proposed: str | None = None,
) -> Decision:
    """The decision for one use case; `current` is the name as the config spells it.

    `proposed` is what an open proposal names: it is given up later than it would be opened.
    """
    assessment = assess(policy, current, evidence, today)
    deadline = deadline_of(assessment.current, retirement, today)
    if deadline is None or deadline.stage == "notice":
        decision = replace(decide(assessment, proposed), deadline=deadline)
    else:
        last = today + timedelta(days=retirement.notice_days)
        decision = replace_retiring(assessment, deadline, last, proposed)
    return _with_the_rest(decision, evidence) if isinstance(decision, Upgrade) else decision


def _with_the_rest(upgrade: Upgrade, evidence: Evidence) -> Upgrade:
    """With the results that do not count: of other work, and those that cannot be compared."""
    seen, best = upgrade.assessment, upgrade.candidate
    types = seen.policy.task_types
    ours = evidence.benchmarks.get(seen.current.model_id, ()) if seen.current else ()
    theirs = evidence.benchmarks.get(best.model.model_id, ())
    others = other_work(ours, theirs, types)
    left = apart(ours, theirs, (*best.compared, *others), types)
    return replace(upgrade, apart=left, other_work=others)


def replace_retiring(
    case: Assessment, end: Deadline, last: date, proposed: str | None = None
) -> Decision:
    """The best replacement that is known well enough, even if it scores lower.

    First what would be proposed anyway, then the best measured that is not worse, then what the
    provider itself names, then the best measured, then the best of the same family; none of them
    may end before `last`. An open proposal stays as long as it is in the first of these groups.
    """
    lasting = [
        candidate
        for candidate in case.candidates
        if candidate.model.retires_at is None or candidate.model.retires_at > last
    ]
    group = next(filter(None, _groups(case, lasting)), None)
    if group is None:
        reason = f"{sentence(end)}, and no candidate is known well enough to propose"
        return Keep(case, reason, end)
    best = next((each for each in group if each.spelling == proposed), group[0])
    return Upgrade(case, best, reasoning(best, case.use_case), end, "retirement")


def _groups(case: Assessment, lasting: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """Candidates to replace a retiring model, those of the best reason first."""
    current, limits = case.current, case.policy.limits
    measured = [candidate for candidate in lasting if is_measured(candidate)]
    named = identity.match_key(current.replacement or "") if current else ""
    yield [each.candidate for each in upgrades(case) if each.candidate in lasting]
    yield [each for each in measured if judge_candidate(each, case.current_price, limits).is_clear]
    yield [each for each in lasting if identity.match_key(each.model.model_id) == named]
    yield measured
    yield [each for each in lasting if current and each.model.family == current.family]


def decide(assessment: Assessment, proposed: str | None = None) -> Decision:
    """The best candidate that may be proposed, or why nobody is."""
    impossible = keeping.why_nothing_can_be_said(assessment)
    if impossible is not None:
        return Keep(assessment, impossible)
    found = upgrades(assessment)
    kept = _still_good(assessment, proposed)
    if kept is not None and not (
        found and _is_far_better(found[0], kept, assessment.policy.margin)
    ):
        return kept
    return found[0] if found else Keep(assessment, keeping.why_nobody_is_better(assessment))


def upgrades(assessment: Assessment) -> list[Upgrade]:
    """Every candidate that may be proposed, best first.

    Sentiment orders them, but does not decide whether there are any.
    """
    policy, staying = assessment.policy, assessment.staying.settled
    found = []
    for candidate in assessment.candidates:
        if not is_measured(candidate) or candidate.score.settled < staying:
            continue
        seen = judge_candidate(candidate, assessment.current_price, policy.limits)
        if not seen.is_clear:
            continue
        enough = candidate.score.settled >= staying + policy.margin
        if seen.quality and enough and candidate.score.settled > staying:
            found.append(_upgrade(assessment, candidate))
        elif seen.saving:
            found.append(replace(_upgrade(assessment, candidate), reason_class="cost"))
    return found


def _upgrade(assessment: Assessment, candidate: Candidate) -> Upgrade:
    return Upgrade(assessment, candidate, reasoning(candidate, assessment.use_case))


def _still_good(assessment: Assessment, proposed: str | None) -> Upgrade | None:
    """The open proposal, as long as it scores more than staying or saves half as much."""
    named = (each for each in assessment.candidates if each.spelling == proposed)
    candidate = next(filter(is_measured, named), None)
    if candidate is None:
        return None
    limits = assessment.policy.limits
    relaxed = limits.model_copy(update={"min_saving_pct": limits.min_saving_pct / 2})
    seen = judge_candidate(candidate, assessment.current_price, relaxed)
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
