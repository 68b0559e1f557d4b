"""The end of a current model: a deadline, not a score. Pure."""

from datetime import date

from model_intelligence.config.bot_yaml import Retirement
from model_intelligence.decision.values import Deadline
from model_intelligence.records import Model


def deadline_of(model: Model | None, rules: Retirement, today: date) -> Deadline | None:
    """How near the model's announced end is; None when it is far or not announced."""
    if model is None or model.retires_at is None:
        return None
    days = (model.retires_at - today).days
    stages = (
        (days <= 0, "past"),
        (days <= rules.urgent_days, "urgent"),
        (days <= rules.propose_days, "propose"),
        (days <= rules.notice_days, "notice"),
    )
    for reached, stage in stages:
        if reached:
            return Deadline(
                model.model_id,
                model.retires_at,
                days,
                stage,  # type: ignore[arg-type]  # one of the four words above
                model.retirement_source,
            )
    return None


def sentence(deadline: Deadline) -> str:
    """The deadline in words."""
    if deadline.stage == "past":
        return f"{deadline.model_id} was retired on {deadline.retires_at}"
    days = "1 day" if deadline.days_left == 1 else f"{deadline.days_left} days"
    return f"{deadline.model_id} retires on {deadline.retires_at}, in {days}"
