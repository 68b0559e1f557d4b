"""Git's plumbing: bytes go through unchanged, and what git refuses is told in one line."""

from pathlib import Path

import pytest

from bot.forge.git import BOT_ADDRESS, Git, GitError

TEXTS = {
    "crlf": "a: 1\r\nb: 2\r\n",
    "mixed line ends": "a: 1\r\nb: 2\nc: 3\r",
    "byte order mark": "\ufeffa: 1\n",
    "no final line break": "a: 1",
    "many final line breaks": "a: 1\n\n\n",
    "empty": "",
    "umlauts and emoji": "ä: 🌍\u2028\n",
    "nul": "a\0b\n",
}


@pytest.fixture
def git(tmp_path: Path) -> Git:
    directory = tmp_path / "repository"
    directory.mkdir()
    git = Git(directory)
    git.run("init", "--quiet", "--initial-branch=main")
    return git


def commit(git: Git, files: dict[str, str], *parents: str, message: str = "Edit") -> str:
    tree = git.run("rev-parse", f"{parents[0]}^{{tree}}") if parents else git.run("mktree", text="")
    return git.commit(base_tree=tree, parents=list(parents), files=files, message=message)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("autocrlf", ["true", "input", "false"])
def test_a_file_is_kept_to_the_byte(git: Git, text: str, autocrlf: str) -> None:
    git.run("config", "core.autocrlf", autocrlf)
    sha = commit(git, {"config/models.yaml": text})
    assert git.run_raw("cat-file", "blob", f"{sha}:config/models.yaml") == text.encode()


def test_a_commit_changes_its_files_and_nothing_else(git: Git) -> None:
    first = commit(git, {"a.txt": "a\n", "b/c.txt": "c\n"})
    second = commit(git, {"b/c.txt": "changed\n"}, first, message="Change c\n\nWith a reason.")
    assert git.run("diff", "--name-status", first, second) == "M\tb/c.txt"
    assert git.run("rev-parse", f"{second}^") == first
    assert git.run("log", "-1", "--format=%B", second) == "Change c\n\nWith a reason."


def test_a_commit_is_the_bots_whoever_is_configured(git: Git) -> None:
    git.run("config", "user.email", "maria@example.org")
    sha = commit(git, {"a.txt": "a\n"})
    assert git.run("log", "-1", "--format=%ae %ce", sha) == f"{BOT_ADDRESS} {BOT_ADDRESS}"


def test_neither_work_tree_nor_index_nor_branches_are_touched(git: Git) -> None:
    (git.directory / "a.txt").write_text("mine\n")
    git.run("add", "a.txt")
    before = git.run("status", "--porcelain")
    commit(git, {"a.txt": "other\n"})
    assert git.run("status", "--porcelain") == before
    assert (git.directory / "a.txt").read_text() == "mine\n"
    assert git.run("for-each-ref") == ""


def test_two_parents_are_kept_in_their_order(git: Git) -> None:
    base = commit(git, {"a.txt": "a\n"})
    left, right = commit(git, {"a.txt": "l\n"}, base), commit(git, {"a.txt": "r\n"}, base)
    merge = commit(git, {"a.txt": "m\n"}, left, right)
    assert git.run("log", "-1", "--format=%P", merge) == f"{left} {right}"


def test_a_hooks_variables_do_not_lead_elsewhere(
    git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    Git(other).run("init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    assert git.run("rev-parse", "--show-toplevel") == str(git.directory.resolve())


def test_a_refusal_is_gits_own_reason_on_one_line(git: Git, tmp_path: Path) -> None:
    with pytest.raises(GitError) as refused:
        git.run("rev-parse", "HEAD")
    assert str(refused.value).startswith("ambiguous argument 'HEAD'")
    assert "\n" not in str(refused.value)
    with pytest.raises(GitError, match=r"^not a git repository"):
        Git(tmp_path).run("rev-parse", "HEAD")
    assert not git.succeeds("rev-parse", "HEAD")


def test_a_refusal_without_a_word_names_the_command(git: Git) -> None:
    with pytest.raises(GitError, match=r"^git rev-parse failed$"):
        git.run("rev-parse", "--verify", "--quiet", "refs/heads/none")


def test_without_git_it_says_so(git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(git.directory))
    with pytest.raises(GitError, match="git is not installed"):
        git.run("version")
