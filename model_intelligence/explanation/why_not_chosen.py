"""Why a candidate is not the one that is proposed, in sentences that a person reads. Pure."""

from collections.abc import Iterator

from model_intelligence.decision.judgement import is_measured, judge_candidate
from model_intelligence.decision.score import runs_by_board
from model_intelligence.decision.values import Assessment, Candidate, Decision, Upgrade


def reasons(decision: Decision) -> Iterator[tuple[Candidate, str]]:
    """Every candidate, best first, with why it is not proposed; or that it is."""
    assessment = decision.assessment
    best = decision.candidate if isinstance(decision, Upgrade) else None
    for candidate in assessment.candidates:
        is_best = candidate == best
        yield candidate, "proposed" if is_best else why_not(candidate, assessment, best)


def why_not(other: Candidate, assessment: Assessment, best: Candidate | None = None) -> str:
    """What speaks against it; `best` is the one that is proposed, None where none is."""
    if not is_measured(other):
        return "no common benchmark, no telemetry"
    limits, staying = assessment.policy.limits, assessment.staying.settled
    judged = judge_candidate(other, assessment.current, assessment.current_price, limits)
    if judged.losses or judged.doubts:
        return (*judged.losses, *judged.doubts)[0]
    if other.score.settled < staying:
        return "scores lower than staying"
    if other.score.settled < staying + assessment.policy.margin and not judged.saving:
        return f"does not score {assessment.policy.margin} more than staying"
    if best is None or (judged.quality is None and judged.saving is None):
        return "its gain may be due to chance"
    return _why_second(other, best)


def _why_second(other: Candidate, best: Candidate) -> str:
    """Both could have been proposed."""
    costs_more = (other.cost_delta_pct or 0) > (best.cost_delta_pct or 0)
    if other.score.total < best.score.total:
        return "scores lower"
    if other.score.total > best.score.total:
        # A deadline, a regression or an open proposal ranks candidates before the score does.
        reason = "is more expensive" if costs_more else "the reason for this proposal comes first"
        return f"scores higher, but {reason}"
    if costs_more:
        return "scores the same, but is more expensive"
    ours, theirs = (len(runs_by_board(each.compared)) for each in (other, best))
    return (
        f"scores the same, on {ours} instead of {theirs} benchmarks"
        if ours < theirs
        else ("scores the same")
    )
