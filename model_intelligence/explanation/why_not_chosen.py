"""Why a candidate is not the one that is proposed, in sentences that a person reads. Pure."""

from collections.abc import Iterator

from model_intelligence.decision.judgement import in_percent, judge_candidate
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
    judged = judge_candidate(other, assessment)
    if judged.against:
        return judged.against[0]
    if judged.reason_class is None:
        return judged.lacking
    return "another candidate comes first" if best is None else _why_second(other, best)


def _why_second(other: Candidate, best: Candidate) -> str:
    """Both could have been proposed."""
    ours, theirs = other.outlook.better, best.outlook.better
    if ours is not None and theirs is not None and ours < theirs:
        return f"is less likely to be better ({in_percent(ours)})"
    if (other.cost_delta_pct or 0) > (best.cost_delta_pct or 0):
        return "is more expensive"
    return "the reason for this proposal comes first"  # a deadline, a loss, an open proposal
