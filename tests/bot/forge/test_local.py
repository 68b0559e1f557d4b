"""The forge on this machine keeps the port's promises with a real git repository."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.forge.git import BOT_ADDRESS, Git
from bot.forge.local import LocalForge
from bot.forge.port import ForgeError, PullRequest
from model_intelligence.errors import ModelIntelligenceError

MODELS = "config/models.yaml"
BRANCH = "model-bot/builder"
BODY = "**Replace** `a`\n\n| a |\n|---|\n| b |\n"


@pytest.fixture
def forge(tmp_path: Path) -> LocalForge:
    """A bare repository with one commit on `main`, and a folder for pull requests."""
    directory = tmp_path / "repository"
    directory.mkdir()
    git = Git(directory)
    git.run("init", "--quiet", "--bare", "--initial-branch=main")
    base = edit(git, {MODELS: "m: old\n", "README.md": "# Read me\n"})
    git.run("update-ref", "refs/heads/main", base)
    return LocalForge(git, tmp_path / "pulls")


def edit(git: Git, files: dict[str, str], *parents: str, message: str = "Edit") -> str:
    tree = git.run("rev-parse", f"{parents[0]}^{{tree}}") if parents else git.run("mktree", text="")
    return git.commit(base_tree=tree, parents=list(parents), files=files, message=message)


def base_of(forge: LocalForge) -> str:
    return forge.git.run("rev-parse", "main")


def commit(forge: LocalForge, text: str = "m: new\n", *parents: str) -> str:
    parents = parents or (base_of(forge),)
    tree = forge.git.run("rev-parse", f"{parents[0]}^{{tree}}")
    return forge.commit(base_tree=tree, parents=parents, files={MODELS: text}, message="Use new")


def opened(forge: LocalForge, branch: str = BRANCH) -> PullRequest:
    return forge.open_pull_request(branch=branch, base="main", title="Use new", body=BODY)


def test_an_untouched_repository_is_its_base_alone(forge: LocalForge) -> None:
    seen = forge.read([MODELS], None, {BRANCH: MODELS})
    assert (seen.name, seen.base_branch, seen.base_sha) == ("repository", "main", base_of(forge))
    assert seen.base_tree == forge.git.run("rev-parse", "main^{tree}")
    assert seen.files == {MODELS: "m: old\n"}
    assert dict(seen.branches) == {}
    assert seen.pull_requests == ()


def test_another_base_is_read_where_one_is_named(forge: LocalForge) -> None:
    sha = edit(forge.git, {MODELS: "m: next\n"}, base_of(forge))
    forge.git.run("update-ref", "refs/heads/next", sha)
    seen = forge.read([MODELS], "next", {})
    assert (seen.base_branch, seen.base_sha) == ("next", sha)
    assert seen.files[MODELS] == "m: next\n"


def test_a_detached_head_is_its_own_base(forge: LocalForge) -> None:
    sha = base_of(forge)
    forge.git.run("update-ref", "--no-deref", "HEAD", sha)
    assert forge.read([MODELS], None, {}).base_branch == sha


@pytest.mark.parametrize(
    "text", ["m: old\r\n", "\ufeffm: old\n", "m: old", "m: old\n\n", "# ü\nm: old\r\n# end"]
)
def test_the_file_is_read_to_the_byte(forge: LocalForge, text: str) -> None:
    forge.git.run("update-ref", "refs/heads/main", edit(forge.git, {MODELS: text}))
    forge.create_branch(BRANCH, commit(forge, text.replace("old", "new")))
    seen = forge.read([MODELS], "main", {BRANCH: MODELS})
    assert seen.files[MODELS] == text
    assert seen.branches[BRANCH].text == text.replace("old", "new")


def test_a_missing_file_is_named(forge: LocalForge) -> None:
    with pytest.raises(ForgeError, match=r"^models\.yaml is not committed on main: "):
        forge.read(["models.yaml"], None, {})


def test_a_file_that_is_not_utf_8_is_named(forge: LocalForge, tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"m: \xe4\n")
    blob = forge.git.run("hash-object", "-w", str(tmp_path / "latin"))
    tree = forge.git.run("mktree", text=f"100644 blob {blob}\tmodels.yaml\n")
    sha = forge.git.run("commit-tree", tree, text="Latin 1")
    forge.git.run("update-ref", "refs/heads/main", sha)
    with pytest.raises(ForgeError, match=r"main:models\.yaml is not UTF-8 text"):
        forge.read(["models.yaml"], None, {})


def test_a_repository_without_a_commit_says_what_to_do(tmp_path: Path) -> None:
    git = Git(tmp_path)
    git.run("init", "--quiet")
    with pytest.raises(ForgeError, match=r"run this in a git repository with a commit$"):
        LocalForge(git).read([MODELS], None, {})


def test_a_branch_is_seen_with_its_commits_and_who_made_them(forge: LocalForge) -> None:
    sha = commit(forge)
    forge.create_branch(BRANCH, sha)
    opened(forge)
    seen = forge.read([MODELS], None, {BRANCH: MODELS, "model-bot/none": MODELS})
    [branch] = seen.branches.values()
    assert (branch.name, branch.text, branch.sha) == (BRANCH, "m: new\n", sha)
    [found] = branch.commits
    assert found.sha == sha
    assert found.message.strip() == "Use new"
    assert (found.author, found.committer) == (BOT_ADDRESS, BOT_ADDRESS)


def test_a_message_with_control_characters_is_one_message(forge: LocalForge) -> None:
    sha = edit(forge.git, {MODELS: "m: x\n"}, base_of(forge), message="a\x1fb\x1e\n\nc")
    forge.create_branch(BRANCH, sha)
    [found] = forge.read([MODELS], None, {BRANCH: MODELS}).branches[BRANCH].commits
    assert found.message.strip() == "a\x1fb\x1e\n\nc"


def test_a_branch_without_the_file_has_no_text(forge: LocalForge) -> None:
    forge.create_branch(BRANCH, edit(forge.git, {"other.txt": "x\n"}))
    assert forge.read([MODELS], None, {BRANCH: MODELS}).branches[BRANCH].text is None


def test_a_taken_branch_is_not_created_again(forge: LocalForge) -> None:
    first, second = commit(forge, "m: 1\n"), commit(forge, "m: 2\n")
    forge.create_branch(BRANCH, first)
    with pytest.raises(ForgeError, match=BRANCH):
        forge.create_branch(BRANCH, second)
    assert forge.git.run("rev-parse", BRANCH) == first


def test_a_branch_moves_forward_only(forge: LocalForge) -> None:
    first = commit(forge, "m: 1\n")
    second = commit(forge, "m: 2\n", first)
    forge.create_branch(BRANCH, first)
    forge.fast_forward(BRANCH, second)
    assert forge.git.run("rev-parse", BRANCH) == second
    for other in (first, commit(forge, "m: 3\n")):
        with pytest.raises(ForgeError, match="does not descend from"):
            forge.fast_forward(BRANCH, other)
    assert forge.git.run("rev-parse", BRANCH) == second


def test_a_branch_that_is_not_there_cannot_move(forge: LocalForge) -> None:
    with pytest.raises(ModelIntelligenceError, match="model-bot/builder") as refused:
        forge.fast_forward(BRANCH, commit(forge))
    assert "\n" not in str(refused.value)
    assert not forge.git.succeeds("rev-parse", BRANCH)


def test_a_deleted_branch_is_gone(forge: LocalForge) -> None:
    forge.create_branch(BRANCH, commit(forge))
    forge.delete_branch(BRANCH)
    assert dict(forge.read([MODELS], None, {BRANCH: MODELS}).branches) == {}


def test_a_pull_request_is_a_draft_in_two_files(forge: LocalForge, tmp_path: Path) -> None:
    pull = opened(forge)
    assert (pull.number, pull.state, pull.draft) == (1, "open", True)
    assert (tmp_path / "pulls" / "1-builder.md").read_text(encoding="utf-8") == BODY
    html = tmp_path / "pulls" / "1-builder.html"
    assert "<strong>Replace</strong>" in html.read_text(encoding="utf-8")
    assert pull.url == html.name


def test_one_open_pull_request_a_branch(forge: LocalForge) -> None:
    opened(forge)
    with pytest.raises(ForgeError, match="already exists for model-bot/builder"):
        opened(forge)
    forge.edit_pull_request(1, state="closed")
    assert opened(forge).number == 2


def test_an_edit_changes_what_is_given_and_nothing_else(forge: LocalForge) -> None:
    opened(forge)
    other = opened(forge, "model-bot/auditor")
    forge.edit_pull_request(1, title="Use newer")
    forge.edit_pull_request(1, body="")
    first, second = sorted(forge.read([MODELS], None, {}).pull_requests, key=lambda p: p.number)
    assert (first.title, first.body, first.state) == ("Use newer", "", "open")
    assert (second.title, second.body) == (other.title, other.body)


def test_the_newest_pull_request_comes_first(forge: LocalForge) -> None:
    opened(forge)
    opened(forge, "model-bot/auditor")
    assert [pull.number for pull in forge.read([MODELS], None, {}).pull_requests] == [2, 1]


def test_everything_survives_in_a_new_object(forge: LocalForge) -> None:
    forge.create_branch(BRANCH, commit(forge))
    opened(forge)
    forge.edit_pull_request(1, body="Changed\r\n\u202e\n", state="closed")
    again = LocalForge(forge.git, forge.folder)
    assert again.read([MODELS], None, {BRANCH: MODELS}) == forge.read(
        [MODELS], None, {BRANCH: MODELS}
    )
    assert again.read([MODELS], None, {}).pull_requests[0].body == "Changed\r\n\u202e\n"
    assert opened(again).number == 2


def test_without_a_folder_it_reads_and_refuses_every_write(forge: LocalForge) -> None:
    sha = commit(forge)
    forge.create_branch(BRANCH, sha)
    refs = forge.git.run("for-each-ref")
    read_only = LocalForge(forge.git)
    assert read_only.read([MODELS], None, {BRANCH: MODELS}).pull_requests == ()
    writes: list[Callable[[], object]] = [
        lambda: commit(read_only),
        lambda: read_only.create_branch("model-bot/other", sha),
        lambda: read_only.fast_forward(BRANCH, commit(forge, "m: newer\n", sha)),
        lambda: read_only.delete_branch(BRANCH),
        lambda: opened(read_only),
        lambda: read_only.edit_pull_request(1, body=""),
    ]
    for write in writes:
        with pytest.raises(ForgeError, match="read only"):
            write()
    assert forge.git.run("for-each-ref") == refs
