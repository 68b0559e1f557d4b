"""The port to where pull requests live: the values read from it, and the few things it can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from model_intelligence.errors import ModelIntelligenceError


class ForgeError(ModelIntelligenceError):
    """The forge refused or could not be reached; the message says what to do."""


@dataclass(frozen=True, slots=True)
class File:
    """A file's exact text on the base branch."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit and who made it: logins where the forge knows them, else mail addresses."""

    sha: str
    message: str
    author: str
    committer: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A proposal's branch: where it points, who made that commit, and our file's text on it."""

    name: str
    head: Commit
    text: str | None


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request as people left it. `commits` are those since the base."""

    number: int
    url: str
    branch: str
    state: Literal["open", "closed", "merged"]
    draft: bool
    title: str
    body: str
    commits: tuple[Commit, ...] = ()


@dataclass(frozen=True, slots=True)
class Repository:
    """Everything a run needs to know, read once. Pull requests are newest first."""

    name: str
    base_branch: str
    base_sha: str
    base_tree: str
    models_file: File
    branches: Mapping[str, Branch]
    pull_requests: tuple[PullRequest, ...]


class Forge(Protocol):
    """What the bot can do. Every write may raise ForgeError; none of them is ever forced."""

    def read(
        self, models_file: str, base_branch: str | None, branches: Sequence[str]
    ) -> Repository:
        """The base (the default branch if None), the file on it, the branches and their history."""

    def commit(
        self, *, base_tree: str, parents: Sequence[str], files: Mapping[str, str], message: str
    ) -> str:
        """A commit of `base_tree` with `files` (path -> text) in it; its sha. No branch moves."""

    def create_branch(self, name: str, sha: str) -> None:
        """A new branch at `sha`; ForgeError when the name is taken."""

    def fast_forward(self, name: str, sha: str) -> None:
        """Moves a branch to a descendant of where it is; ForgeError when it has moved meanwhile."""

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
