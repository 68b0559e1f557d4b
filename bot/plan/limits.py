"""How many proposals there may be at once: what is too many is held back, visibly. Pure."""

from collections.abc import Sequence

from bot.plan.items import Item, PlanningInput, State, Wanted


def is_exempt(one: Item | Wanted, inputs: PlanningInput) -> bool:
    """Whether limits do not apply: people released it, the model ends, or proved to be a loss."""
    ending = one.deadline is not None and one.deadline.stage != "notice"
    return ending or one.goes_back or one.use_case in inputs.commands.proceed


def within_limits(items: Sequence[Item], inputs: PlanningInput) -> list[Item]:
    """Holds back what would be too many.

    What is exempt is never held back, and takes none of a run's new ones; it does count as open.
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
        return f"rate-limited: {opened} proposals are open, at most {limits.max_open} may be"
    if new >= limits.max_new_per_run:
        return f"rate-limited: at most {limits.max_new_per_run} new proposals in one run"
    return None
