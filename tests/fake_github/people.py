"""What people do: push, and click and type on GitHub's pages."""

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from tests.fake_github.git import ABSENT
from tests.fake_github.records import Issue
from tests.fake_github.state import MergeMethod, State

_UNTICKED = re.compile(r"^(\s*(?:[-*+]|\d+[.)]) )\[ \](?= )")


class People:
    """The people around one repository; `login` says which of them acts."""

    state: State

    # Git

    def person_pushes(
        self,
        branch: str,
        files: Mapping[str, str | None],
        login: str = "maria",
        message: str | None = None,
        *,
        amend: bool = False,
    ) -> str:
        """Push a commit (None removes a file), or the branch's last one amended; return its sha.

        A branch that does not exist starts at the default branch. Amending keeps the author and,
        without `message`, the message; the committer is the person.
        """
        with self.state.lock:
            sha = self._push(branch, files, login, message, amend=amend)
            self.state.sync(login)
            return sha

    def commit_to_base(
        self,
        files: Mapping[str, str | None],
        login: str = "maria",
        message: str = "Change the base",
    ) -> str:
        """Push a commit to the default branch; return its sha."""
        return self.person_pushes(self.state.default_branch, files, login, message)

    def _push(
        self,
        branch: str,
        files: Mapping[str, str | None],
        login: str,
        message: str | None,
        *,
        amend: bool = False,
    ) -> str:
        state, branches = self.state, self.state.branches()
        tip = branches.get(branch) or branches.get(state.default_branch)
        parents, author = [tip] if tip else [], state.signature(login)
        if amend and tip:
            amended = state.git.commit(tip)
            parents, author = list(amended.parents), amended.author
            message = message or amended.message
        sha = state.write_commit(
            login,
            state.write_files(tip, files),
            parents,
            message or "Work on it",
            author=author,
            committer=state.signature(login),
        )
        state.git.update_ref(f"refs/heads/{branch}", sha, branches.get(branch, ABSENT))
        return sha

    def delete_branch(self, name: str, login: str = "maria") -> None:
        """Delete a branch, which closes its open pull request."""
        with self.state.lock:
            self.state.delete_ref(f"refs/heads/{name}", login)

    def web_edit(
        self,
        branch: str,
        files: Mapping[str, str | None],
        login: str = "maria",
        message: str | None = None,
    ) -> str:
        """Edit files in the browser: the person is the author, GitHub the signing committer."""
        with self.state.lock:
            ref = f"refs/heads/{branch}"
            tip = self.state.git.refs(ref)[ref]
            tree = self.state.write_files(tip, files)
            summary = message or f"Update {' and '.join(files)}"
            sha = self.state.write_commit(login, tree, [tip], summary, web=True)
            self.state.move_ref(ref, sha, login)
            return sha

    # Pull requests

    def merge(self, number: int, login: str = "maria", method: MergeMethod = "merge") -> str:
        """Mark as ready where needed, as a person must, and merge; return the merge's sha."""
        with self.state.lock:
            pull = self.state.pull(number)
            self.state.set_draft(pull, login, draft=False)
            return self.state.merge(pull, login, method=method)

    def update_branch(self, number: int, login: str = "maria") -> str:
        """Press "Update branch": merge the base into the head; return the merge's sha."""
        with self.state.lock:
            return self.state.update_branch(self.state.pull(number), login)

    def edit_pull(
        self,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        labels: Iterable[str] | None = None,
        assignees: Iterable[str] | None = None,
        reviewers: Iterable[str] | None = None,
        team_reviewers: Iterable[str] | None = None,
        draft: bool | None = None,
        login: str = "maria",
    ) -> None:
        """Change what a person can on the page; None leaves it. Unknown people become known."""
        with self.state.lock:
            pull = self.state.pull(number)
            self._edit(pull, login, title=title, body=body, labels=labels, assignees=assignees)
            people = [self.state.user(one).login for one in _or(reviewers, pull.reviewers)]
            teams = _or(team_reviewers, pull.team_reviewers)
            self.state.set_reviewers(pull, people, teams, login)
            if draft is not None:
                self.state.set_draft(pull, login, draft=draft)

    # Issues, and what pull requests share with them

    def open_issue(
        self, title: str, body: str = "", login: str = "maria", labels: Iterable[str] = ()
    ) -> int:
        """Open an issue; return its number."""
        with self.state.lock:
            self.state.user(login)
            issue = self.state.open_issue(login, title, body)
            self.state.set_labels(issue, labels, login)
            return issue.number

    def edit_issue(
        self,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        labels: Iterable[str] | None = None,
        assignees: Iterable[str] | None = None,
        state: Literal["open", "closed"] | None = None,
        login: str = "maria",
    ) -> None:
        """Change what a person can on the page, of a pull request, too; None leaves it."""
        with self.state.lock:
            thread = self.state.thread(number)
            self._edit(thread, login, title=title, body=body, labels=labels, assignees=assignees)
            if state is not None:
                self.state.set_state(thread, state, login)

    def _edit(
        self,
        thread: Issue,
        login: str,
        *,
        title: str | None,
        body: str | None,
        labels: Iterable[str] | None,
        assignees: Iterable[str] | None,
    ) -> None:
        self.state.edit(thread, login, title=title, body=body)
        if labels is not None:
            self.state.set_labels(thread, labels, login)
        if assignees is not None:
            self.state.set_assignees(thread, assignees, login)

    def remove_label(self, number: int, name: str, login: str = "maria") -> None:
        """Take a label off."""
        with self.state.lock:
            thread = self.state.thread(number)
            kept = [label for label in thread.labels if label != name]
            self.state.set_labels(thread, kept, login)

    def tick(self, number: int, text: str, login: str = "maria") -> None:
        """Tick the box on the first line with `text`; the body comes back with CRLF line ends."""
        with self.state.lock:
            thread = self.state.thread(number)
            body = _ticked(thread.body or "", text)
            self.state.edit(thread, login, title=None, body=body)

    def close(self, number: int, login: str = "maria") -> None:
        """Close an issue or, unmerged, a pull request."""
        with self.state.lock:
            self.state.set_state(self.state.thread(number), "closed", login)

    def reopen(self, number: int, login: str = "maria") -> None:
        """Reopen it."""
        with self.state.lock:
            self.state.set_state(self.state.thread(number), "open", login)

    def comment(self, number: int, body: str, login: str = "maria") -> int:
        """Comment on an issue or pull request; return the comment's id."""
        with self.state.lock:
            self.state.user(login)
            return self.state.comment(self.state.thread(number), login, body).id


def _or(given: Iterable[str] | None, otherwise: list[str]) -> Iterable[str]:
    return otherwise if given is None else given


def _ticked(body: str, text: str) -> str:
    lines = re.split(r"\r?\n", body)
    found = next((index for index, line in enumerate(lines) if text in line), None)
    if found is None or not _UNTICKED.match(lines[found]):
        raise LookupError(f"no line with an empty checkbox and {text!r} first: {body!r}")
    lines[found] = _UNTICKED.sub(r"\1[x]", lines[found])
    return "\r\n".join(lines)
