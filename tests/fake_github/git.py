"""A bare Git repository through plumbing commands, so that shas, merges and diffs are Git's own."""

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

ABSENT = "0" * 40
FULL_SHA = re.compile(r"[0-9a-f]{40}")

# Neither the user's nor the system's settings (signing, hooks, default branch) may change a test.
_ISOLATION = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_LOG_FORMAT = "%x1e%H%x1f%T%x1f%P%x1f%an%x1f%ae%x1f%at%x1f%cn%x1f%ce%x1f%ct%x1f%B"


class GitError(Exception):
    """Git refused; the message is what it printed."""


@dataclass(frozen=True)
class Signature:
    """Who wrote or committed, and when."""

    name: str
    email: str
    date: datetime


@dataclass(frozen=True)
class Commit:
    """One commit as it is stored."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str


@dataclass(frozen=True)
class TreeEntry:
    """One line of a tree; `size` is None for directories."""

    mode: str
    type: str
    sha: str
    path: str
    size: int | None


@dataclass(frozen=True)
class TreeChange:
    """What happens to one path of a tree; without a sha the path is removed."""

    path: str
    sha: str | None
    mode: str = "100644"


@dataclass(frozen=True)
class FileChange:
    """One file of a diff; added and deleted lines are 0 for binary files."""

    path: str
    status: str
    sha: str | None
    additions: int
    deletions: int
    patch: str


class Repository:
    """The commands that the fake needs of one bare repository."""

    def __init__(self, directory: Path) -> None:
        """Use the repository at `directory`, made by `create`."""
        self.directory = directory
        self._commits: dict[str, Commit] = {}
        self._types: dict[str, str] = {}
        self._diffs: dict[tuple[str, str], list[FileChange]] = {}
        self._refs: dict[str, str] | None = None

    @classmethod
    def create(cls, directory: Path, default_branch: str) -> "Repository":
        """Initialise a bare repository."""
        command = ["git", "init", "--quiet", "--bare", f"--initial-branch={default_branch}"]
        subprocess.run([*command, str(directory)], check=True, env={**os.environ, **_ISOLATION})
        return cls(directory)

    @cached_property
    def _environment(self) -> dict[str, str]:
        # Started from a Git hook, GIT_DIR and GIT_INDEX_FILE would point at another repository.
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        return {**inherited, **_ISOLATION, "GIT_DIR": str(self.directory)}

    def _start(
        self, arguments: Sequence[str], stdin: bytes, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["git", *arguments],
            input=stdin,
            capture_output=True,
            env={**self._environment, **environment},
            check=False,
        )

    def raw(
        self, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None
    ) -> bytes:
        """Run a command and return its output; GitError when it fails."""
        done = self._start(arguments, stdin, environment or {})
        if done.returncode:
            raise GitError(f"git {' '.join(arguments)}: {done.stderr.decode().strip()}")
        return done.stdout

    def run(
        self, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None
    ) -> str:
        """Like `raw`, as text without the last line break."""
        return self.raw(*arguments, stdin=stdin, environment=environment).decode().rstrip("\n")

    # Refs

    def refs(self, prefix: str = "refs/heads/") -> dict[str, str]:
        """Full ref name -> sha of all refs that start with `prefix`."""
        if self._refs is None:
            lines = self.run("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
            self._refs = {name: sha for name, _, sha in (line.partition(" ") for line in lines)}
        return {name: sha for name, sha in self._refs.items() if name.startswith(prefix)}

    def forget_refs(self) -> None:
        """Read the refs again next time: somebody else may have moved them."""
        self._refs = None

    def update_ref(self, name: str, new: str, old: str) -> None:
        """Move, create (`old` is ABSENT) or delete (`new` is ABSENT) a ref."""
        self.forget_refs()
        self.run("update-ref", name, new, old)

    def is_ref_name(self, name: str) -> bool:
        """Whether Git allows this full ref name."""
        return not self._start(["check-ref-format", name], b"", {}).returncode

    # Objects

    def object_type(self, sha: str) -> str | None:
        """Return commit, tree, blob or tag; None when there is no such object."""
        if sha not in self._types and FULL_SHA.fullmatch(sha):
            done = self._start(["cat-file", "-t", sha], b"", {})
            if not done.returncode:
                self._types[sha] = done.stdout.decode().strip()
        return self._types.get(sha)

    def resolve(self, revision: str) -> str | None:
        """Return the sha of a revision such as `main`, `main:path` or a short sha."""
        done = self._start(
            ["rev-parse", "--verify", "--quiet", "--end-of-options", revision], b"", {}
        )
        return None if done.returncode else done.stdout.decode().strip()

    def write_blob(self, content: bytes) -> str:
        """Store a file's content."""
        return self.run("hash-object", "-w", "--stdin", stdin=content)

    def read_blob(self, sha: str) -> bytes:
        """Read a file's content."""
        return self.raw("cat-file", "blob", sha)

    def entries(self, tree: str, *, recursive: bool = False) -> list[TreeEntry]:
        """List a tree (or a commit's tree); recursively with its directories, as GitHub does."""
        flags = ["-r", "-t"] if recursive else []
        lines = self.run("ls-tree", "-z", "--long", *flags, tree).split("\0")
        return [_entry(line) for line in lines if line]

    def files(self, revision: str) -> dict[str, str]:
        """Path -> text of every file of a revision."""
        blobs = [entry for entry in self.entries(revision, recursive=True) if entry.type == "blob"]
        return {blob.path: self.read_blob(blob.sha).decode(errors="replace") for blob in blobs}

    def write_tree(self, base: str | None, changes: Sequence[TreeChange]) -> str:
        """Make a tree from another one (None: from nothing) and changes to its paths."""
        with tempfile.TemporaryDirectory() as directory:
            index = {"GIT_INDEX_FILE": str(Path(directory) / "index")}
            if base:
                self.run("read-tree", base, environment=index)
            lines = "".join(_index_line(change) for change in changes if change.mode != "040000")
            self.run("update-index", "--index-info", stdin=lines.encode(), environment=index)
            for change in changes:
                if change.mode == "040000" and change.sha:
                    self.run("read-tree", f"--prefix={change.path}/", change.sha, environment=index)
            return self.run("write-tree", environment=index)

    def write_commit(
        self,
        tree: str,
        parents: Sequence[str],
        message: str,
        author: Signature,
        committer: Signature,
    ) -> str:
        """Store a commit; no ref moves."""
        flags = [flag for parent in parents for flag in ("-p", parent)]
        environment = {**_identity("AUTHOR", author), **_identity("COMMITTER", committer)}
        return self.run(
            "commit-tree", tree, *flags, stdin=message.encode(), environment=environment
        )

    # History

    def commit(self, sha: str) -> Commit:
        """Read one commit."""
        if sha not in self._commits:
            self._commits[sha] = self.log("--no-walk", sha)[0]
        return self._commits[sha]

    def log(self, *arguments: str) -> list[Commit]:
        """Read commits, newest first unless the arguments say otherwise."""
        text = self.run("log", f"--format={_LOG_FORMAT}", *arguments)
        return [_commit(record) for record in text.split("\x1e") if record]

    def between(self, base: str, head: str) -> list[Commit]:
        """List the commits that one sha has and the other lacks, oldest first."""
        return self.log("--reverse", "--topo-order", f"{base}..{head}")

    def is_ancestor(self, old: str, new: str) -> bool:
        """Whether moving a ref from `old` to `new` is a fast-forward."""
        return not self._start(["merge-base", "--is-ancestor", old, new], b"", {}).returncode

    def merge_base(self, one: str, other: str) -> str | None:
        """Return the best common ancestor, if any."""
        done = self._start(["merge-base", one, other], b"", {})
        return None if done.returncode else done.stdout.decode().strip()

    def merged_tree(self, base: str, head: str) -> str | None:
        """Merge two commits three-way; None when they conflict."""
        done = self._start(["merge-tree", "--write-tree", base, head], b"", {})
        if done.returncode > 1:
            raise GitError(done.stderr.decode())
        return None if done.returncode else done.stdout.decode().strip()

    def diff(self, old: str, new: str) -> list[FileChange]:
        """List the files that differ between two commits or trees, by their shas."""
        if (old, new) not in self._diffs:
            self._diffs[old, new] = self._file_changes(old, new)
        return self._diffs[old, new]

    def _file_changes(self, old: str, new: str) -> list[FileChange]:
        options = ["--no-renames", "--abbrev=40", "-z"]
        raw = self.run("diff", "--raw", *options, old, new).split("\0")
        counts = self.run("diff", "--numstat", *options, old, new).split("\0")
        lines = {
            path: (added, deleted) for added, deleted, path in map(_numstat, filter(None, counts))
        }
        return [
            self._file_change(old, new, status, path, lines[path])
            for status, path in zip(raw[0:-1:2], raw[1::2], strict=False)
        ]

    def _file_change(
        self, old: str, new: str, raw: str, path: str, lines: tuple[int, int]
    ) -> FileChange:
        *_, sha, letter = raw.split(" ")
        status = {"A": "added", "D": "removed"}.get(letter, "modified")
        patch = self.run("diff", old, new, "--", path)
        return FileChange(
            path=path,
            status=status,
            sha=None if sha == ABSENT else sha,
            additions=lines[0],
            deletions=lines[1],
            patch=patch[max(patch.find("@@"), 0) :],
        )


