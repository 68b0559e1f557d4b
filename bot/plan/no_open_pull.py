"""A use case without an open proposal: open one, or say why not. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.forge.authorship import strangers
from bot.forge.port import Branch, PullRequest
from bot.plan.branch_writes import branch_steps, status_steps
from bot.plan.items import Item, PlanningInput, State, Wanted
from bot.plan.labels_and_reviewers import missing_metadata
from bot.plan.limits import is_exempt
from bot.plan.rejection import newest_rejection, rejection_that_holds
from bot.plan.writes import DeleteBranch, OpenPull, SetMetadata, Step
from bot.pull_request.proposal import NOTHING_BEFORE, Past, branch_of, propose
from model_intelligence.explanation.recommendation import Recommendation


def plan_first(wanted: Wanted, inputs: PlanningInput) -> Item:
    """The item of a use case that never had a pull request; PatchRefused as `propose`."""
    recommendation = wanted.recommendation
    if recommendation is None:
        return _keep(wanted)
    return (
        _snoozed(wanted, inputs)
        or _branch_of_people(wanted, inputs)
        or _too_early(wanted, recommendation, None, inputs)
        or _open(wanted, recommendation, NOTHING_BEFORE, inputs)
    )


def plan_next(wanted: Wanted, history: Sequence[PullRequest], inputs: PlanningInput) -> Item:
    """The item of a use case whose pull requests have all ended; `history` is newest first."""
    recommendation = wanted.recommendation
    if recommendation is None:
        item = _keep(wanted)
    else:
        item = (
            _snoozed(wanted, inputs)
            or _rejected(recommendation, history, inputs)
            or _branch_of_people(wanted, inputs)
            or _too_early(wanted, recommendation, _decided_at(history), inputs)
            or _open(wanted, recommendation, _past_of(recommendation, history), inputs)
        )
    return item if item.opens else replace(item, steps=_delete_leftover(history[0], inputs))


def _keep(wanted: Wanted) -> Item:
    pressing = wanted.deadline is not None and wanted.deadline.stage != "notice"
    state = State.ATTENTION if pressing else State.KEPT
    return Item(wanted.use_case, state, wanted.reason)


def _snoozed(wanted: Wanted, inputs: PlanningInput) -> Item | None:
    until = inputs.commands.snoozed.get(wanted.use_case)
    return Item(wanted.use_case, State.HELD, f"snoozed until {until}") if until else None


def _rejected(
    recommendation: Recommendation, history: Sequence[PullRequest], inputs: PlanningInput
) -> Item | None:
    pull = rejection_that_holds(history, recommendation, inputs)
    if pull is None:
        return None
    what = "undone after it was merged" if pull.state == "merged" else "closed by a person"
    reason = f"#{pull.number}, which proposed {recommendation.recommended_model}, was {what}"
    return Item(recommendation.use_case, State.REJECTED, reason, pull_request=pull)


def _branch_of_people(wanted: Wanted, inputs: PlanningInput) -> Item | None:
    """A branch of the proposal's name that people work on, without a pull request."""
    branch = _branch(wanted.use_case, inputs)
    people = strangers(branch, inputs.repository.viewer)
    if branch is None or not people:
        return None
    reason = (
        f"the branch {branch.name} has commits by {', '.join(people)} and no pull request; "
        "delete it, or open one from it"
    )
    return Item(wanted.use_case, State.ATTENTION, reason)


def _too_early(
    wanted: Wanted,
    recommendation: Recommendation,
    decided_at: datetime | None,
    inputs: PlanningInput,
) -> Item | None:
    if is_exempt(wanted, inputs):
        return None
    limits = inputs.config.policy(wanted.use_case).limits
    schedule = inputs.config.proposals.schedule
    rests_until = decided_at and decided_at + timedelta(days=limits.cooldown_days)
    reason = _too_young(wanted, recommendation, limits.minimum_age_days, inputs)
    if reason is None and rests_until and rests_until > inputs.now:
        reason = f"the use case rests until {rests_until.date()}, after its last proposal"
    if reason is None and not schedule.allows(inputs.now):
        reason = f"outside the schedule ({', '.join(schedule.days)}, {schedule.timezone})"
    return Item(wanted.use_case, State.HELD, reason) if reason else None


def _too_young(
    wanted: Wanted, recommendation: Recommendation, minimum_days: int, inputs: PlanningInput
) -> str | None:
    target, since = recommendation.recommended_model, wanted.known_since
    if not minimum_days:
        return None
    if since is None:
        return f"pending: no source says when {target} was released"
    if (inputs.now.date() - since).days < minimum_days:
        return f"{target} has been known since {since}; {minimum_days} days are required"
    return None


def _decided_at(history: Sequence[PullRequest]) -> datetime | None:
    """When people last merged or closed a proposal."""
    # A proposal that the bot closed took nobody's time, so no rest follows it.
    return max((p.ended_at for p in history if p.ended_at and not _closed_by_bot(p)), default=None)


def _past_of(recommendation: Recommendation, history: Sequence[PullRequest]) -> Past:
    rejection = newest_rejection(history, recommendation)
    if rejection is None:
        return NOTHING_BEFORE
    changes = rejection.changes or ("a person asked for it on the dashboard",)
    return Past(after_no=rejection.pull.number, changes=changes)


def _open(
    wanted: Wanted, recommendation: Recommendation, past: Past, inputs: PlanningInput
) -> Item:
    branch = _branch(wanted.use_case, inputs)
    before = inputs.text_of(wanted.use_case)
    proposal = propose(recommendation, inputs.config, before, past)
    on_branch = branch_steps(proposal, branch)
    steps: list[Step] = [
        *on_branch,
        OpenPull(proposal.branch, proposal.title, proposal.body),
        missing_metadata(proposal.change.shown.file, wanted.deadline, None, inputs),
        *status_steps(wanted.deadline, branch, rewritten=bool(on_branch)),
    ]
    steps = [step for step in steps if step != SetMetadata()]
    return Item(wanted.use_case, State.PROPOSED, wanted.reason, tuple(steps), None, proposal)


def _delete_leftover(newest: PullRequest, inputs: PlanningInput) -> tuple[Step, ...]:
    """The branch of a proposal that the bot closed."""
    # Closing a proposal and deleting its branch are two requests, and a run may end between them.
    branch = inputs.repository.branches.get(newest.branch)
    if branch is None or strangers(branch, inputs.repository.viewer) or not _closed_by_bot(newest):
        return ()
    return (DeleteBranch(branch.name),)


def _closed_by_bot(pull: PullRequest) -> bool:
    return pull.marker is not None and pull.marker.closed_by is not None


def _branch(use_case: str, inputs: PlanningInput) -> Branch | None:
    return inputs.repository.branches.get(branch_of(use_case))
