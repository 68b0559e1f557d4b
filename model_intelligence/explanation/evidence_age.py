"""In words: how old the newest benchmark results of the models of a decision are. Pure."""

from datetime import date

from model_intelligence.decision.evidence_age import NewestResult
from model_intelligence.decision.values import Decision, Keep

LONGEST_IN_DAYS = 60
DAYS_PER_MONTH = 30.44


def evidence_age(decision: Decision) -> str:
    """`newest benchmark results: current model 12 days old, proposed model 3 days old`."""
    today = decision.assessment.today
    ages = f"current model {_age(decision.assessment.newest_result, today)}"
    if not isinstance(decision, Keep):
        ages += f", proposed model {_age(decision.candidate.newest_result, today)}"
    return f"newest benchmark results: {ages}"


def _age(newest: NewestResult, today: date) -> str:
    if newest.results == 0:
        return "has none"
    if newest.on is None:
        return "not dated"
    days = max((today - newest.on).days, 0)
    if days <= LONGEST_IN_DAYS:
        return "1 day old" if days == 1 else f"{days} days old"
    return f"{days / DAYS_PER_MONTH:.0f} months old"
