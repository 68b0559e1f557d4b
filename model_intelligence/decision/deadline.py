"""The end of a current model: a deadline, not a score, and what its maker advises. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta

from model_intelligence.config.bot_yaml import Retirement
from model_intelligence.decision.values import Deadline
from model_intelligence.naming import resolve
from model_intelligence.records import Model

# A maker that names the successor of a model whose promise runs out so soon has moved on.
_SOON = timedelta(days=365)


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


def advised_instead(
    model: Model | None, models: Mapping[str, Model], names: Mapping[str, str], today: date
) -> str | None:
    """What the makers' notices lead to: a replacement that ends itself names the next one.

    The first model of the chain that lasts, else the last that has not ended yet. `names` is match
    key -> model id.
    """
    last: str | None = None
    seen: set[str] = set()
    while model is not None and model.replacement is not None:
        seen.add(model.model_id)
        advised = resolve.resolve(model.replacement, names)
        model = models.get(advised) if advised and advised not in seen else None
        if model is not None and (model.retires_at is None or model.retires_at > today):
            last = model.model_id
            if _lasts(model, today):
                break
    return last


def _lasts(model: Model, today: date) -> bool:
    if model.retires_at is not None or model.is_deprecated:
        return False
    promise = model.retires_not_before
    return model.replacement is None or promise is None or promise > today + _SOON
