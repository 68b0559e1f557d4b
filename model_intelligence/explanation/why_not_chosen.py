"""Why a candidate is not the one that is proposed, in sentences a person understands. Pure."""

from collections.abc import Iterator

from model_intelligence.decision.judgement import is_measured, judge_candidate
from model_intelligence.decision.values import Assessment, Candidate, Decision, Upgrade


def reasons(decision: Decision) -> Iterator[tuple[Candidate, str]]:
    """Every candidate, best first, with why it is not proposed; or that it is."""
    seen = decision.assessment
    best = decision.candidate if isinstance(decision, Upgrade) else None
    for each in seen.candidates:
        yield each, "proposed" if each == best else why_not(each, seen, best)


def why_not(other: Candidate, seen: Assessment, best: Candidate | None = None) -> str:
    """What speaks against it; `best` is the one that is proposed, None where nobody is."""
    if not is_measured(other):
        return "nothing measured on both models"
    judged = judge_candidate(other, seen.current, seen.current_price, seen.policy.limits)
    if judged.losses or judged.doubts:
        return (*judged.losses, *judged.doubts)[0]
    if other.score.settled < seen.staying.settled:
        return "scores less than staying"
    if other.score.settled < seen.staying.settled + seen.policy.margin and not judged.saving:
        return f"does not beat staying by {seen.policy.margin}"
    if best is None or (judged.quality is None and judged.saving is None):
        return "what it gains may be chance"
    return _why_second(other, best)


def _why_second(other: Candidate, best: Candidate) -> str:
    """Both could have been proposed."""
    dearer = (other.cost_delta_pct or 0) > (best.cost_delta_pct or 0)
    if other.score.total < best.score.total:
        return "scores less"
    if other.score.total > best.score.total:
        return f"scores more, but {'costs more' if dearer else 'the reason above comes first'}"
    if dearer:
        return "scores the same, and costs more"
    if len(other.compared) < len(best.compared):
        return f"scores the same, on {len(other.compared)} instead of {len(best.compared)} boards"
    return "scores the same"
