"""Use cases in several files, and in lists: one pull request each, in its own file alone."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.forge.git import Git
from bot.forge.local import LocalForge
from bot.forge.port import ForgeError
from bot.pull_request.other_mentions import unmanaged
from model_intelligence.config.models_yaml import current_models
from tests.bot.conftest import forge_of
from tests.bot.world import MODELS, MODELS_FILE, NOW, World, config, upgrade
from tests.fake_github import FakeGitHub

GATEWAY_FILE = "deploy/gateway.yaml"
GATEWAY = """\
model_list:
  - model_name: small
    litellm_params: {model: old-a}
  - model_name: large # asked for by name
    litellm_params:
      model: old-b
fallbacks: [old-b]
"""
FILES = {MODELS_FILE: MODELS, GATEWAY_FILE: GATEWAY}
SETTINGS = config(
    use_cases={
        "tidy": {"paths": [["tidy"]]},
        "build": {
            "file": GATEWAY_FILE,
            "paths": [["model_list", 1, "litellm_params", "model"], ["fallbacks", 0]],
        },
    }
)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[FakeGitHub]:
    owners = {".github/CODEOWNERS": "/config/ @maria\n/deploy/ @otto\n"}
    with FakeGitHub.start(tmp_path, files={**FILES, **owners}, clock=lambda: NOW) as hub:
        yield hub


@pytest.fixture
def world(hub: FakeGitHub) -> World:
    return World(forge_of(hub), SETTINGS)


def changed_lines(hub: FakeGitHub, branch: str) -> list[str]:
    diff = hub.git("diff", "--unified=0", "main", branch).splitlines()
    return [line for line in diff if line.startswith(("-", "+"))]


def both(world: World) -> None:
    world.run(upgrade(), upgrade("build", "old-b", "newer-a"))


def test_each_use_case_changes_its_own_file_and_no_other(world: World, hub: FakeGitHub) -> None:
    both(world)
    assert changed_lines(hub, "model-bot/tidy") == [
        f"--- a/{MODELS_FILE}",
        f"+++ b/{MODELS_FILE}",
        "-tidy: old-a # by hand",
        "+tidy: new-a # by hand",
    ]
    assert changed_lines(hub, "model-bot/build") == [
        f"--- a/{GATEWAY_FILE}",
        f"+++ b/{GATEWAY_FILE}",
        "-      model: old-b",
        "-fallbacks: [old-b]",
        "+      model: newer-a",
        "+fallbacks: [newer-a]",
    ]
    [body] = [pull.body for pull in hub.state.pulls() if pull.head == "model-bot/build"]
    assert GATEWAY_FILE in (body or "")


def test_a_second_run_reads_both_files_in_two_requests_and_writes_nothing(
    world: World, hub: FakeGitHub
) -> None:
    both(world)
    before, writes = len(hub.requests), len(hub.writes())
    both(world)
    assert len(hub.requests) - before == 2
    assert len(hub.writes()) == writes


def test_a_branch_takes_in_what_people_changed_in_its_file(world: World, hub: FakeGitHub) -> None:
    both(world)
    hub.person_pushes("main", {GATEWAY_FILE: f"# ours\n{GATEWAY}"}, login="maria")
    both(world)
    assert hub.read(GATEWAY_FILE, "model-bot/build").startswith("# ours\nmodel_list:")
    assert "newer-a" in hub.read(GATEWAY_FILE, "model-bot/build")
    assert hub.read(MODELS_FILE, "model-bot/build") == MODELS


def test_a_use_case_that_moved_to_another_file_keeps_its_one_pull_request(
    world: World, hub: FakeGitHub
) -> None:
    both(world)
    hub.person_pushes("main", {"other.yaml": "m: old-b\n"}, login="maria")
    moved = {"tidy": {"paths": [["tidy"]]}, "build": {"file": "other.yaml", "paths": [["m"]]}}
    world.settings = config(use_cases=moved)
    both(world)
    assert len(hub.state.pulls()) == 2
    assert hub.read("other.yaml", "model-bot/build") == "m: newer-a\n"
    assert hub.read(GATEWAY_FILE, "model-bot/build") == GATEWAY


def test_the_owners_of_the_changed_file_are_asked(hub: FakeGitHub) -> None:
    for login in ("maria", "otto"):
        hub.person_pushes("x", {"y": login}, login=login)
    settings = SETTINGS.model_copy(
        update={"pull_requests": SETTINGS.pull_requests.model_copy(update={"codeowners": True})}
    )
    both(World(forge_of(hub), settings))
    asked = {pull.head: pull.reviewers for pull in hub.state.pulls()}
    assert asked == {"model-bot/tidy": ["maria"], "model-bot/build": ["otto"]}


def test_a_missing_file_is_named_with_the_setting(world: World) -> None:
    world.settings = config(use_cases={"tidy": {"file": "gone.yaml", "paths": [["tidy"]]}})
    with pytest.raises(ForgeError, match=r"^gone\.yaml is not on main .* or the use case's file"):
        world.run()


def test_every_use_case_has_the_model_of_its_own_file() -> None:
    assert current_models(FILES, SETTINGS) == {"tidy": "old-a", "build": "old-b"}


def test_mentions_are_told_with_their_file_and_what_would_manage_them() -> None:
    found = unmanaged(FILES, ["old-a"], SETTINGS)
    assert [(each.file, each.line) for each in found] == [(MODELS_FILE, 5), (GATEWAY_FILE, 3)]
    assert found[1].declaration == (
        "  model_list_litellm_params_model:\n"
        '    file: "deploy/gateway.yaml"\n'
        '    paths: [["model_list", 0, "litellm_params", "model"]]'
    )


def test_the_files_of_a_checkout_are_read_alike(tmp_path: Path) -> None:
    git = Git(tmp_path)
    git.run("init", "--quiet", "--initial-branch=main")
    tree = git.run("mktree", text="")
    sha = git.commit(base_tree=tree, parents=[], files=FILES, message="Both")
    git.run("update-ref", "refs/heads/main", sha)
    seen = LocalForge(git).read(SETTINGS.files, None, {"model-bot/build": GATEWAY_FILE})
    assert seen.files == FILES


def test_a_retiring_model_in_either_file_is_a_deadline(world: World, hub: FakeGitHub) -> None:
    end = NOW.date() + timedelta(days=10)
    ending = upgrade("build", "old-b", "newer-a", ends=end)
    world.run(upgrade(), ending)
    assert "urgent" in next(p for p in hub.state.pulls() if p.head == "model-bot/build").labels
