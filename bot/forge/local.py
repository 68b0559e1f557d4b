"""A forge on this machine: real branches and commits in a git repository, texts as files.

What `./run demo` proposes to, and what a dry run without a token reads the checkout through.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import TypeAdapter

from bot.forge.git import BOT_ADDRESS, Git, GitError
from bot.forge.local_pages import page
from bot.forge.port import (
    Branch,
    Comment,
    Commit,
    ForgeError,
    Issue,
    PullRequest,
    Repository,
    TimelineEvent,
)

PULLS = TypeAdapter(tuple[PullRequest, ...])
ISSUES = TypeAdapter(tuple[Issue, ...])
Kept = TypeVar("Kept", PullRequest, Issue)


@dataclass(frozen=True, slots=True)
class LocalForge:
    """Pull requests of `git` kept in `folder` as JSON, Markdown and HTML; None: read only."""

    git: Git
    folder: Path | None = None
    sent: Counter[str] = field(default_factory=Counter)

    def read(
        self, files: Sequence[str], base_branch: str | None, branches: Mapping[str, str]
    ) -> Repository:
        """The state of the repository; `HEAD` is the base where none is named."""
        base = base_branch or self._head()
        read = (self._branch(base, name, file) for name, file in branches.items())
        return Repository(
            name=self.git.directory.name,
            url=self.git.directory.as_uri(),
            viewer=BOT_ADDRESS,
            base_branch=base,
            base_sha=self.git.run("rev-parse", f"{base}^{{commit}}"),
            base_tree=self.git.run("rev-parse", f"{base}^{{tree}}"),
            files={path: self._committed(base, path) for path in files},
            branches={branch.name: branch for branch in read if branch},
            pull_requests=self._pulls(),
            issues=self.read_issues(),
        )

    def read_issues(self) -> tuple[Issue, ...]:
        """Newest first."""
        return self._load("issues.json", ISSUES)

    def commit(
        self, *, base_tree: str, parents: Sequence[str], files: Mapping[str, str], message: str
    ) -> str:
        """A real commit object."""
        self._folder()
        return self.git.commit(
            base_tree=base_tree, parents=list(parents), files=files, message=message
        )

    def create_branch(self, name: str, sha: str) -> None:
        """A new reference; git refuses one that exists."""
        self._folder()
        # Git's way to say that the reference must not exist yet.
        self._update_ref(name, sha, before="0" * len(sha))

    def fast_forward(self, name: str, sha: str) -> None:
        """Moves the reference, if the new commit descends from it."""
        self._folder()
        before = self.git.run("rev-parse", f"refs/heads/{name}")
        # As GitHub does with `force: false`; `update-ref` itself would move a branch anywhere.
        if not self.git.succeeds("merge-base", "--is-ancestor", before, sha):
            raise ForgeError(f"{name}: {sha[:9]} does not descend from {before[:9]}")
        self._update_ref(name, sha, before=before)

    def put_file(self, *, branch: str, path: str, before: str, after: str, message: str) -> str:
        """One commit on the branch; refused when the file is no longer `before`."""
        head = self.git.run("rev-parse", f"refs/heads/{branch}")
        if self._text(f"{head}:{path}") != before:
            raise ForgeError(f"{path} on {branch} is not what it was")
        sha = self.commit(
            base_tree=self.git.run("rev-parse", f"{head}^{{tree}}"),
            parents=[head],
            files={path: after},
            message=message,
        )
        self._update_ref(branch, sha, before=head)
        return sha

    def delete_branch(self, name: str) -> None:
        """Removes the reference."""
        self._folder()
        self.git.run("update-ref", "-d", f"refs/heads/{name}")

    def open_pull_request(self, *, branch: str, base: str, title: str, body: str) -> PullRequest:
        """A draft, written to `<number>-<branch>.md` and `.html`."""
        pulls = self._pulls()
        if any(pull.branch == branch and pull.state == "open" for pull in pulls):
            raise ForgeError(f"a pull request already exists for {branch}")
        number = self._next_number()
        opened = PullRequest(
            number=number,
            url=f"{number}-{branch.rpartition('/')[2]}.html",
            branch=branch,
            state="open",
            draft=True,
            title=title,
            body=body,
        )
        self._save_pulls((opened, *pulls))
        return opened

    def edit_pull_request(
        self,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        state: Literal["open", "closed"] | None = None,
    ) -> None:
        """Changes what is given."""
        self._change(
            number,
            lambda pull: replace(
                pull,
                title=title or pull.title,
                body=body if body is not None else pull.body,
                state=state or pull.state,
            ),
        )

    def set_labels(self, number: int, *, labels: Sequence[str], assignees: Sequence[str]) -> None:
        """Sets whole lists."""
        self._change(
            number,
            lambda pull: replace(
                pull,
                labels=tuple(labels) or pull.labels,
                assignees=tuple(assignees) or pull.assignees,
                events=(*pull.events, *(TimelineEvent("labeled", label) for label in labels)),
            ),
        )

    def request_reviewers(self, number: int, logins: Sequence[str], teams: Sequence[str]) -> None:
        """Nobody can be asked on this machine."""
        raise ForgeError(f"#{number}: there is nobody to ask here")

    def write_comment(self, number: int, body: str, comment_id: int | None = None) -> None:
        """A comment of the bot's."""

        def commented(pull: PullRequest) -> PullRequest:
            kept = tuple(old for old in pull.comments if old.id != comment_id)
            new = Comment(comment_id or len(kept) + 1, BOT_ADDRESS, body)
            return replace(pull, comments=(*kept, new))

        self._change(number, commented)

    def set_status(self, sha: str, *, name: str, state: str, description: str) -> None:
        """Kept as a git note on the commit."""
        self._folder()
        self.git.run("notes", f"--ref={name}", "add", "-f", "-m", f"{state}\n\n{description}", sha)

    def open_issue(self, *, title: str, body: str) -> Issue:
        """Written to `<number>-issue.md` and `.html`."""
        number = self._next_number()
        opened = Issue(number, f"{number}-issue.html", "open", title, body)
        self._save_issues((opened, *self.read_issues()))
        return opened

    def edit_issue(
        self,
        number: int,
        *,
        body: str | None = None,
        state: Literal["open", "closed"] | None = None,
    ) -> None:
        """Changes what is given."""
        self._save_issues(
            tuple(
                replace(
                    issue,
                    body=body if body is not None else issue.body,
                    state=state or issue.state,
                )
                if issue.number == number
                else issue
                for issue in self.read_issues()
            )
        )

    def _head(self) -> str:
        try:
            sha = self.git.run("rev-parse", "--verify", "HEAD")
            name = self.git.run("rev-parse", "--abbrev-ref", "HEAD")
        except GitError as error:
            raise ForgeError(
                f"{self.git.directory}: {error}; run this in a git repository with a commit"
            ) from error
        # A detached HEAD has no name, as in a workflow that checks out a commit.
        return sha if name == "HEAD" else name

    def _text(self, spec: str) -> str:
        try:
            return self.git.run_raw("cat-file", "blob", spec).decode()
        except UnicodeDecodeError as error:
            raise ForgeError(f"{spec} is not UTF-8 text: {error}") from error

    def _committed(self, base: str, path: str) -> str:
        try:
            return self._text(f"{base}:{path}")
        except GitError as error:
            raise ForgeError(f"{path} is not committed on {base}: {error}") from error

    def _branch(self, base: str, name: str, file: str) -> Branch | None:
        reference = f"refs/heads/{name}"
        if not self.git.succeeds("rev-parse", "--verify", "--quiet", reference):
            return None
        spec = f"{reference}:{file}"
        has_file = self.git.succeeds("cat-file", "-e", spec)
        return Branch(
            name=name,
            sha=self.git.run("rev-parse", reference),
            text=self._text(spec) if has_file else None,
            commits=tuple(self._log(f"{base}..{reference}")),
        )

    def _log(self, *what: str) -> list[Commit]:
        # Fields end with the unit separator and commits with NUL, which no address can hold; the
        # message, which may hold anything, comes last.
        entries = self.git.run("log", "-z", "--format=%H%x1f%ae%x1f%ce%x1f%B", *what).split("\0")
        split = (entry.split("\x1f", 3) for entry in entries if entry)
        return [Commit(sha, message, author, by) for sha, author, by, message in split]

    def _update_ref(self, name: str, sha: str, *, before: str) -> None:
        self._folder()
        try:
            self.git.run("update-ref", f"refs/heads/{name}", sha, before)
        except GitError as error:
            raise ForgeError(f"{name}: {error}") from error

    def _folder(self) -> Path:
        """Where texts are kept; every write asks for it first, and is counted by that."""
        if self.folder is None:
            raise ForgeError("this forge is read only")
        self.sent["writes"] += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder

    def _next_number(self) -> int:
        return len(self._pulls()) + len(self.read_issues()) + 1

    def _pulls(self) -> tuple[PullRequest, ...]:
        """Newest first."""
        return self._load("pulls.json", PULLS)

    def _change(self, number: int, change: Callable[[PullRequest], PullRequest]) -> None:
        pulls = self._pulls()
        self._save_pulls(tuple(change(p) if p.number == number else p for p in pulls))

    def _load(self, name: str, kind: TypeAdapter[tuple[Kept, ...]]) -> tuple[Kept, ...]:
        path = self.folder / name if self.folder else None
        if path is None or not path.exists():
            return ()
        return kind.validate_json(path.read_bytes())

    def _save_pulls(self, pulls: tuple[PullRequest, ...]) -> None:
        self._save("pulls.json", PULLS.dump_json(pulls, indent=2))
        for pull in pulls:
            self._publish(f"{pull.number}-{pull.branch.rpartition('/')[2]}", pull)

    def _save_issues(self, issues: tuple[Issue, ...]) -> None:
        self._save("issues.json", ISSUES.dump_json(issues, indent=2))
        for issue in issues:
            self._publish(f"{issue.number}-issue", issue)

    def _publish(self, name: str, text: PullRequest | Issue) -> None:
        self._save(f"{name}.md", text.body.encode())
        self._save(f"{name}.html", page(text).encode())

    def _save(self, name: str, data: bytes) -> None:
        (self._folder() / name).write_bytes(data)
