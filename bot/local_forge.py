"""A forge on this machine: real branches and commits in a git repository, bodies as files.

What `./run demo` proposes to, and what a dry run without a token reads the checkout through.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from bot.forge import Branch, Commit, File, ForgeError, PullRequest, Repository
from bot.git import Git, GitError
from bot.render_html import page


@dataclass(frozen=True, slots=True)
class LocalForge:
    """Pull requests of `git` kept in `folder` as JSON, Markdown and HTML; None: read only."""

    git: Git
    folder: Path | None = None

    def read(
        self, models_file: str, base_branch: str | None, branches: Sequence[str]
    ) -> Repository:
        """The state of the repository; `HEAD` is the base where none is named."""
        base = base_branch or self._head()
        try:
            text = self._text(f"{base}:{models_file}")
        except GitError as error:
            raise ForgeError(f"{models_file} is not committed on {base}: {error}") from error
        return Repository(
            name=self.git.directory.name,
            base_branch=base,
            base_sha=self.git.run("rev-parse", f"{base}^{{commit}}"),
            base_tree=self.git.run("rev-parse", f"{base}^{{tree}}"),
            models_file=File(models_file, text),
            branches={b.name: b for name in branches if (b := self._branch(name, models_file))},
            pull_requests=tuple(
                replace(pull, commits=self._commits(base, pull.branch)) for pull in self._pulls()
            ),
        )

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
        self._update_ref(name, sha, before="0" * len(sha))

    def fast_forward(self, name: str, sha: str) -> None:
        """Moves the reference, if the new commit descends from it."""
        self._folder()
        before = self.git.run("rev-parse", f"refs/heads/{name}")
        if not self.git.succeeds("merge-base", "--is-ancestor", before, sha):
            raise ForgeError(f"{name}: {sha[:9]} does not descend from {before[:9]}")
        self._update_ref(name, sha, before=before)

    def delete_branch(self, name: str) -> None:
        """Removes the reference."""
        self._folder()
        self.git.run("update-ref", "-d", f"refs/heads/{name}")

    def open_pull_request(self, *, branch: str, base: str, title: str, body: str) -> PullRequest:
        """A draft, written to `<number>-<branch>.md` and `.html`."""
        pulls = self._pulls()
        if any(pull.branch == branch and pull.state == "open" for pull in pulls):
            raise ForgeError(f"a pull request already exists for {branch}")
        number = len(pulls) + 1
        opened = PullRequest(
            number=number,
            url=(self._folder() / f"{number}-{branch.rpartition('/')[2]}.html").as_uri(),
            branch=branch,
            state="open",
            draft=True,
            title=title,
            body=body,
        )
        self._write([opened, *pulls])
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
        given = {"title": title, "body": body, "state": state}
        changes = {name: value for name, value in given.items() if value is not None}
        self._write(
            [replace(p, **changes) if p.number == number else p for p in self._pulls()]  # type: ignore[arg-type]  # each value has its field's type
        )

    def _head(self) -> str:
        try:
            sha = self.git.run("rev-parse", "--verify", "HEAD")
            name = self.git.run("rev-parse", "--abbrev-ref", "HEAD")
        except GitError as error:
            raise ForgeError(
                f"{self.git.directory}: {error}; run this in a git repository with a commit"
            ) from error
        return sha if name == "HEAD" else name

    def _text(self, spec: str) -> str:
        try:
            return self.git.run_raw("cat-file", "blob", spec).decode()
        except UnicodeDecodeError as error:
            raise ForgeError(f"{spec} is not UTF-8 text: {error}") from error

    def _branch(self, name: str, models_file: str) -> Branch | None:
        if not self.git.succeeds("rev-parse", "--verify", "--quiet", f"refs/heads/{name}"):
            return None
        spec = f"refs/heads/{name}:{models_file}"
        has_file = self.git.succeeds("cat-file", "-e", spec)
        head = self._log("-1", f"refs/heads/{name}")[0]
        return Branch(name, head, self._text(spec) if has_file else None)

    def _commits(self, base: str, branch: str) -> tuple[Commit, ...]:
        exists = self.git.succeeds("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}")
        return tuple(self._log(f"{base}..refs/heads/{branch}")) if exists else ()

    def _log(self, *what: str) -> list[Commit]:
        entries = self.git.run("log", "-z", "--format=%H%x1f%ae%x1f%ce%x1f%B", *what).split("\0")
        split = (entry.split("\x1f", 3) for entry in entries if entry)
        return [Commit(sha, message, author, by) for sha, author, by, message in split]

    def _update_ref(self, name: str, sha: str, *, before: str) -> None:
        try:
            self.git.run("update-ref", f"refs/heads/{name}", sha, before)
        except GitError as error:
            raise ForgeError(f"{name}: {error}") from error

    def _folder(self) -> Path:
        """Where pull requests are kept; every write asks for it first."""
        if self.folder is None:
            raise ForgeError("this forge is read only")
        return self.folder

    def _pulls(self) -> list[PullRequest]:
        """Newest first."""
        path = self.folder / "pulls.json" if self.folder else None
        if path is None or not path.exists():
            return []
        return [PullRequest(**item) for item in json.loads(path.read_text(encoding="utf-8"))]

    def _write(self, pulls: Sequence[PullRequest]) -> None:
        folder = self._folder()
        folder.mkdir(parents=True, exist_ok=True)
        for pull in pulls:
            name = f"{pull.number}-{pull.branch.rpartition('/')[2]}"
            (folder / f"{name}.md").write_text(pull.body, encoding="utf-8")
            (folder / f"{name}.html").write_text(page(pull), encoding="utf-8")
        items = [{**asdict(pull), "commits": ()} for pull in pulls]
        (folder / "pulls.json").write_text(json.dumps(items, indent=2), encoding="utf-8")
