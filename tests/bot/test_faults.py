"""Every write the bot makes, and every way it can go wrong: the next run ends in the same state."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.forge.github import GitHubForge
from bot.forge.port import Forge, ForgeDoubt, ForgeError
from bot.plan.items import Wanted
from bot.reporting import config_issue
from tests.bot.conftest import forge_of
from tests.bot.world import MODELS, MODELS_FILE, NOW, World, config, no_change, upgrade
from tests.fake_github import FakeGitHub

BRANCH = "model-bot/tidy"
DRESS = {"labels": ["model-bot"], "assignees": ["maria"], "reviewers": ["otto"]}
KINDS = (
    "502_before",
    "502_after",
    "drop_after",
    "timeout",
    "429",
    "429_retry_after",
    "secondary_403",
    "409",
)


@dataclass(frozen=True)
class Story:
    """Something that has happened, and the run whose writes are put to the test."""

    writes: int
    before: Callable[[FakeGitHub, World], object]
    run: Callable[[World], object]


def nothing(hub: FakeGitHub, world: World) -> None:
    """A fresh repository."""


def opened(hub: FakeGitHub, world: World) -> None:
    world.run()


def worked_on(hub: FakeGitHub, world: World) -> None:
    world.run()
    hub.person_pushes(BRANCH, {"a.txt": "1"}, login="maria")


def told(hub: FakeGitHub, world: World) -> None:
    worked_on(hub, world)
    world.run(upgrade(target="newer-a"))


def done_by_hand(hub: FakeGitHub, world: World) -> None:
    world.run()
    hub.commit_to_base({MODELS_FILE: MODELS.replace("tidy: old-a", "tidy: new-a")}, login="maria")


def broken(hub: FakeGitHub, world: World) -> None:
    config_issue.report_problems(world.forge, "config/bot.yaml:1: broken")


def retired() -> Wanted:
    return upgrade(ends=NOW.date() - timedelta(days=1))


STORIES = {
    "opening": Story(6, nothing, lambda world: world.run()),
    "opening for a retired model": Story(7, nothing, lambda world: world.run(retired())),
    "a new target": Story(5, opened, lambda world: world.run(upgrade(target="newer-a"))),
    "a deadline": Story(4, opened, lambda world: world.run(retired())),
    "standing back": Story(2, worked_on, lambda world: world.run(upgrade(target="newer-a"))),
    "new evidence": Story(
        1, told, lambda world: world.run(upgrade(target="newer-a", prices={"newer-a": "0.5"}))
    ),
    "closing": Story(3, done_by_hand, lambda world: world.run(no_change("tidy", "new-a"))),
    "complaining": Story(
        1,
        nothing,
        lambda world: config_issue.report_problems(world.forge, "config/bot.yaml:1: broken"),
    ),
    "no longer complaining": Story(7, broken, lambda world: world.run()),
}
POSITIONS = [(name, n + 1) for name, story in STORIES.items() for n in range(story.writes)]


def inputs(directory: Path, story: Story) -> tuple[FakeGitHub, World]:
    hub = FakeGitHub.start(directory, files={MODELS_FILE: MODELS}, clock=lambda: NOW)
    for login in ("maria", "otto"):
        hub.person_pushes("people", {"who": login}, login=login)
    world = World(forge_of(hub), config(pull_requests=DRESS))
    story.before(hub, world)
    return hub, world


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What each story ends in when nothing goes wrong."""
    ends = {}
    for name, story in STORIES.items():
        hub, world = inputs(tmp_path_factory.mktemp("clean"), story)
        with hub:
            before = len(hub.writes())
            story.run(world)
            assert len(hub.writes()) - before == story.writes, name
            ends[name] = hub.snapshot()
            story.run(world)
            assert hub.snapshot() == ends[name], name
    return ends


@contextmanager
def impatient(forge: Forge, seconds: float = 0.25) -> Iterator[None]:
    """Waits for an answer no longer than that; a slow machine then only adds to the faults."""
    assert isinstance(forge, GitHubForge)
    usual = forge.requester._Requester__timeout  # type: ignore[attr-defined]
    forge.requester._Requester__timeout = seconds  # type: ignore[attr-defined]
    try:
        yield
    finally:
        forge.requester._Requester__timeout = usual  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "position"), POSITIONS)
def test_a_faulted_run_and_a_clean_one_end_as_a_clean_one_alone(
    tmp_path: Path,
    clean: dict[str, dict[str, object]],
    name: str,
    position: int,
    kind: str,
) -> None:
    story = STORIES[name]
    hub, world = inputs(tmp_path, story)
    with hub:
        hub.faults.add(kind=kind, position=position, seconds=0.5)  # type: ignore[arg-type]
        with impatient(world.forge), suppress(ForgeDoubt):  # the run around it repeats a complaint
            story.run(world)
        story.run(world)
        assert hub.snapshot() == clean[name]
    assert sum(world.waits) <= 120


class Killed(BaseException):
    """The process is gone."""


class Mortal(GitHubForge):
    """A forge whose process dies right after its nth write."""

    left = 0

    def _send(self, verb: str, path: str, body: dict[str, object] | None) -> dict[str, object]:
        answer = super()._send(verb, path, body)
        type(self).left -= 1
        if type(self).left == 0:
            raise Killed
        return answer


@pytest.mark.parametrize(("name", "position"), POSITIONS)
def test_a_run_killed_after_any_write_is_finished_by_the_next(
    tmp_path: Path, clean: dict[str, dict[str, object]], name: str, position: int
) -> None:
    story = STORIES[name]
    hub, world = inputs(tmp_path, story)
    with hub:
        living = world.forge
        assert isinstance(living, GitHubForge)
        world.forge = Mortal(living.name, living.requester)
        Mortal.left = position
        with pytest.raises(Killed):
            story.run(world)
        world.forge = living
        story.run(world)
        assert hub.snapshot() == clean[name]


def test_a_forge_that_stays_down_ends_the_run_and_says_how_far_it_came(tmp_path: Path) -> None:
    hub, world = inputs(tmp_path, STORIES["opening"])
    with hub:
        hub.faults.add(kind="502_before", match=("POST", r"/pulls$"), times=99)
        with pytest.raises(ForgeError, match=r"gave up after 4 rounds.*the next run goes on"):
            world.run()
        assert world.waits == [2.0, 4.0, 8.0]


def test_a_wait_is_as_long_as_asked_but_never_longer_than_a_minute(tmp_path: Path) -> None:
    hub, world = inputs(tmp_path, STORIES["opening"])
    with hub:
        hub.faults.add(kind="429_retry_after", position=1, seconds=7)
        hub.faults.add(kind="429_retry_after", position=2, seconds=3600)
        world.run()
        assert world.waits == [7.0, 60.0]
