"""What to do about each use case: pure, from decisions and what GitHub shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.forge import PullRequest, Repository
from bot.marker import Marker
from bot.proposal import Proposal, branch_of


@dataclass(frozen=True, slots=True)
class Open:
    """A new draft pull request."""

    proposal: Proposal
    reason: str


@dataclass(frozen=True, slots=True)
class Update:
    """An open pull request whose content is no longer what we would write."""

    proposal: Proposal
    pull_request: PullRequest
    reason: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Nothing to do, and why."""

    use_case: str
    reason: str
    pull_request: PullRequest | None = None


@dataclass(frozen=True, slots=True)
class NoProposal:
    """A use case that stays as it is, and the recommender's sentence."""

    use_case: str
    reason: str


Action = Open | Update | Leave


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a recommendation: its new status, and where that was decided."""

    recommendation: int
    status: str
    url: str


def plan_pull_requests(
    wanted: Sequence[Proposal | NoProposal], repository: Repository
) -> list[Action]:
    """One action per use case, in the given order."""
    history = _by_branch(repository.pull_requests)
    return [_act(item, history.get(branch_of(item.use_case), ())) for item in wanted]


def _by_branch(pull_requests: Iterable[PullRequest]) -> Mapping[str, Sequence[PullRequest]]:
    history: dict[str, list[PullRequest]] = {}
    for pull_request in pull_requests:
        history.setdefault(pull_request.branch, []).append(pull_request)
    return history


def _act(item: Proposal | NoProposal, history: Sequence[PullRequest]) -> Action:
    opened = next((pull for pull in history if pull.state == "open"), None)
    if isinstance(item, NoProposal):
        return Leave(item.use_case, item.reason, opened)
    if opened is not None:
        return _refresh(item, opened)
    refused = next((pull for pull in history if _said_no(pull, item)), None)
    if refused is not None:
        reason = f"a person closed #{refused.number}, which proposed {item.marker.to_model}"
        return Leave(item.use_case, reason, refused)
    return Open(item, f"{item.marker.to_model} beats {item.marker.from_model}")


def _refresh(item: Proposal, opened: PullRequest) -> Action:
    marker = Marker.read(opened.body)
    if marker is None:
        reason = f"#{opened.number} uses the branch but was not written by the bot"
        return Leave(item.use_case, reason, opened)
    if marker.digest == item.marker.digest:
        return Leave(item.use_case, f"#{opened.number} is open and up to date", opened)
    if marker.to_model != item.marker.to_model:
        return Update(item, opened, f"the target is now {item.marker.to_model}")
    return Update(item, opened, "the evidence changed")


def _said_no(pull_request: PullRequest, item: Proposal) -> bool:
    """Whether a person closed a proposal of this very change."""
    marker = Marker.read(pull_request.body)
    return (
        pull_request.state == "closed"
        and marker is not None
        and marker.closed_by is None
        and (marker.from_model, marker.to_model) == (item.marker.from_model, item.marker.to_model)
    )


def fates(repository: Repository) -> list[Fate]:
    """What the pull requests say became of the recommendations named in their markers."""
    found = []
    for pull_request in reversed(repository.pull_requests):
        marker = Marker.read(pull_request.body)
        if marker is not None and (status := _status(pull_request, marker)):
            found.append(Fate(marker.recommendation, status, pull_request.url))
    return found


def _status(pull_request: PullRequest, marker: Marker) -> str | None:
    if pull_request.state == "merged":
        return "implemented"
    if pull_request.state == "closed":
        return "rejected" if marker.closed_by is None else "superseded"
    return None
