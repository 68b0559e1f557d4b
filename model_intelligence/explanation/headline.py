"""The one sentence of a proposal that a reviewer reads first. Pure."""

from model_intelligence.decision.benchmarks.lead import lead
from model_intelligence.decision.judgement import judge_candidate
from model_intelligence.decision.values import Candidate, Deadline, Upgrade
from model_intelligence.explanation.dossier_values import VERDICT_WORDS
from model_intelligence.naming.makers import cites_a_maker
from model_intelligence.pricing.call_cost import cost_in_words
from model_intelligence.stats.proportions import in_points


def headline(upgrade: Upgrade) -> str:
    """What changes, why, and what it costs."""
    assessment, best = upgrade.assessment, upgrade.candidate
    cost = best.cost_delta_pct
    price = "change in cost unknown" if cost is None else f"a call costs {cost_in_words(cost)}"
    change = f"{best.spelling} instead of {assessment.current_spelling}"
    if upgrade.regression is not None:
        regression = upgrade.regression
        return f"{change}, to go back: since {regression.url} {regression.reasons[0]}"
    if upgrade.deadline is not None:
        retired = _retirement(upgrade.deadline, is_advised=upgrade.is_advised)
        return f"{change}, which {retired}: {_known_quality(best)}, {price}"
    if upgrade.reason_class == "cost":
        return f"{change}, to save money: {price}, {_known_quality(best)}"
    if upgrade.reason_class == "requested":
        return f"{change}, as requested: {_known_quality(best)}, {price}"
    gain = judge_candidate(best, assessment).gain or _known_quality(best)
    if upgrade.reason_class == "successor":
        return f"{change}, its successor: {gain}; {price}"
    return f"{change}, for its quality: {gain}; {price}"


def _retirement(deadline: Deadline, *, is_advised: bool) -> str:
    verb = "was retired" if deadline.stage == "past" else "is due to be retired"
    adviser = "its provider" if cites_a_maker(deadline.source_url) else "a retirement list"
    return f"{verb} on {deadline.retires_at}{f', as {adviser} recommends' if is_advised else ''}"


def _known_quality(best: Candidate) -> str:
    if best.verdict is not None and best.verdict.kind != "no_evidence":
        return f"{VERDICT_WORDS[best.verdict.kind]} in your own calls: {in_points(best.verdict)}"
    shared = lead(best.compared)
    return "its quality is not measured" if shared is None else str(shared)
