"""The repository as GitHub sees it, and the rules by which REST, GraphQL and people change it."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from tests.fake_github.git import (
    ABSENT,
    Commit,
    FileChange,
    GitError,
    Repository,
    Signature,
    TreeChange,
)
from tests.fake_github.records import (
    CheckRun,
    CommitStatus,
    Issue,
    Pull,
    Refused,
    Token,
    User,
    invalid,
)
from tests.fake_github.threads import ACTIONS_BOT, WEB_FLOW, Threads

__all__ = ["ACTIONS_BOT", "MergeMethod", "State", "utc_now"]

_NOREPLY = re.compile(r"(?:\d+\+)?(?P<login>.+)@users\.noreply\.github\.com")

MergeMethod = Literal["merge", "squash"]


def utc_now() -> datetime:
    """Return the time to the second, as GitHub keeps it."""
    return datetime.now(UTC).replace(microsecond=0)


class State(Threads):
    """One repository with its issues and pull requests. Hold `lock` around every use."""

    def __init__(
        self,
        directory: Path,
        owner: str,
        name: str,
        default_branch: str,
        clock: Callable[[], datetime],
    ) -> None:
        """Make an empty repository in `directory`."""
        super().__init__(owner, name, clock)
        self.default_branch = default_branch
        self.git = Repository.create(directory, default_branch)
        self.statuses: list[CommitStatus] = []
        self.check_runs: dict[int, CheckRun] = {}
        self.signed: set[str] = set()
        self.actions_may_open_pulls = True
        self.mergeable_is_known = True

    # People

    def user_of(self, email: str) -> User | None:
        """Return the account behind a commit's address, if GitHub would know it."""
        if email == "noreply@github.com":
            return self.users[WEB_FLOW]
        match = _NOREPLY.fullmatch(email)
        return self.users.get(match["login"]) if match else None

    def signature(self, login: str) -> Signature:
        """Return the author of a commit made now by this account."""
        user = self.user(login)
        return Signature(user.login, user.email, self.now())

    def web_signature(self) -> Signature:
        """Return the committer of commits that GitHub itself writes and signs."""
        return Signature("GitHub", "noreply@github.com", self.now())

    # Branches and commits

    def branches(self) -> dict[str, str]:
        """Branch name -> sha."""
        return {name.removeprefix("refs/heads/"): sha for name, sha in self.git.refs().items()}

    def write_commit(
        self,
        login: str,
        tree: str,
        parents: Iterable[str],
        message: str,
        *,
        author: Signature | None = None,
        committer: Signature | None = None,
        web: bool = False,
    ) -> str:
        """Store a commit; GitHub signs those made on the web, and a bot's without names."""
        anonymous = author is None and committer is None
        by_github = anonymous and (web or self.user(login).is_bot)
        author = author or self.signature(login)
        committer = self.web_signature() if by_github else committer or author
        sha = self.git.write_commit(tree, list(parents), message, author, committer)
        if by_github:
            self.signed.add(sha)
        return sha

    def write_files(self, base: str | None, files: Mapping[str, str | None]) -> str:
        """Make a tree from another one and texts; None removes a file."""
        changes = [
            TreeChange(path, None if text is None else self.git.write_blob(text.encode()))
            for path, text in files.items()
        ]
        return self.git.write_tree(base, changes)

    def create_ref(self, name: str, sha: str) -> None:
        """Create a branch or tag."""
        if not name.startswith("refs/") or not self.git.is_ref_name(name):
            raise Refused(422, "Reference name is not valid")
        if name in self.git.refs(""):
            raise Refused(422, "Reference already exists")
        self._require_commit(sha)
        self._set_ref(name, sha, ABSENT)

    def move_ref(self, name: str, sha: str, actor: str, *, force: bool = False) -> None:
        """Move a ref, forward only unless forced."""
        old = self.git.refs("").get(name)
        if old is None:
            raise Refused(422, "Reference does not exist")
        self._require_commit(sha)
        if not force and not self.git.is_ancestor(old, sha):
            raise Refused(422, "Update is not a fast forward")
        self._set_ref(name, sha, old)
        self.sync(actor)

    def delete_ref(self, name: str, actor: str) -> None:
        """Delete a ref, which closes the pull requests that need it."""
        old = self.git.refs("").get(name)
        if old is None:
            raise Refused(422, "Reference does not exist")
        if name == f"refs/heads/{self.default_branch}":
            raise Refused(422, "Cannot delete the default branch")
        self._set_ref(name, ABSENT, old)
        self.sync(actor)

    def _require_commit(self, sha: str) -> None:
        if self.git.object_type(sha) != "commit":
            raise Refused(422, "Object does not exist")

    def _set_ref(self, name: str, new: str, old: str) -> None:
        try:
            self.git.update_ref(name, new, old)
        except GitError as error:
            raise Refused(422, f"Reference update failed: {error}") from error

    # Pull requests

    def pulls(self) -> list[Pull]:
        """All pull requests, oldest first."""
        return [thread for thread in self.threads.values() if isinstance(thread, Pull)]

    def pull(self, number: int) -> Pull:
        """Return one pull request, or refuse with 404."""
        thread = self.threads.get(number)
        if not isinstance(thread, Pull):
            raise Refused(404, "Not Found")
        return thread

    def sync(self, actor: str) -> None:
        """Let open pull requests follow their branches; a vanished head or base closes them."""
        self.git.forget_refs()
        branches = self.branches()
        for pull in self.pulls():
            if pull.state == "open":
                self._follow(pull, branches.get(pull.head), branches.get(pull.base), actor)

    def _follow(self, pull: Pull, head: str | None, base: str | None, actor: str) -> None:
        if head is None or base is None:
            self.close(pull, actor)
            return
        moved = head != pull.head_sha
        if moved:
            pull.head_sha, pull.base_sha, pull.updated_at = head, base, self.now()
        if (moved or base != pull.base_sha) and self.git.is_ancestor(head, base):
            if moved:  # pushed back onto the base: nothing is left to merge
                self.close(pull, actor)
            else:
                self._mark_merged(pull, base, actor)

    def open_pull(
        self,
        token: Token,
        *,
        head: str,
        base: str,
        title: str,
        body: str | None,
        draft: bool,
        maintainer_can_modify: bool = False,
    ) -> Pull:
        """Open a pull request, with GitHub's refusals in GitHub's order."""
        if token.login == ACTIONS_BOT and not self.actions_may_open_pulls:
            message = "GitHub Actions is not permitted to create or approve pull requests."
            raise Refused(403, message)
        head = head.removeprefix(f"{self.owner}:")
        head_sha, base_sha = self._check_branches(head, base)
        self.check_body("PullRequest", body)
        pull = Pull(
            **self.new_thread(token.login, title, body),
            head=head,
            head_sha=head_sha,
            base=base,
            base_sha=base_sha,
            draft=draft,
            maintainer_can_modify=maintainer_can_modify,
        )
        self.threads[pull.number] = pull
        return pull

    def _check_branches(self, head: str, base: str) -> tuple[str, str]:
        branches = self.branches()
        for field, branch in (("base", base), ("head", head)):
            if branch not in branches:
                raise invalid("PullRequest", "invalid", field)
        if self._open_pull_between(head, base):
            message = f"A pull request already exists for {self.owner}:{head}."
            raise invalid("PullRequest", "custom", message=message)
        if self.git.is_ancestor(branches[head], branches[base]):
            message = f"No commits between {base} and {head}"
            raise invalid("PullRequest", "custom", message=message)
        return branches[head], branches[base]

    def _open_pull_between(self, head: str, base: str) -> Pull | None:
        return next(
            (
                pull
                for pull in self.pulls()
                if pull.state == "open" and (pull.head, pull.base) == (head, base)
            ),
            None,
        )

    def reopen(self, thread: Issue, actor: str) -> None:
        """Reopen; a pull request needs its branch, and no other one in its place."""
        if isinstance(thread, Pull):
            self._check_reopening(thread)
        super().reopen(thread, actor)

    def _check_reopening(self, pull: Pull) -> None:
        branch = self.branches().get(pull.head)
        if pull.merged_at:
            problem = "Pull request cannot be reopened because it is merged"
        elif branch is None:
            problem = f"The {pull.head} branch has been deleted."
        elif self._open_pull_between(pull.head, pull.base):
            problem = f"A pull request already exists for {self.owner}:{pull.head}."
        else:
            pull.head_sha = branch
            return
        raise invalid("PullRequest", "custom", "state", f"state cannot be changed. {problem}")

    def merged_tree(self, pull: Pull) -> str | None:
        """Merge the pull request's head into its base as it is now; None when they conflict."""
        base = self.branches().get(pull.base)
        return self.git.merged_tree(base, pull.head_sha) if base else None

    def is_mergeable(self, pull: Pull) -> bool | None:
        """Return None while GitHub has not computed it, and for closed pull requests."""
        if pull.state == "closed" or not self.mergeable_is_known:
            return None
        return self.merged_tree(pull) is not None

    def merge(
        self,
        pull: Pull,
        actor: str,
        *,
        sha: str | None = None,
        method: MergeMethod = "merge",
        title: str | None = None,
        message: str | None = None,
    ) -> str:
        """Merge three-way, so that what the base got meanwhile stays; return the new commit."""
        if pull.state == "closed":
            raise Refused(405, "Pull Request is not mergeable")
        if pull.draft:
            raise Refused(405, "Pull Request is still a draft")
        if sha and sha != pull.head_sha:
            raise Refused(409, "Head branch was modified. Review and try the merge again.")
        tree = self.merged_tree(pull)
        if tree is None:
            raise Refused(405, "Pull Request is not mergeable")
        base = self.branches()[pull.base]
        parents = [base] if method == "squash" else [base, pull.head_sha]
        text = "\n\n".join(filter(None, [title or _merge_title(self, pull, method), message]))
        merged = self.write_commit(actor, tree, parents, text, web=True)
        self._set_ref(f"refs/heads/{pull.base}", merged, base)
        self._mark_merged(pull, merged, actor)
        self.sync(actor)
        return merged

    def update_branch(self, pull: Pull, actor: str) -> str:
        """Merge the base into the head, as the button of that name does; return the new commit."""
        base, head = self.branches()[pull.base], pull.head_sha
        if pull.state == "closed" or self.git.is_ancestor(base, head):
            raise Refused(422, "There are no new commits on the base branch.")
        tree = self.git.merged_tree(head, base)
        if tree is None:
            raise Refused(422, "merge conflict between base and head")
        message = f"Merge branch '{pull.base}' into {pull.head}"
        merged = self.write_commit(actor, tree, [head, base], message, web=True)
        self.move_ref(f"refs/heads/{pull.head}", merged, actor)
        return merged

    def _mark_merged(self, pull: Pull, merge_sha: str, actor: str) -> None:
        self.close(pull, actor)
        pull.merged_at, pull.merged_by, pull.merge_sha = pull.closed_at, actor, merge_sha

    def commits_of(self, pull: Pull) -> list[Commit]:
        """List the commits of base..head, oldest first."""
        return self.git.between(pull.base_sha, pull.head_sha)

    def files_of(self, pull: Pull) -> list[FileChange]:
        """List the files that the pull request changes since it left its base."""
        start = self.git.merge_base(pull.base_sha, pull.head_sha) or pull.base_sha
        return self.git.diff(start, pull.head_sha)

    def statuses_of(self, sha: str) -> list[CommitStatus]:
        """List the latest status of each context, in the order in which contexts came up."""
        latest = {status.context: status for status in self.statuses if status.sha == sha}
        return list(latest.values())

    def request_reviewers(
        self, pull: Pull, logins: Iterable[str], teams: Iterable[str], actor: str
    ) -> None:
        """Ask people and teams for a review; all are refused when one cannot review."""
        people, slugs = list(logins), list(teams)
        if pull.author in people:
            raise Refused(422, "Review cannot be requested from pull request author.")
        if not ({*people} <= {*self.users} and {*slugs} <= {*self.teams}):
            raise Refused(
                422,
                "Reviews may only be requested from collaborators. One or more of the users or "
                f"teams you specified is not a collaborator of the {self.full_name} repository.",
            )
        self.set_reviewers(pull, [*pull.reviewers, *people], [*pull.team_reviewers, *slugs], actor)


def _merge_title(state: State, pull: Pull, method: MergeMethod) -> str:
    if method == "squash":
        return f"{pull.title} (#{pull.number})"
    return f"Merge pull request #{pull.number} from {state.owner}/{pull.head}"
