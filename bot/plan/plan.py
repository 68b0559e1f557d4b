"""What to do about each use case: pure, from what is wanted and what the forge shows.

One item per use case, in exactly one state, with the sentence that says why and the writes that
bring it about. No steps means that everything is as it should be.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.forge.port import PullRequest, Repository
from bot.plan.items import Item, PlanningInput, State, Wanted
from bot.plan.limits import within_limits
from bot.plan.no_open_pull import plan_first, plan_next
from bot.plan.open_pull import plan_open
from bot.pull_request.marker import Marker
from bot.pull_request.proposal import branch_of
from model_intelligence.patcher import PatchRefused


@dataclass(frozen=True, slots=True)
class ProposalStatus:
    """What became of a proposal: its recommendation's new status, decided where and when."""

    marker: Marker
    status: str
    url: str
    at: datetime | None = None


def plan_pull_requests(wanted: Sequence[Wanted], inputs: PlanningInput) -> list[Item]:
    """One item per use case, in the given order."""
    return within_limits([_plan_use_case(case, inputs) for case in wanted], inputs)


def _plan_use_case(wanted: Wanted, inputs: PlanningInput) -> Item:
    branch = branch_of(wanted.use_case)
    history = [pull for pull in inputs.repository.pull_requests if pull.branch == branch]
    try:
        match _open_or_newest(history):
            case PullRequest(state="open") as pull:
                item = plan_open(wanted, pull, inputs)
            case PullRequest():
                item = plan_next(wanted, history, inputs)
            case None:
                item = plan_first(wanted, inputs)
    except PatchRefused as error:
        item = Item(wanted.use_case, State.ATTENTION, f"the file cannot be edited: {error}")
    return replace(item, deadline=wanted.deadline, goes_back=wanted.goes_back)


def _open_or_newest(history: Sequence[PullRequest]) -> PullRequest | None:
    # GitHub allows one open pull request for a branch and a base, and people may reopen an old one.
    opened = (pull for pull in history if pull.state == "open")
    return next(opened, history[0] if history else None)


def open_targets(repository: Repository) -> dict[str, str]:
    """use case -> the model that its open proposal names."""
    opened = (pull.marker for pull in repository.pull_requests if pull.state == "open")
    return {marker.use_case: marker.to_model for marker in opened if marker is not None}


def proposal_statuses(repository: Repository) -> list[ProposalStatus]:
    """What became of the recommendations in the pull requests' markers, oldest first."""
    # Oldest first: of two pull requests for one recommendation, the later one decides.
    return [
        ProposalStatus(pull.marker, _status(pull, pull.marker), pull.url, pull.ended_at)
        for pull in reversed(repository.pull_requests)
        if pull.marker is not None
    ]


def _status(pull: PullRequest, marker: Marker) -> str:
    if pull.state == "merged":
        return "implemented"
    if pull.state == "closed":
        return "superseded" if marker.closed_by else "rejected"
    return "proposed"
