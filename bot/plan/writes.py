"""The writes that a plan consists of, as values; `bot.apply` carries them out."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class WriteBranch:
    """Makes `branch` the base plus our edit of the file at `path`.

    `onto` is where the branch is now (None: it does not exist), and `keep_history` whether its own
    commits must stay: then the new commit has both it and the base as parents.
    """

    branch: str
    onto: str | None
    keep_history: bool
    path: str
    before: str
    after: str
    message: str


@dataclass(frozen=True, slots=True)
class OpenPull:
    """Opens a draft."""

    branch: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class EditPull:
    """Changes the title, body or state of a pull request; None means unchanged."""

    title: str | None = None
    body: str | None = None
    state: Literal["open", "closed"] | None = None


@dataclass(frozen=True, slots=True)
class SetMetadata:
    """Sets labels and assignees, as whole lists, and requests reviews; empty means unchanged."""

    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    team_reviewers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteComment:
    """Writes the bot's one comment, new or in place."""

    body: str
    comment_id: int | None = None


@dataclass(frozen=True, slots=True)
class DeleteBranch:
    """Removes the branch of a closed proposal."""

    branch: str


@dataclass(frozen=True, slots=True)
class SetStatus:
    """Marks the branch's head commit; None: the one that was written just before."""

    sha: str | None
    state: str
    description: str


Step = WriteBranch | OpenPull | EditPull | SetMetadata | WriteComment | DeleteBranch | SetStatus
STATUS_NAME = "model-bot/retirement"
