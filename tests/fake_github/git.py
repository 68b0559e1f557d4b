"""A bare Git repository: refs, merges and diffs are made by Git, simple reading goes without it."""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.fake_github.objects import FULL_SHA, Commit, Objects, Signature
from tests.fake_github.trees import TreeChange, TreeEntry, change_tree, find_entry, list_tree

__all__ = ["ABSENT", "Commit", "FileChange", "GitError", "Repository"]
__all__ += ["Signature", "TreeChange", "TreeEntry"]

ABSENT = "0" * 40

# Neither the user's nor the system's settings (signing, hooks, default branch) may change a test.
_ISOLATION = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
# Names that are surely fine; Git is asked about all others.
_PLAIN_REF = re.compile(r"refs/(?:heads|tags)/[\w-]+(?:/[\w-]+)*", re.ASCII)
_REVISION = re.compile(r"(?P<name>[\w./-]+?)(?:\^\{(?P<kind>commit|tree)\}|:(?P<path>[^:]*))?")


class GitError(Exception):
    """Git refused; the message is what it printed."""


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
        self.objects = Objects(directory, self._unpack)
        self._diffs: dict[tuple[str, str], list[FileChange]] = {}
        self._merges: dict[tuple[str, str], str | None] = {}
        self._between: dict[tuple[str | None, str], list[Commit]] = {}
        self._refs: dict[str, str] | None = None

    @classmethod
    def create(cls, directory: Path, default_branch: str) -> "Repository":
        """Initialise a bare repository."""
        command = ["git", "init", "--quiet", "--bare", "--template="]
        command += [f"--initial-branch={default_branch}", str(directory)]
        subprocess.run(command, check=True, env={**os.environ, **_ISOLATION})
        return cls(directory)

    @cached_property
    def _environment(self) -> dict[str, str]:
        # Started from a Git hook, GIT_DIR and GIT_INDEX_FILE would point at another repository.
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        return {**inherited, **_ISOLATION, "GIT_DIR": str(self.directory)}

    def _start(
        self, arguments: Sequence[str], stdin: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["git", *arguments],
            input=stdin,
            capture_output=True,
            env=self._environment,
            check=False,
        )

    def raw(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Run a command and return its output; GitError when it fails."""
        done = self._start(arguments, stdin)
        if done.returncode:
            raise GitError(f"git {' '.join(arguments)}: {done.stderr.decode().strip()}")
        return done.stdout

    def run(self, *arguments: str) -> str:
        """Like `raw`, as text without the last line break."""
        return self.raw(*arguments).decode().rstrip("\n")

    def _unpack(self, pack: Path) -> None:
        # Git takes out of a pack only what it does not find, so the pack has to go first.
        content = pack.read_bytes()
        for file in pack.parent.glob(f"{pack.stem}.*"):
            file.unlink()
        self.raw("unpack-objects", "-q", stdin=content)

    # Refs

    def refs(self, prefix: str = "refs/heads/") -> dict[str, str]:
        """Full ref name -> sha of all refs that start with `prefix`."""
        if self._refs is None:
            self._refs = dict(sorted({**self._packed_refs(), **self._loose_refs()}.items()))
        return {name: sha for name, sha in self._refs.items() if name.startswith(prefix)}

    def _packed_refs(self) -> dict[str, str]:
        try:
            lines = (self.directory / "packed-refs").read_text().splitlines()
        except FileNotFoundError:
            return {}
        pairs = (line.split(" ") for line in lines if line[0] not in "#^")
        return {name: sha for sha, name in pairs}

    def _loose_refs(self) -> dict[str, str]:
        found = {}
        for directory, _, names in os.walk(self.directory / "refs"):
            for name in names:
                path = Path(directory, name)
                with suppress(FileNotFoundError):  # a lock, or deleted right now
                    found[path.relative_to(self.directory).as_posix()] = path.read_text().strip()
        return {name: sha for name, sha in found.items() if FULL_SHA.fullmatch(sha)}

    def forget_refs(self) -> None:
        """Read the refs again next time: somebody else may have moved them."""
        self._refs = None

    def update_ref(self, name: str, new: str, old: str) -> None:
        """Move, create (`old` is ABSENT) or delete (`new` is ABSENT) a ref."""
        self.forget_refs()
        self.run("update-ref", name, new, old)

    def is_ref_name(self, name: str) -> bool:
        """Whether Git allows this full ref name."""
        plain = _PLAIN_REF.fullmatch(name)
        return bool(plain) or not self._start(["check-ref-format", name]).returncode

    # Objects

    def object_type(self, sha: str) -> str | None:
        """Return commit, tree, blob or tag; None when there is no such object."""
        found = self.objects.find(sha)
        return found[0] if found else None

    def resolve(self, revision: str) -> str | None:
        """Return the sha of a revision such as `main`, `main:path` or a short sha."""
        simple = _REVISION.fullmatch(revision)
        sha = self._named(simple["name"]) if simple else None
        if simple is None or sha is None or self.object_type(sha) not in ("commit", "tree"):
            done = self._start(["rev-parse", "--verify", "--quiet", "--end-of-options", revision])
            return None if done.returncode else done.stdout.decode().strip()
        if simple["path"]:
            entry = find_entry(self.objects, self._root(sha), simple["path"].rstrip("/"))
            return entry.sha if entry else None
        wants_tree = simple["kind"] == "tree" or simple["path"] == ""
        if simple["kind"] == "commit" and self.object_type(sha) == "tree":
            return None
        return self._root(sha) if wants_tree else sha

    def _named(self, name: str) -> str | None:
        if self.object_type(name):
            return name
        refs = self.refs("")
        candidates = (name, f"refs/{name}", f"refs/tags/{name}", f"refs/heads/{name}")
        return next((refs[one] for one in candidates if one in refs), None)

    def _root(self, sha: str) -> str:
        return self.commit(sha).tree if self.object_type(sha) == "commit" else sha

    def write_blob(self, content: bytes) -> str:
        """Store a file's content."""
        return self.objects.write("blob", content)

    def read_blob(self, sha: str) -> bytes:
        """Read a file's content."""
        return self.objects.content(sha)

    def entries(self, tree: str, *, recursive: bool = False) -> list[TreeEntry]:
        """List a tree (or a commit's tree); recursively with its directories, as GitHub does."""
        return list(list_tree(self.objects, self._tree(tree), recursive=recursive))

    def entry(self, tree: str, path: str) -> TreeEntry | None:
        """Return what a tree (or a commit's tree) has at a path."""
        return find_entry(self.objects, self._tree(tree), path)

    def _tree(self, revision: str) -> str:
        sha = self.resolve(revision)
        if sha is None:
            raise GitError(f"{revision}: no such tree")
        return self._root(sha)

    def files(self, revision: str) -> dict[str, str]:
        """Path -> text of every file of a revision."""
        blobs = [entry for entry in self.entries(revision, recursive=True) if entry.type == "blob"]
        return {blob.path: self.read_blob(blob.sha).decode(errors="replace") for blob in blobs}

    def write_tree(self, base: str | None, changes: Sequence[TreeChange]) -> str:
        """Make a tree from another one (None: from nothing) and changes to its paths."""
        try:
            return change_tree(self.objects, base and self._tree(base), changes)
        except ValueError as error:
            raise GitError(str(error)) from error

    def write_commit(
        self,
        tree: str,
        parents: Sequence[str],
        message: str,
        author: Signature,
        committer: Signature,
    ) -> str:
        """Store a commit; no ref moves."""
        return self.objects.write_commit(tree, parents, message, author, committer)

    # History

    def commit(self, sha: str) -> Commit:
        """Read one commit."""
        return self.objects.commit(sha)

    def log(self, *arguments: str) -> list[Commit]:
        """Read commits, newest first unless the arguments say otherwise."""
        return [self.commit(sha) for sha in self.run("log", "--format=%H", *arguments).split()]

    def between(self, base: str | None, head: str) -> list[Commit]:
        """List the commits that one sha has and the other (None) lacks, oldest first."""
        if (base, head) not in self._between:
            self._between[base, head] = self._commits_between(base, head)
        return self._between[base, head]

    def _commits_between(self, base: str | None, head: str) -> list[Commit]:
        known = self.ancestors(base) if base else {}
        missing = [sha for sha in self.ancestors(head) if sha not in known]
        if any(len(self.commit(sha).parents) > 1 for sha in missing):
            span = f"{base}..{head}" if base else head
            return self.log("--reverse", "--topo-order", span)
        return [self.commit(sha) for sha in reversed(missing)]  # without merges it is a chain

    def ancestors(self, sha: str) -> dict[str, None]:
        """Return the shas that can be reached, itself first; dict for its order."""
        found: dict[str, None] = {}
        waiting = [sha]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found[one] = None
                waiting.extend(self.commit(one).parents)
        return found

    def is_ancestor(self, old: str, new: str) -> bool:
        """Whether moving a ref from `old` to `new` is a fast-forward."""
        return old in self.ancestors(new)

    def merge_base(self, one: str, other: str) -> str | None:
        """Return the best common ancestor, if any."""
        known = self.ancestors(other)
        for sha in self._chain(one):
            if sha in known:
                return sha
        done = self._start(["merge-base", one, other])
        return None if done.returncode else done.stdout.decode().strip()

    def _chain(self, sha: str) -> Iterator[str]:
        """Go back in time as long as there is only one way."""
        parents: tuple[str, ...] = (sha,)
        while len(parents) == 1:
            yield parents[0]
            parents = self.commit(parents[0]).parents

    def merged_tree(self, base: str, head: str) -> str | None:
        """Merge two commits three-way; None when they conflict."""
        if self.is_ancestor(base, head):
            return self.commit(head).tree
        if (base, head) not in self._merges:
            done = self._start(["merge-tree", "--write-tree", base, head])
            if done.returncode > 1:
                raise GitError(done.stderr.decode())
            self._merges[base, head] = None if done.returncode else done.stdout.decode().strip()
        return self._merges[base, head]

    def diff(self, old: str, new: str) -> list[FileChange]:
        """List the files that differ between two commits or trees, by their shas."""
        if (old, new) not in self._diffs:
            self._diffs[old, new] = self._file_changes(old, new)
        return self._diffs[old, new]

    def _file_changes(self, old: str, new: str) -> list[FileChange]:
        options = ["--raw", "--numstat", "-p", "-z", "--no-renames", "--abbrev=40"]
        facts, _, patches = self.run("diff", *options, old, new).partition("\0\0")
        # Facts are, each ended by a NUL: ":modes shas letter" and path of every file, then counts.
        fields = facts.split("\0") if facts else []
        raw = [field for field in fields if field.startswith(":")]
        counts = fields[2 * len(raw) :]
        parts = re.split(r"^(?=diff --git )", patches, flags=re.MULTILINE)[1:]
        return [_file_change(*found) for found in zip(raw, counts, parts, strict=True)]


def _file_change(raw: str, counts: str, patch: str) -> FileChange:
    *_, sha, letter = raw.split(" ")
    added, deleted, path = counts.split("\t", 2)
    return FileChange(
        path=path,
        status={"A": "added", "D": "removed"}.get(letter, "modified"),
        sha=None if sha == ABSENT else sha,
        additions=0 if added == "-" else int(added),
        deletions=0 if deleted == "-" else int(deleted),
        patch=patch[max(patch.find("@@"), 0) :].rstrip("\n"),
    )
