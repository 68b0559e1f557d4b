"""The writes a plan consists of, as values, and the one place that carries them out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, assert_never
from urllib.parse import quote

from bot.forge import Forge, ForgeDoubt, ForgeError, PullRequest, Repository


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
    """Changes title, body or state of a pull request, whatever is given."""

    title: str | None = None
    body: str | None = None
    state: Literal["open", "closed"] | None = None


@dataclass(frozen=True, slots=True)
class Dress:
    """Sets labels and assignees, whole lists, and asks reviewers; empty means untouched."""

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


Step = WriteBranch | OpenPull | EditPull | Dress | WriteComment | DeleteBranch | SetStatus
STATUS_NAME = "model-bot/retirement"


@dataclass(slots=True)
class Work:
    """Carries out the steps of one plan item in order, keeping what they return."""

    repository: Repository
    forge: Forge
    warn: Callable[[str], None]
    pull: PullRequest | None
    sha: str = ""
    at: Step | None = None

    def do(self, steps: Sequence[Step]) -> PullRequest | None:
        """The pull request that the steps concern, as far as it is known then.

        Raises ForgeError or ForgeDoubt at the first step that fails; a reviewer who cannot be
        asked is only warned of.
        """
        for self.at in steps:
            self._do(self.at)
        return self.pull

    @property
    def by_hand(self) -> str | None:
        """Where a person can open the pull request, when that is the step that failed."""
        if not isinstance(self.at, OpenPull):
            return None
        change = f"{quote(self.repository.base_branch)}...{quote(self.at.branch)}"
        title = quote(self.at.title, safe="")
        return f"{self.repository.url}/compare/{change}?expand=1&title={title}"

    def _do(self, step: Step) -> None:
        number = self.pull.number if self.pull else 0
        match step:
            case WriteBranch():
                self.sha = self._write_branch(step)
            case OpenPull():
                self.pull = self.forge.open_pull_request(
                    branch=step.branch,
                    base=self.repository.base_branch,
                    title=step.title,
                    body=step.body,
                )
            case EditPull(title=title, body=body, state=state):
                self.forge.edit_pull_request(number, title=title, body=body, state=state)
            case Dress():
                self._dress(step, number)
            case WriteComment():
                self.forge.write_comment(number, step.body, step.comment_id)
            case DeleteBranch():
                self.forge.delete_branch(step.branch)
            case SetStatus(sha=sha, state=state, description=description):
                self.forge.set_status(
                    sha or self.sha, name=STATUS_NAME, state=state, description=description
                )
            case _:
                assert_never(step)

    def _write_branch(self, step: WriteBranch) -> str:
        if step.onto is None:
            self.forge.create_branch(step.branch, self.repository.base_sha)
            return self.forge.put_file(
                branch=step.branch,
                path=step.path,
                before=step.before,
                after=step.after,
                message=step.message,
            )
        own = [step.onto] if step.keep_history else []
        sha = self.forge.commit(
            base_tree=self.repository.base_tree,
            parents=[*own, self.repository.base_sha],
            files={step.path: step.after},
            message=step.message,
        )
        self.forge.fast_forward(step.branch, sha)
        return sha

    def _dress(self, step: Dress, number: int) -> None:
        if step.labels or step.assignees:
            self.forge.set_labels(number, labels=step.labels, assignees=step.assignees)
        if not (step.reviewers or step.team_reviewers):
            return
        try:
            self.forge.request_reviewers(number, step.reviewers, step.team_reviewers)
        except ForgeDoubt:
            raise
        except ForgeError as error:
            asked = ", ".join((*step.reviewers, *step.team_reviewers))
            self.warn(f"#{number}: these reviewers could not be asked ({asked}): {error}")
