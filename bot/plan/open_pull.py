"""A use case whose proposal is open: keep it right, stand back from people, or close it. Pure."""

from bot.forge.authorship import is_viewer, strangers
from bot.forge.port import Comment, PullRequest
from bot.plan.branch_writes import branch_steps, status_steps
from bot.plan.items import Item, PlanningInput, State, Wanted
from bot.plan.labels_and_reviewers import missing_metadata
from bot.plan.writes import DeleteBranch, EditPull, SetMetadata, Step, WriteComment
from bot.pull_request.marker import Marker, NoticeMarker
from bot.pull_request.proposal import (
    Past,
    Proposal,
    closing_body,
    notice_body,
    propose,
    title_of,
)
from model_intelligence.explanation.recommendation import Recommendation


def judge_open(wanted: Wanted, opened: PullRequest, inputs: PlanningInput) -> Item:
    """The item of a use case that has an open pull request; PatchRefused as `propose`."""
    marker = Marker.read(opened.body)
    if marker is None:
        reason = f"#{opened.number} uses the branch, but its first line is not the bot's marker"
        return Item(wanted.use_case, State.ATTENTION, reason, pull_request=opened)
    branch = inputs.repository.branches.get(opened.branch)
    people = strangers(branch, inputs.repository.viewer)
    wanted_still = _recommended_still(wanted, marker, inputs)
    if isinstance(wanted_still, str) and people:
        news = f"This proposal is moot: {wanted_still}."
        return _tell(wanted.use_case, opened, news, people, inputs)
    if isinstance(wanted_still, str):
        return _close(wanted, opened, marker, wanted_still, inputs)
    past = _past_of(marker, wanted_still)
    proposal = propose(wanted_still, inputs.config, inputs.text_of(wanted.use_case), past)
    if people:
        return _stand_back(proposal, opened, marker, people, inputs)
    return _refresh(wanted, proposal, opened, marker, inputs)


def _recommended_still(
    wanted: Wanted, marker: Marker, inputs: PlanningInput
) -> Recommendation | str:
    """What the pull request is to propose, or why it is to be closed."""
    if wanted.current == marker.to_model:
        return f"{inputs.repository.base_branch} has {marker.to_model} already"
    if wanted.use_case in inputs.commands.snoozed:
        return f"snoozed until {inputs.commands.snoozed[wanted.use_case]}"
    return wanted.recommendation or f"{marker.to_model} is no longer recommended: {wanted.reason}"


def _close(
    wanted: Wanted, opened: PullRequest, marker: Marker, reason: str, inputs: PlanningInput
) -> Item:
    """Closed as the bot's own doing, in one request, before the branch goes."""
    body = closing_body(opened.body, marker, reason)
    # Deleting the branch would close the pull request by itself, without the mark in its body, and
    # the next run would read that as a person's no.
    steps = (EditPull(body=body, state="closed"), DeleteBranch(opened.branch))
    if wanted.recommendation is None:
        return Item(wanted.use_case, State.KEPT, wanted.reason, steps, opened)
    state = State.HELD if wanted.use_case in inputs.commands.snoozed else State.KEPT
    return Item(wanted.use_case, state, reason, steps, opened)


def _stand_back(
    proposal: Proposal,
    opened: PullRequest,
    marker: Marker,
    people: tuple[str, ...],
    inputs: PlanningInput,
) -> Item:
    """Leaves a branch with other people's commits alone; what is new goes into one comment."""
    if marker.digest == proposal.marker.digest and _our_comment(opened, inputs) is None:
        reason = f"#{opened.number} has commits by {', '.join(people)}"
        return Item(proposal.use_case, State.EDITED, reason, pull_request=opened)
    return _tell(proposal.use_case, opened, proposal.visible, people, inputs)


def _tell(
    use_case: str, opened: PullRequest, news: str, people: tuple[str, ...], inputs: PlanningInput
) -> Item:
    body = notice_body(news, people)
    found = _our_comment(opened, inputs)
    told = found is not None and NoticeMarker.read(found.body) == NoticeMarker.read(body)
    steps = () if told else (WriteComment(body, found.id if found else None),)
    reason = f"#{opened.number} has commits by {', '.join(people)}"
    return Item(use_case, State.EDITED, reason, steps, opened)


def _our_comment(opened: PullRequest, inputs: PlanningInput) -> Comment | None:
    """The bot's notice; the same words by anybody else are nothing to it."""
    ours = (each for each in opened.comments if is_viewer(each.author, inputs.repository.viewer))
    return next((each for each in ours if NoticeMarker.read(each.body)), None)


def _past_of(marker: Marker, item: Recommendation) -> Past:
    """The earlier targets, the one that this recommendation replaces among them."""
    replaced = () if marker.to_model == item.recommended_model else (marker.to_model,)
    kept = (name for name in marker.previous if name != item.recommended_model)
    return Past((*kept, *replaced), marker.after_no, marker.changes)


def _refresh(
    wanted: Wanted, proposal: Proposal, opened: PullRequest, marker: Marker, inputs: PlanningInput
) -> Item:
    """Brings an untouched proposal up to date, leaving what people changed as it is."""
    branch = inputs.repository.branches.get(opened.branch)
    on_branch = branch_steps(proposal, branch)
    steps: list[Step] = list(on_branch)
    if marker.digest != proposal.marker.digest:
        # A title that people changed is theirs.
        ours = title_of(marker.use_case, marker.from_model, marker.to_model)
        title = proposal.title if opened.title == ours != proposal.title else None
        steps.append(EditPull(title=title, body=proposal.body))
    dress = missing_metadata(proposal.path, wanted.deadline, opened, inputs)
    if dress != SetMetadata():
        steps.append(dress)
    steps.extend(status_steps(wanted.deadline, branch, rewritten=bool(on_branch)))
    return Item(proposal.use_case, State.PROPOSED, wanted.reason, tuple(steps), opened, proposal)
