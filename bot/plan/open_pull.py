"""A use case whose proposal is open: keep it up to date, close it, or leave it to people. Pure."""

from bot.forge.authorship import is_viewer, strangers
from bot.forge.port import Comment, PullRequest
from bot.plan.branch_writes import branch_steps, status_steps
from bot.plan.items import Item, PlanningInput, State, Wanted
from bot.plan.labels_and_reviewers import missing_metadata
from bot.plan.writes import DeleteBranch, EditPull, SetMetadata, Step, WriteComment
from bot.pull_request.marker import Marker, NoticeMarker
from bot.pull_request.proposal import Past, Proposal, closing_body, notice, propose, title_of
from model_intelligence.explanation.recommendation import Recommendation


def plan_open(wanted: Wanted, pull: PullRequest, inputs: PlanningInput) -> Item:
    """The item of a use case that has an open pull request; PatchRefused as `propose`."""
    marker = pull.marker
    if marker is None:
        reason = f"#{pull.number} uses the branch, but its first line is not the bot's marker"
        return Item(wanted.use_case, State.ATTENTION, reason, pull_request=pull)
    branch = inputs.repository.branches.get(pull.branch)
    people = strangers(branch, inputs.repository.viewer)
    recommendation = _still_recommended(wanted, marker, inputs)
    if isinstance(recommendation, str):
        why = recommendation
        if people:
            news = f"This proposal is obsolete: {why}."
            return _comment(wanted.use_case, pull, news, people, inputs)
        return _close(wanted, pull, marker, why, inputs)
    before = inputs.text_of(wanted.use_case)
    proposal = propose(recommendation, inputs.config, before, _past_of(marker, recommendation))
    if people:
        return _leave_to_people(proposal, pull, marker, people, inputs)
    return _update(wanted, proposal, pull, marker, inputs)


def _still_recommended(
    wanted: Wanted, marker: Marker, inputs: PlanningInput
) -> Recommendation | str:
    """What the pull request is to propose, or why it is to be closed."""
    if wanted.current == marker.to_model:
        return f"{inputs.repository.base_branch} has {marker.to_model} already"
    if wanted.use_case in inputs.commands.snoozed:
        return f"snoozed until {inputs.commands.snoozed[wanted.use_case]}"
    return wanted.recommendation or f"{marker.to_model} is no longer recommended: {wanted.reason}"


def _close(
    wanted: Wanted, pull: PullRequest, marker: Marker, why: str, inputs: PlanningInput
) -> Item:
    """Closed and marked as closed by the bot in one request, before the branch is deleted."""
    body = closing_body(pull.body, marker, why)
    # Deleting the branch would close the pull request by itself, without the mark in its body, and
    # the next run would take that for a person's rejection.
    steps = (EditPull(body=body, state="closed"), DeleteBranch(pull.branch))
    if wanted.recommendation is None:
        return Item(wanted.use_case, State.KEPT, wanted.reason, steps, pull)
    state = State.HELD if wanted.use_case in inputs.commands.snoozed else State.KEPT
    return Item(wanted.use_case, state, why, steps, pull)


def _leave_to_people(
    proposal: Proposal,
    pull: PullRequest,
    marker: Marker,
    people: tuple[str, ...],
    inputs: PlanningInput,
) -> Item:
    """Leaves a branch with other people's commits alone; what is new goes into one comment."""
    if marker.digest == proposal.marker.digest and _own_notice(pull, inputs) is None:
        return Item(proposal.use_case, State.EDITED, _by_people(pull, people), pull_request=pull)
    return _comment(proposal.use_case, pull, proposal.visible, people, inputs)


def _comment(
    use_case: str, pull: PullRequest, news: str, people: tuple[str, ...], inputs: PlanningInput
) -> Item:
    marker, body = notice(news, people)
    comment = _own_notice(pull, inputs)
    is_written = comment is not None and comment.marker == marker
    steps = () if is_written else (WriteComment(body, comment.id if comment else None),)
    return Item(use_case, State.EDITED, _by_people(pull, people), steps, pull)


def _by_people(pull: PullRequest, people: tuple[str, ...]) -> str:
    return f"#{pull.number} has commits by {', '.join(people)}"


def _own_notice(pull: PullRequest, inputs: PlanningInput) -> Comment | None:
    """The bot's notice; anybody can copy its marker, so the author counts as well."""
    viewer = inputs.repository.viewer
    notices = (comment for comment in pull.comments if isinstance(comment.marker, NoticeMarker))
    return next((comment for comment in notices if is_viewer(comment.author, viewer)), None)


def _past_of(marker: Marker, recommendation: Recommendation) -> Past:
    """The earlier targets of the pull request, among them the one that is replaced now."""
    target = recommendation.recommended_model
    replaced = () if marker.to_model == target else (marker.to_model,)
    earlier = (name for name in marker.previous if name != target)
    return Past((*earlier, *replaced), marker.after_no, marker.changes)


def _update(
    wanted: Wanted,
    proposal: Proposal,
    pull: PullRequest,
    marker: Marker,
    inputs: PlanningInput,
) -> Item:
    """Brings an untouched proposal up to date, leaving what people changed as it is."""
    branch = inputs.repository.branches.get(pull.branch)
    on_branch = branch_steps(proposal, branch)
    steps: list[Step] = list(on_branch)
    if marker.digest != proposal.marker.digest:
        # A title that people changed is theirs.
        own_title = title_of(marker.use_case, marker.from_model, marker.to_model)
        title = proposal.title if pull.title == own_title != proposal.title else None
        steps.append(EditPull(title=title, body=proposal.body))
    metadata = missing_metadata(proposal.change.shown.file, wanted.deadline, pull, inputs)
    if metadata != SetMetadata():
        steps.append(metadata)
    steps.extend(status_steps(wanted.deadline, branch, rewritten=bool(on_branch)))
    return Item(proposal.use_case, State.PROPOSED, wanted.reason, tuple(steps), pull, proposal)
