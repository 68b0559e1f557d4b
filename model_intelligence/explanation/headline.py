"""The one sentence of a proposal that a reviewer reads first. Pure."""

from decimal import Decimal

from model_intelligence.decision.benchmark_lead import lead
from model_intelligence.decision.judgement import judge_candidate
from model_intelligence.decision.values import Candidate, Upgrade
from model_intelligence.explanation.dossier_values import VERDICT_WORDS
from model_intelligence.naming.makers import cites_a_maker
from model_intelligence.stats.proportions import in_points


def headline(upgrade: Upgrade) -> str:
    """What changes, why, and at which price."""
    seen, best = upgrade.assessment, upgrade.candidate
    cost = best.cost_delta_pct
    price = "its cost is not known" if cost is None else f"{_signed(cost)} per call"
    change = f"{best.spelling} instead of {seen.current_spelling}"
    if upgrade.regression is not None:
        return (
            f"{change}, to go back: since {upgrade.regression.url} {upgrade.regression.reasons[0]}"
        )
    if upgrade.deadline is not None:
        ends = "ended" if upgrade.deadline.stage == "past" else "ends"
        adviser = "its provider" if cites_a_maker(upgrade.deadline.source_url) else "a list"
        advised = f", as {adviser} advises" if upgrade.is_advised else ""
        end = f"{ends} on {upgrade.deadline.retires_at}{advised}"
        return f"{change}, which {end}: {_known_quality(best)}, {price}"
    if upgrade.reason_class == "cost":
        return f"{change}, to save: {price}, {_known_quality(best)}"
    judged = judge_candidate(best, seen.current, seen.current_price, seen.policy.limits)
    return f"{change}, for its quality: {judged.quality or _known_quality(best)}; {price}"


def _known_quality(best: Candidate) -> str:
    if best.verdict is not None and best.verdict.kind != "no_evidence":
        return f"{VERDICT_WORDS[best.verdict.kind]} in your own calls, {in_points(best.verdict)}"
    found = lead(best.compared)
    if found is None:
        return "its quality is not measured"
    shared = f"{found.boards} shared board{'' if found.boards == 1 else 's'}"
    return f"{found} on {shared}"


def _signed(percent: Decimal) -> str:
    return "no change" if abs(percent) < Decimal("0.05") else f"{percent:+.1f} %"
