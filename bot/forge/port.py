"""The port to where pull requests live: the values read from it, and the few things it can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.pull_request.marker import (
    ConfigIssueMarker,
    DashboardMarker,
    Marker,
    NoticeMarker,
    ScoreCardMarker,
)
from model_intelligence.errors import ModelIntelligenceError

PullRequestState = Literal["open", "closed", "merged"]


class ForgeError(ModelIntelligenceError):
    """The forge refused for good; the message says what to do."""


class ForgeDoubt(ForgeError):
    """Whether a request took effect is not known, or it may succeed later: read again, then decide.

    `wait_seconds` is what the forge asked for, if it asked.
    """

    def __init__(self, message: str, wait_seconds: float | None = None) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit and who made it: logins where the forge knows them, else mail addresses."""

    sha: str
    message: str
    author: str
    committer: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A proposal's branch: its head, the commits that the base lacks, and its file's text on it.

    `complete` is False when there are more such commits than were read. `checks` holds the states
    of the head commit's statuses by their names.
    """

    name: str
    sha: str
    text: str | None
    commits: tuple[Commit, ...] = ()
    complete: bool = True
    checks: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment. Anybody can copy a marker, so who wrote it has to be checked too."""

    id: int
    author: str
    body: str

    @property
    def marker(self) -> NoticeMarker | ScoreCardMarker | None:
        """What the first line says of a comment of the bot's."""
        return NoticeMarker.read(self.body) or ScoreCardMarker.read(self.body)


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """Something that happened to a pull request: `labeled` with its label, `assigned`, …"""

    kind: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request as people left it. Comments are the newest ones, oldest first."""

    number: int
    url: str
    branch: str
    state: PullRequestState
    draft: bool
    title: str
    body: str
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    events: tuple[TimelineEvent, ...] = ()
    ended_at: datetime | None = None

    @property
    def marker(self) -> Marker | None:
        """What the first line says of a proposal; None for what is not the bot's."""
        return Marker.read(self.body)


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue that the bot opened."""

    number: int
    url: str
    state: Literal["open", "closed"]
    title: str
    body: str

    @property
    def marker(self) -> DashboardMarker | ConfigIssueMarker | None:
        """What the first line says of one of the bot's two issues."""
        return DashboardMarker.read(self.body) or ConfigIssueMarker.read(self.body)


@dataclass(frozen=True, slots=True)
class Repository:
    """Everything a run needs to know, read once. Pull requests are newest first.

    `files` is path -> the exact text on the base.
    """

    name: str
    url: str
    viewer: str
    base_branch: str
    base_sha: str
    base_tree: str
    files: Mapping[str, str]
    branches: Mapping[str, Branch]
    pull_requests: tuple[PullRequest, ...]
    issues: tuple[Issue, ...] = ()
    codeowners: str | None = None


class Forge(Protocol):
    """What the bot can do. Every write is sent once, none is forced.

    A write raises ForgeError when it was refused, ForgeDoubt when nobody knows. `sent` counts
    requests as `reads` and `writes`.
    """

    @property
    def sent(self) -> Mapping[str, int]:
        """How many requests were sent so far."""

    def read(
        self, files: Sequence[str], base_branch: str | None, branches: Mapping[str, str]
    ) -> Repository:
        """The base (the default branch if None), the files on it, the branches and their history.

        `branches` is name -> the one of the files that is edited there.
        """

    def read_issues(self) -> tuple[Issue, ...]:
        """The bot's own issues, newest first: all that a run with a broken config may touch."""

    def commit(
        self, *, base_tree: str, parents: Sequence[str], files: Mapping[str, str], message: str
    ) -> str:
        """A commit of `base_tree` with `files` (path -> text) in it; its sha. No branch moves."""

    def create_branch(self, name: str, sha: str) -> None:
        """A new branch at `sha`."""

    def fast_forward(self, name: str, sha: str) -> None:
        """Moves a branch to a descendant of where it is."""

    def put_file(self, *, branch: str, path: str, before: str, after: str, message: str) -> str:
        """One commit on `branch` that turns the file's text `before` into `after`; its sha."""

    def delete_branch(self, name: str) -> None:
        """Removes a branch."""

    def open_pull_request(self, *, branch: str, base: str, title: str, body: str) -> PullRequest:
        """A draft from `branch` to `base`."""

    def edit_pull_request(
        self,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        state: Literal["open", "closed"] | None = None,
    ) -> None:
        """Changes what is given, in one request, and nothing else."""

    def set_labels(self, number: int, *, labels: Sequence[str], assignees: Sequence[str]) -> None:
        """Sets whole lists in one request, creating labels that do not exist; empty: untouched."""

    def request_reviewers(self, number: int, logins: Sequence[str], teams: Sequence[str]) -> None:
        """Asks people and teams (by slug) for a review; ForgeError when one of them cannot be."""

    def write_comment(self, number: int, body: str, comment_id: int | None = None) -> None:
        """A new comment, or another text for one of the bot's own."""

    def set_status(self, sha: str, *, name: str, state: str, description: str) -> None:
        """A commit status: `success`, `pending` or `failure`."""

    def open_issue(self, *, title: str, body: str) -> Issue:
        """A new issue."""

    def edit_issue(
        self,
        number: int,
        *,
        body: str | None = None,
        state: Literal["open", "closed"] | None = None,
    ) -> None:
        """Changes what is given, in one request, and nothing else."""
