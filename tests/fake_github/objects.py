"""Git's objects as files, read and written in place: a process for each would take most of the
tests' time. The format is Git's own, so that shas are, too, and Git reads what is written here."""

import hashlib
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FULL_SHA = re.compile(r"[0-9a-f]{40}")
_SIGNATURE = re.compile(r"(?P<name>.*?) ?<(?P<email>[^>]*)> (?P<time>-?\d+) [+-]\d+")


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


class Objects:
    """The object database of one repository; objects never change, so each is read once."""

    def __init__(self, directory: Path, unpack: Callable[[Path], None]) -> None:
        """Use `objects` of a repository; `unpack` turns a pack, as a push brings it, into files."""
        self._directory = directory / "objects"
        self._unpack = unpack
        self._known: dict[str, tuple[str, bytes]] = {}
        self._commits: dict[str, Commit] = {}

    def find(self, sha: str) -> tuple[str, bytes] | None:
        """Return an object's type and content, or None when there is none."""
        if sha not in self._known and FULL_SHA.fullmatch(sha):
            stored = self._read(sha) or (self._unpack_all() and self._read(sha))
            if stored:
                self._known[sha] = stored
        return self._known.get(sha)

    def content(self, sha: str) -> bytes:
        """Return an object's content; KeyError when there is none."""
        self.find(sha)
        return self._known[sha][1]

    def write(self, kind: str, content: bytes) -> str:
        """Store an object and return its sha."""
        whole = b"%s %d\0%s" % (kind.encode(), len(content), content)
        sha = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        if self.find(sha) is None:
            path = self._path(sha)
            path.parent.mkdir(exist_ok=True)
            unfinished = path.with_suffix(".new")
            unfinished.write_bytes(zlib.compress(whole, 1))
            unfinished.rename(path)  # Git may be reading at the same time
            self._known[sha] = (kind, content)
        return sha

    def commit(self, sha: str) -> Commit:
        """Read a commit; KeyError when there is none."""
        if sha not in self._commits:
            self._commits[sha] = _commit(sha, self.content(sha).decode(errors="replace"))
        return self._commits[sha]

    def write_commit(
        self,
        tree: str,
        parents: Sequence[str],
        message: str,
        author: Signature,
        committer: Signature,
    ) -> str:
        """Store a commit and return its sha."""
        head = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        people = [f"author {_signature(author)}", f"committer {_signature(committer)}"]
        return self.write("commit", "\n".join([*head, *people, "", message]).encode())

    def _path(self, sha: str) -> Path:
        return self._directory / sha[:2] / sha[2:]

    def _read(self, sha: str) -> tuple[str, bytes] | None:
        try:
            whole = zlib.decompress(self._path(sha).read_bytes())
        except FileNotFoundError:
            return None
        head, _, content = whole.partition(b"\0")
        return head.split(b" ")[0].decode(), content

    def _unpack_all(self) -> bool:
        packs = list((self._directory / "pack").glob("*.pack"))
        for pack in packs:
            self._unpack(pack)
        return bool(packs)


def _signature(who: Signature) -> str:
    name, email = (re.sub(r"[<>\n]", "", text) for text in (who.name, who.email))
    return f"{name} <{email}> {int(who.date.timestamp())} +0000"


def _commit(sha: str, text: str) -> Commit:
    head, _, message = text.partition("\n\n")
    fields = [line.partition(" ") for line in head.split("\n")]
    values = {name: value for name, _, value in fields}
    return Commit(
        sha=sha,
        tree=values["tree"],
        parents=tuple(value for name, _, value in fields if name == "parent"),
        author=_parsed(values["author"]),
        committer=_parsed(values["committer"]),
        message=message.rstrip("\n"),
    )


def _parsed(text: str) -> Signature:
    found = _SIGNATURE.fullmatch(text)
    assert found, text
    return Signature(found["name"], found["email"], datetime.fromtimestamp(int(found["time"]), UTC))
