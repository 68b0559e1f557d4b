"""How many proposals may be open at once; the rest is held back, with the reason. Pure."""

from collections.abc import Sequence

from bot.plan.items import Item, PlanningInput, State, Wanted


def is_exempt(case: Item | Wanted, inputs: PlanningInput) -> bool:
    """Whether no limit applies: people asked for it, the model retires, or it was a regression."""
    ending = case.deadline is not None and case.deadline.stage != "notice"
    return ending or case.goes_back or case.use_case in inputs.commands.proceed


def within_limits(items: Sequence[Item], inputs: PlanningInput) -> list[Item]:
    """Holds back the proposals that would exceed a limit.

    An exempt one is never held back. It counts as open, but not as one of the run's new proposals.
    """
    exempt = {i.use_case for i in items if i.opens and is_exempt(i, inputs)}
    opened = sum(1 for pull in inputs.repository.pull_requests if pull.state == "open")
    opened += len(exempt)
    new, kept = 0, []
    for item in items:
        limited = item.opens and item.use_case not in exempt
        reason = _too_many(opened + new, new, inputs) if limited else None
        new += limited and reason is None
        kept.append(Item(item.use_case, State.HELD, reason) if reason else item)
    return kept


def _too_many(opened: int, new: int, inputs: PlanningInput) -> str | None:
    limits = inputs.config.proposals
    if opened >= limits.max_open:
        return f"open proposals are limited to {limits.max_open} (max_open)"
    if new >= limits.max_new_per_run:
        return f"new proposals are limited to {limits.max_new_per_run} per run (max_new_per_run)"
    return None
