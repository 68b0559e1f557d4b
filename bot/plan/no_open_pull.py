"""A use case without an open proposal: open one, or say why not. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.forge.authorship import strangers
from bot.forge.port import Branch, PullRequest
from bot.plan.branch_writes import branch_steps, status_steps
from bot.plan.items import Item, PlanningInput, State, Wanted
from bot.plan.labels_and_reviewers import missing_metadata
from bot.plan.limits import is_exempt
from bot.plan.rejection import rejection_of, what_changed
from bot.plan.writes import DeleteBranch, OpenPull, SetMetadata, Step
from bot.pull_request.marker import Marker
from bot.pull_request.proposal import Past, branch_of, facts_of, propose
from model_intelligence.explanation.recommendation import Recommendation


def judge_unopened(wanted: Wanted, history: Sequence[PullRequest], inputs: PlanningInput) -> Item:
    """The item of a use case without an open pull request; `history` is newest first."""
    branch = inputs.repository.branches.get(branch_of(wanted.use_case))
    people = strangers(branch, inputs.repository.viewer)
    idle = _to_propose(wanted, history, branch, people, inputs)
    if isinstance(idle, Recommendation):
        return _open(wanted, idle, history, branch, inputs)
    # Closing a proposal and deleting its branch are two requests, and a run may end between them.
    leftover = branch is not None and not people and _closed_by_bot(history)
    steps = (DeleteBranch(branch.name),) if leftover and branch else ()
    return replace(idle, steps=steps)


def _closed_by_bot(history: Sequence[PullRequest]) -> bool:
    marker = Marker.read(history[0].body) if history else None
    return marker is not None and marker.closed_by is not None


def _to_propose(
    wanted: Wanted,
    history: Sequence[PullRequest],
    branch: Branch | None,
    people: Sequence[str],
    inputs: PlanningInput,
) -> Recommendation | Item:
    """What a pull request is to be opened for, or why there is to be none."""
    name, item = wanted.use_case, wanted.recommendation
    if item is None:
        pressing = wanted.deadline is not None and wanted.deadline.stage != "notice"
        return Item(name, State.ATTENTION if pressing else State.KEPT, wanted.reason)
    if name in inputs.commands.snoozed:
        return Item(name, State.HELD, f"snoozed until {inputs.commands.snoozed[name]}")
    rejected = _rejection_that_holds(item, history, inputs)
    if rejected is not None:
        what = "undone after it was merged" if rejected.state == "merged" else "closed by a person"
        reason = f"#{rejected.number}, which proposed {item.recommended_model}, was {what}"
        return Item(name, State.REFUSED, reason, pull_request=rejected)
    if people and branch is not None:
        reason = (
            f"the branch {branch.name} has commits by {', '.join(people)} and no pull request; "
            "delete it, or open one from it"
        )
        return Item(name, State.ATTENTION, reason)
    held = None if is_exempt(wanted, inputs) else _why_to_wait(wanted, item, history, inputs)
    return Item(name, State.HELD, held) if held else item


def _rejection_that_holds(
    item: Recommendation, history: Sequence[PullRequest], inputs: PlanningInput
) -> PullRequest | None:
    if item.use_case in inputs.commands.proceed:
        return None
    rejected = rejection_of(history, item.current_model, item.recommended_model)
    return rejected if rejected and not _changes_since(rejected, item) else None


def _changes_since(rejected: PullRequest, item: Recommendation) -> tuple[str, ...]:
    marker = Marker.read(rejected.body)
    return what_changed(marker.facts, facts_of(item)) if marker else ()


def _why_to_wait(
    wanted: Wanted, item: Recommendation, history: Sequence[PullRequest], inputs: PlanningInput
) -> str | None:
    limits = inputs.config.policy(wanted.use_case).limits
    target, today, since = item.recommended_model, inputs.now.date(), wanted.known_since
    if limits.minimum_age_days:
        if since is None:
            return f"pending: since when {target} has existed is not known"
        if (today - since).days < limits.minimum_age_days:
            return f"{target} is known since {since}; {limits.minimum_age_days} days are required"
    # A proposal that the bot closed took nobody's time, so no rest follows it.
    ended = [pull.ended_at for pull in history if pull.ended_at and not _closed_by_bot([pull])]
    rest = timedelta(days=limits.cooldown_days)
    if ended and max(ended) + rest > inputs.now:
        return f"the use case rests until {(max(ended) + rest).date()}, after its last proposal"
    schedule = inputs.config.proposals.schedule
    if not schedule.allows(inputs.now):
        return f"outside the schedule ({', '.join(schedule.days)}, {schedule.timezone})"
    return None


def _open(
    wanted: Wanted,
    item: Recommendation,
    history: Sequence[PullRequest],
    branch: Branch | None,
    inputs: PlanningInput,
) -> Item:
    rejected = rejection_of(history, item.current_model, item.recommended_model)
    past = Past()
    if rejected is not None:
        asked = (
            () if _changes_since(rejected, item) else ("a person asked for it on the dashboard",)
        )
        past = Past(after_no=rejected.number, changes=_changes_since(rejected, item) or asked)
    proposal = propose(item, inputs.config, inputs.text_of(item.use_case), past)
    on_branch = branch_steps(proposal, branch)
    steps: list[Step] = [
        *on_branch,
        OpenPull(proposal.branch, proposal.title, proposal.body),
        missing_metadata(proposal.path, wanted.deadline, None, inputs),
        *status_steps(wanted.deadline, branch, rewritten=bool(on_branch)),
    ]
    steps = [step for step in steps if step != SetMetadata()]
    return Item(item.use_case, State.PROPOSED, wanted.reason, tuple(steps), None, proposal)
