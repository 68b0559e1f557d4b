"""Why nothing is proposed, in sentences that a person reads. Pure."""

from model_intelligence.decision.judgement import (
    has_enough_calls,
    is_affordable,
    judge_candidate,
    may_be_considered,
)
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
    if _is_unresolved(assessment):
        name = assessment.current_spelling
        return f"{name} is a rolling name, and no source states which model it points to"
    if not assessment.candidates:
        command = f"`model-intel recommend --use-case {assessment.use_case} --explain`"
        return f"all {len(assessment.excluded)} other models are ruled out; {command} says why"
    return None


def why_nobody_is_better(assessment: Assessment) -> str:
    """What the likeliest candidate lacks."""
    likeliest = likeliest_of(assessment)
    if likeliest is None:
        count = len(assessment.candidates)
        none = f"none of the {count} candidates can" if count > 1 else "the only candidate cannot"
        missing = "no benchmark result, no telemetry"
        return f"{none} be compared with {assessment.current_spelling}: {missing}"
    judged = judge_candidate(likeliest, assessment)
    reason = judged.against[0] if judged.against else judged.lacking
    return f"{likeliest.spelling} comes closest, but {_as_clause(reason)}"


def _is_unresolved(assessment: Assessment) -> bool:
    """Whether no list says what a rolling name stands for, and our own calls do not help either."""
    current = assessment.current
    if current is None or not is_rolling(current.model_id) or assessment.points_to is not None:
        return False
    return not any(map(has_enough_calls, assessment.ranked))


def likeliest_of(assessment: Assessment) -> Candidate | None:
    """The candidate that is likeliest to be better, of those that come into question if any do."""
    limits = assessment.policy.limits
    known = [
        (
            may_be_considered(each),
            is_affordable(each, limits),
            each.outlook.better or 0,
            -place,
        )
        for place, each in enumerate(assessment.ranked)
        if each.outlook.better is not None or has_enough_calls(each)
    ]
    return assessment.candidates[-max(known)[-1]] if known else None


def _as_clause(reason: str) -> str:
    """`is …` and `succeeds …` follow the model's name; a sentence of its own needs no subject."""
    return f"it {reason}" if reason.startswith(("is ", "succeeds ")) else reason
