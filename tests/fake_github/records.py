"""What the fake remembers beside Git: people, tokens, issues, pull requests, labels, checks."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Json = Any  # what json.loads returns; the models of schema.py check it at the edge
Level = Literal["read", "write"]
EventKind = Literal[
    "AssignedEvent",
    "ClosedEvent",
    "ConvertToDraftEvent",
    "LabeledEvent",
    "ReadyForReviewEvent",
    "RenamedTitleEvent",
    "ReopenedEvent",
    "ReviewRequestRemovedEvent",
    "ReviewRequestedEvent",
    "UnassignedEvent",
    "UnlabeledEvent",
]


@dataclass(frozen=True)
class User:
    """An account; a bot's REST login ends in [bot]."""

    id: int
    login: str

    @property
    def is_bot(self) -> bool:
        """Whether this is a GitHub App's account."""
        return self.login.endswith("[bot]")

    @property
    def email(self) -> str:
        """Return the address GitHub puts into commits."""
        return f"{self.id}+{self.login}@users.noreply.github.com"


@dataclass(frozen=True)
class Team:
    """A team of the organisation that owns the repository; named as its slug."""

    id: int
    slug: str


@dataclass(frozen=True)
class Token:
    """Who calls and what they may do; permissions None means everything."""

    login: str
    permissions: dict[str, str] | None = None

    def may(self, scope: str, level: Level = "write") -> bool:
        """Whether the token holds a permission; writing includes reading."""
        if self.permissions is None:
            return True
        granted = self.permissions.get(scope, "none")
        return granted in ("write", level)


@dataclass
class Label:
    """A repository label."""

    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass
class Comment:
    """A comment on an issue or pull request."""

    id: int
    author: str
    body: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Event:
    """One event of a timeline, of a type of GitHub's GraphQL schema.

    `subject` is what it is about: a label, a login, owner/team, the new title, or an issue's
    reason; `before` is the old title.
    """

    kind: EventKind
    actor: str
    created_at: datetime
    subject: str = ""
    before: str = ""


@dataclass
class Issue:
    """An issue, and the part of a pull request that is one."""

    id: int
    number: int
    author: str
    title: str
    body: str | None
    created_at: datetime
    updated_at: datetime
    state: Literal["open", "closed"] = "open"
    state_reason: str | None = None
    closed_at: datetime | None = None
    labels: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def closings(self) -> list[Event]:
        """Every time it was closed, oldest first."""
        return [event for event in self.events if event.kind == "ClosedEvent"]


@dataclass(kw_only=True)
class Pull(Issue):
    """A pull request between two branches; its shas stay as they were when it was closed."""

    head: str
    head_sha: str
    base: str
    base_sha: str
    draft: bool = False
    merged_at: datetime | None = None
    merged_by: str | None = None
    merge_sha: str | None = None
    reviewers: list[str] = field(default_factory=list)
    team_reviewers: list[str] = field(default_factory=list)
    maintainer_can_modify: bool = False


@dataclass
class CommitStatus:
    """A status set on a commit."""

    id: int
    sha: str
    state: str
    context: str
    description: str | None
    target_url: str | None
    creator: str
    created_at: datetime


@dataclass
class CheckRun:
    """A check run; `fields` are the request's own values, kept as they were sent."""

    id: int
    sha: str
    fields: dict[str, Json]
    started_at: datetime


class Refused(Exception):
    """GitHub says no: the status, the message and, for 422, the list of errors."""

    def __init__(self, status: int, message: str, *errors: dict[str, str]) -> None:
        """Keep what becomes the response's body."""
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors


def invalid(
    resource: str, code: str, field: str | None = None, message: str | None = None
) -> Refused:
    """Build the 422 "Validation Failed" with one entry in `errors`."""
    error = {"resource": resource, "code": code, "field": field, "message": message}
    given = {key: value for key, value in error.items() if value is not None}
    return Refused(422, "Validation Failed", given)
