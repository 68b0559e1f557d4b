"""A use case without an open proposal: open one, or say why not. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.forge.authorship import strangers
from bot.forge.port import Branch, PullRequest
from bot.plan.branch_writes import branch_steps, status_steps
from bot.plan.items import Item, Scene, State, Wanted
from bot.plan.labels_and_reviewers import missing_dress
from bot.plan.limits import is_exempt
from bot.plan.rejection import refusal, what_changed
from bot.plan.writes import DeleteBranch, Dress, OpenPull, Step
from bot.pull_request.marker import Marker
from bot.pull_request.proposal import Past, branch_of, facts_of, propose
from model_intelligence.explanation.recommendation import Recommendation


def judge_unopened(wanted: Wanted, history: Sequence[PullRequest], scene: Scene) -> Item:
    """The item of a use case without an open pull request; `history` is newest first."""
    branch = scene.repository.branches.get(branch_of(wanted.use_case))
    people = strangers(branch, scene.repository.viewer)
    idle = _to_propose(wanted, history, branch, people, scene)
    if isinstance(idle, Recommendation):
        return _open(wanted, idle, history, branch, scene)
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
    scene: Scene,
) -> Recommendation | Item:
    """What a pull request is to be opened for, or why there is to be none."""
    name, item = wanted.use_case, wanted.recommendation
    if item is None:
        pressing = wanted.deadline is not None and wanted.deadline.stage != "notice"
        return Item(name, State.ATTENTION if pressing else State.KEPT, wanted.reason)
    if name in scene.commands.snoozed:
        return Item(name, State.HELD, f"snoozed until {scene.commands.snoozed[name]}")
    refused = _standing_no(item, history, scene)
    if refused is not None:
        what = "undone after it was merged" if refused.state == "merged" else "closed by a person"
        reason = f"#{refused.number}, which proposed {item.recommended_model}, was {what}"
        return Item(name, State.REFUSED, reason, pull_request=refused)
    if people and branch is not None:
        reason = (
            f"the branch {branch.name} has commits by {', '.join(people)} and no pull request; "
            "delete it, or open one from it"
        )
        return Item(name, State.ATTENTION, reason)
    held = None if is_exempt(wanted, scene) else _why_to_wait(wanted, item, history, scene)
    return Item(name, State.HELD, held) if held else item


def _standing_no(
    item: Recommendation, history: Sequence[PullRequest], scene: Scene
) -> PullRequest | None:
    if item.use_case in scene.commands.proceed:
        return None
    refused = refusal(history, item.current_model, item.recommended_model)
    return refused if refused and not _changes(refused, item) else None


def _changes(refused: PullRequest, item: Recommendation) -> tuple[str, ...]:
    marker = Marker.read(refused.body)
    return what_changed(marker.facts, facts_of(item)) if marker else ()


def _why_to_wait(
    wanted: Wanted, item: Recommendation, history: Sequence[PullRequest], scene: Scene
) -> str | None:
    limits = scene.config.policy(wanted.use_case).limits
    target, today, since = item.recommended_model, scene.now.date(), wanted.known_since
    if limits.minimum_age_days:
        if since is None:
            return f"pending: since when {target} has existed is not known"
        if (today - since).days < limits.minimum_age_days:
            return f"{target} is known since {since}; {limits.minimum_age_days} days are required"
    ended = [pull.ended_at for pull in history if pull.ended_at and not _closed_by_bot([pull])]
    rest = timedelta(days=limits.cooldown_days)
    if ended and max(ended) + rest > scene.now:
        return f"the use case rests until {(max(ended) + rest).date()}, after its last proposal"
    schedule = scene.config.proposals.schedule
    if not schedule.allows(scene.now):
        return f"outside the schedule ({', '.join(schedule.days)}, {schedule.timezone})"
    return None


def _open(
    wanted: Wanted,
    item: Recommendation,
    history: Sequence[PullRequest],
    branch: Branch | None,
    scene: Scene,
) -> Item:
    refused = refusal(history, item.current_model, item.recommended_model)
    past = Past()
    if refused is not None:
        asked = () if _changes(refused, item) else ("a person asked for it on the dashboard",)
        past = Past(after_no=refused.number, changes=_changes(refused, item) or asked)
    proposal = propose(item, scene.config, scene.text_of(item.use_case), past)
    on_branch = branch_steps(proposal, branch)
    steps: list[Step] = [
        *on_branch,
        OpenPull(proposal.branch, proposal.title, proposal.body),
        missing_dress(proposal.path, wanted.deadline, None, scene),
        *status_steps(wanted.deadline, branch, rewritten=bool(on_branch)),
    ]
    steps = [step for step in steps if step != Dress()]
    return Item(item.use_case, State.PROPOSED, wanted.reason, tuple(steps), None, proposal)
