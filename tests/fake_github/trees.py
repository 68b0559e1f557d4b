"""Trees: directories of a commit, listed and rewritten path by path."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tests.fake_github.objects import Objects

_DIRECTORY = "040000"
_FORBIDDEN = {"", ".", "..", ".git"}
_TYPES = {_DIRECTORY: "tree", "160000": "commit"}


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


def list_tree(
    objects: Objects, tree: str, *, recursive: bool = False, prefix: str = ""
) -> Iterator[TreeEntry]:
    """List a tree; recursively with its directories, each before what is in it."""
    for mode, name, sha in _lines(objects, tree):
        yield _entry(objects, mode, sha, prefix + name)
        if recursive and mode == _DIRECTORY:
            yield from list_tree(objects, sha, recursive=True, prefix=f"{prefix}{name}/")


def find_entry(objects: Objects, tree: str, path: str) -> TreeEntry | None:
    """Return what a tree has at a path."""
    first, slash, rest = path.partition("/")
    for mode, name, sha in _lines(objects, tree):
        if name == first and not slash:
            return _entry(objects, mode, sha, name)
        if name == first and mode == _DIRECTORY:
            found = find_entry(objects, sha, rest)
            return found and replace(found, path=f"{name}/{found.path}")
    return None


def _lines(objects: Objects, tree: str) -> Iterator[tuple[str, str, str]]:
    rest = objects.content(tree)
    while rest:
        head, _, rest = rest.partition(b"\0")
        mode, _, name = head.decode().partition(" ")
        sha, rest = rest[:20].hex(), rest[20:]
        yield mode.zfill(6), name, sha


def _entry(objects: Objects, mode: str, sha: str, path: str) -> TreeEntry:
    kind = _TYPES.get(mode, "blob")
    size = len(objects.content(sha)) if kind == "blob" else None
    return TreeEntry(mode, kind, sha, path, size)


def change_tree(objects: Objects, base: str | None, changes: Sequence[TreeChange]) -> str:
    """Make a tree from another one (None: from nothing); ValueError for impossible paths."""
    files = {path: (mode, sha) for path, mode, sha in _files(objects, base, "")}
    for change in changes:
        _apply(objects, files, change)
    return _write(objects, files)


def _files(objects: Objects, tree: str | None, prefix: str) -> Iterator[tuple[str, str, str]]:
    for mode, name, sha in _lines(objects, tree) if tree else ():
        path = prefix + name
        if mode == _DIRECTORY:
            yield from _files(objects, sha, f"{path}/")
        else:
            yield path, mode, sha


def _apply(objects: Objects, files: dict[str, tuple[str, str]], change: TreeChange) -> None:
    parts = change.path.split("/")
    parents = {"/".join(parts[:count]) for count in range(1, len(parts))}
    if _FORBIDDEN & {*parts} or (change.sha and parents & {*files}):
        raise ValueError(f"malformed path {change.path}")
    below = f"{change.path}/"
    for path in [path for path in files if path == change.path or path.startswith(below)]:
        del files[path]
    if change.sha and change.mode == _DIRECTORY:
        files |= {path: (mode, sha) for path, mode, sha in _files(objects, change.sha, below)}
    elif change.sha:
        files[change.path] = (change.mode, change.sha)


def _write(objects: Objects, files: Mapping[str, tuple[str, str]]) -> str:
    entries: dict[str, tuple[str, str]] = {}
    below: dict[str, dict[str, tuple[str, str]]] = {}
    for path, file in files.items():
        name, slash, rest = path.partition("/")
        if slash:
            below.setdefault(name, {})[rest] = file
        else:
            entries[name] = file
    entries |= {name: (_DIRECTORY, _write(objects, inner)) for name, inner in below.items()}
    return objects.write(
        "tree", b"".join(_line(*pair) for pair in sorted(entries.items(), key=_key))
    )


def _key(entry: tuple[str, tuple[str, str]]) -> bytes:
    """Order as Git does: directories as if their names ended in a slash."""
    name, (mode, _) = entry
    return name.encode() + (b"/" if mode == _DIRECTORY else b"")


def _line(name: str, file: tuple[str, str]) -> bytes:
    mode, sha = file
    return f"{mode.lstrip('0')} {name}\0".encode() + bytes.fromhex(sha)
