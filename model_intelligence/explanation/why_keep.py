"""Why nothing is proposed, in sentences that a person reads. Pure."""

from model_intelligence.decision.benchmark_lead import lead
from model_intelligence.decision.judgement import has_decided, judge_candidate
from model_intelligence.decision.values import Assessment, Candidate
from model_intelligence.naming.resolve import is_rolling


def why_nothing_can_be_said(assessment: Assessment) -> str | None:
    """What is missing before anything can be compared, and what to do; None if nothing is."""
    if assessment.current is None:
        return (
            f"{assessment.current_spelling} is not in the catalog, so nothing can be compared "
            "with it; add it to config/pricing.yaml or correct the name"
        )
    if assessment.current_price is None:
        return (
            f"no price in USD is known for {assessment.current_spelling} at an allowed provider; "
            "add one to config/pricing.yaml"
        )
    if not assessment.candidates:
        command = f"`model-intel recommend --use-case {assessment.use_case} --explain`"
        return f"all {len(assessment.excluded)} other models are ruled out; {command} says why"
    return None


def why_nobody_is_better(assessment: Assessment) -> str:
    """What the best candidate lacks."""
    policy, count = assessment.policy, len(assessment.candidates)
    best = next(assessment.those(lambda each: each.is_measured), None)
    if best is None and assessment.current and assessment.points_to is None:
        name = assessment.current.model_id
        if is_rolling(name):
            return f"{name} is a rolling name, and no source states which model it points to"
    if best is None:
        none = f"none of the {count} candidates can" if count > 1 else "the only candidate cannot"
        missing = "no common benchmark, no telemetry"
        return f"{none} be compared with {assessment.current_spelling}: {missing}"
    judged = judge_candidate(best, assessment.current, assessment.current_price, policy.limits)
    measured = sum(each.is_measured for each in assessment.ranked)
    place = _place(count, measured)
    beginning = f"{best.spelling} is {place}{' by score' if measured > 1 else ''}, but "
    if judged.losses:
        return beginning + judged.losses[0]
    score, staying = best.score.settled, assessment.staying.settled
    if score < staying + policy.margin:
        return (
            f"{best.spelling} is {place} and scores {score:.3f}; staying "
            f"scores {staying:.3f}, and a proposal needs {staying + policy.margin:.3f}"
        )
    return beginning + (judged.doubts[0] if judged.doubts else _undecided(best))


def _place(count: int, measured: int) -> str:
    """How the best candidate ranks, e.g. "the best of 4 measured candidates"."""
    if measured > 1:
        return f"the best of {measured} measured candidates"
    return "the only candidate" if count == 1 else f"the only measured one of {count} candidates"


def _undecided(best: Candidate) -> str:
    """Its score is high enough, but no measurement is conclusive."""
    shared = lead(best.compared)
    if shared is None or has_decided(best):
        return "your own calls do not show that it succeeds more often"
    return f"its lead may be due to chance: {shared}"