def _entry(line: str) -> TreeEntry:
    facts, path = line.split("\t", 1)
    mode, kind, sha, size = facts.split()
    return TreeEntry(mode, kind, sha, path, None if size == "-" else int(size))


def _index_line(change: TreeChange) -> str:
    mode = change.mode if change.sha else "0"
    return f"{mode} {change.sha or ABSENT}\t{change.path}\n"


def _identity(role: str, who: Signature) -> dict[str, str]:
    return {
        f"GIT_{role}_NAME": who.name,
        f"GIT_{role}_EMAIL": who.email,
        f"GIT_{role}_DATE": f"@{int(who.date.timestamp())} +0000",
    }


def _commit(record: str) -> Commit:
    sha, tree, parents, an, ae, at, cn, ce, ct, message = record.split("\x1f", 9)
    return Commit(
        sha=sha,
        tree=tree,
        parents=tuple(parents.split()),
        author=Signature(an, ae, datetime.fromtimestamp(int(at), UTC)),
        committer=Signature(cn, ce, datetime.fromtimestamp(int(ct), UTC)),
        message=message.rstrip("\n"),
    )


def _numstat(line: str) -> tuple[int, int, str]:
    added, deleted, path = line.split("\t", 2)
    return (0, 0, path) if added == "-" else (int(added), int(deleted), path)
