"""What is written without Git is what Git would have written, and the other way round."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fake_github.git import ABSENT, GitError, Repository, Signature, TreeChange

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
MARIA = Signature("María", "maria@example.org", NOON)
SAM = Signature("sam", "sam@example.org", NOON)


@pytest.fixture
def git(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "widgets.git", "main")


def tree(git: Repository, files: dict[str, str | None], base: str | None = None) -> str:
    """Write files as a tree."""
    changes = [
        TreeChange(path, None if text is None else git.write_blob(text.encode()))
        for path, text in files.items()
    ]
    return git.write_tree(base, changes)


def commit(git: Repository, files: dict[str, str | None], *parents: str) -> str:
    """Write files over those of the first parent as a commit."""
    return git.write_commit(
        tree(git, files, next(iter(parents), None)), parents, "Text", MARIA, SAM
    )


def test_git_finds_no_fault_with_what_was_written(git: Repository) -> None:
    # "a" sorts after "a.b" as a directory, before it as a file
    first = commit(git, {"a.b": "1", "a/c": "2", "a0": "3", "ä/deep/er": "4", "empty": ""})
    second = commit(git, {"a/c": None, "a": "now a file"}, first)
    git.update_ref("refs/heads/main", second, ABSENT)
    assert git.run("fsck", "--strict", "--no-dangling") == ""
    assert git.run("ls-tree", "-r", "--name-only", "-z", "main").split("\0")[:-1] == [
        "a",
        "a.b",
        "a0",
        "empty",
        "ä/deep/er",
    ]


def test_commit_has_the_sha_that_git_gives_it(git: Repository) -> None:
    first = commit(git, {"a": "1"})
    people = {
        f"GIT_{role}_{key}": value
        for role, who in (("AUTHOR", MARIA), ("COMMITTER", SAM))
        for key, value in (("NAME", who.name), ("EMAIL", who.email), ("DATE", "@1793534400 +0000"))
    }
    command = ["git", "-C", str(git.directory), "commit-tree", git.commit(first).tree]
    done = subprocess.run(command, input=b"Text", env=people, capture_output=True, check=True)
    assert done.stdout.decode().strip() == first


def test_commit_is_read_as_it_was_written(git: Repository) -> None:
    sha = commit(git, {"a": "1"})
    found = Repository(git.directory).commit(sha)
    assert (found.author, found.committer, found.message) == (MARIA, SAM, "Text")


def test_tree_lists_as_git_does(git: Repository) -> None:
    sha = tree(git, {"a/b/c": "1", "a/d": "22", "e": "333"})
    assert [(entry.type, entry.path, entry.size) for entry in git.entries(sha, recursive=True)] == [
        ("tree", "a", None),
        ("tree", "a/b", None),
        ("blob", "a/b/c", 1),
        ("blob", "a/d", 2),
        ("blob", "e", 3),
    ]
    found = git.entry(sha, "a/b/c")
    assert found is not None
    assert (found.path, found.mode) == ("a/b/c", "100644")
    assert git.entry(sha, "a/b/missing") is None
    assert git.entry(sha, "e/below") is None


@pytest.mark.parametrize("path", ["../up", "a//b", "/root", ".git/config", "file/below"])
def test_impossible_path_is_refused(git: Repository, path: str) -> None:
    base = tree(git, {"file": "1"})
    with pytest.raises(GitError, match="malformed path"):
        tree(git, {path: "2"}, base)


def test_removed_directory_leaves_nothing(git: Repository) -> None:
    base = tree(git, {"a/b": "1", "c": "2"})
    assert tree(git, {"a/b": None}, base) == tree(git, {"c": "2"})
    inner = tree(git, {"x": "1"})
    grafted = git.write_tree(base, [TreeChange("a", inner, "040000")])
    assert grafted == tree(git, {"a/x": "1", "c": "2"})


def test_pushed_pack_is_read(git: Repository, tmp_path: Path) -> None:
    first = commit(git, {"a": "1"})
    second = commit(git, {"b": "2"}, first)
    git.update_ref("refs/heads/main", second, ABSENT)
    git.run("repack", "-a", "-d", "-q")
    git.run("pack-refs", "--all")
    again = Repository(git.directory)
    assert again.refs() == {"refs/heads/main": second}
    assert again.files("main") == {"a": "1", "b": "2"}
    assert again.run("fsck", "--strict") == ""


@pytest.mark.parametrize(
    "revision",
    [
        "main",
        "refs/heads/main",
        "heads/main",
        "main^{commit}",
        "main^{tree}",
        "main:",
        "main:a",
        "main:a/b",
        "main:a/",
        "main:missing",
        "main~1",
        "v1",
        "HEAD",
        "missing",
        "-x",
    ],
)
def test_revision_is_resolved_as_by_git(git: Repository, revision: str) -> None:
    first = commit(git, {"a/b": "1"})
    git.update_ref("refs/heads/main", commit(git, {"c": "2"}, first), ABSENT)
    git.update_ref("refs/tags/v1", first, ABSENT)
    command = ["rev-parse", "--verify", "--quiet", "--end-of-options", revision]
    done = subprocess.run(
        ["git", "-C", str(git.directory), *command], capture_output=True, check=False
    )
    assert git.resolve(revision) == (done.stdout.decode().strip() or None)


def test_history_agrees_with_git(git: Repository) -> None:
    base = commit(git, {"a": "1"})
    left = commit(git, {"b": "2"}, base)
    right = commit(git, {"c": "3"}, base)
    merged = commit(git, {"c": "3"}, left, right)
    shas = (base, left, right, merged)
    for one in shas:
        for other in shas:
            between = git.run("rev-list", "--reverse", "--topo-order", f"{one}..{other}").split()
            assert [found.sha for found in git.between(one, other)] == between
            assert git.merge_base(one, other) == git.run("merge-base", one, other)
            assert git.is_ancestor(one, other) is (git.merge_base(one, other) == one)
    assert git.merge_base(base, commit(git, {"z": "unrelated"})) is None


def test_merge_takes_both_sides_or_conflicts(git: Repository) -> None:
    base = commit(git, {"a": "1\n2\n3\n4\n5\n"})
    left = commit(git, {"a": "one\n2\n3\n4\n5\n"}, base)
    right = commit(git, {"a": "1\n2\n3\n4\nfive\n"}, base)
    merged = git.merged_tree(left, right)
    assert merged == tree(git, {"a": "one\n2\n3\n4\nfive\n"})
    assert git.merged_tree(base, left) == git.commit(left).tree
    assert git.merged_tree(left, base) == git.commit(left).tree
    assert git.merged_tree(left, commit(git, {"a": "uno\n2\n3\n4\n5\n"}, base)) is None


def test_diff_has_counts_and_patches_by_file(git: Repository) -> None:
    old = commit(git, {"a": "1\n2\n", "gone": "x\n", "same": "s\n"})
    new = commit(git, {"a": "1\ndiff --git a/x b/x\n", "gone": None, "bin": "\0", "new": ""}, old)
    found = {change.path: change for change in git.diff(old, new)}
    shown = {path: (one.status, one.additions, one.deletions) for path, one in found.items()}
    assert shown == {
        "a": ("modified", 1, 1),
        "bin": ("added", 0, 0),
        "gone": ("removed", 0, 1),
        "new": ("added", 0, 0),
    }
    assert found["a"].patch == "@@ -1,2 +1,2 @@\n 1\n-2\n+diff --git a/x b/x"
    assert found["gone"].sha is None
    assert git.diff(old, old) == []
