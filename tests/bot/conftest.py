"""A GitHub on the loopback that holds the shipped config, and a run against it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from github import Auth, Github

from bot.forge.github import GitHubForge
from bot.plan.items import Outcome
from bot.run import run
from bot.settings import Settings
from tests.conftest import ROOT
from tests.fake_github import FakeGitHub

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
CONFIG = ROOT / "config"
Run = Callable[..., list[Outcome]]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the shipped config that the test may change."""
    return Path(shutil.copytree(CONFIG, tmp_path / "config"))


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[FakeGitHub]:
    """A repository with the shipped config on its default branch."""
    files = {f"config/{path.name}": path.read_text() for path in CONFIG.glob("*.yaml")}
    with FakeGitHub.start(tmp_path / "hub", files=files, clock=lambda: NOW) as hub:
        yield hub


def forge_of(hub: FakeGitHub, token: str | None = None) -> GitHubForge:
    """The real forge on a client without PyGithub's pauses."""
    client = Github(
        auth=Auth.Token(token or hub.token),
        base_url=hub.api_url,
        retry=None,
        timeout=30,
        seconds_between_requests=0,
        seconds_between_writes=0,
    )
    return GitHubForge("acme/widgets", client.requester)


@pytest.fixture
def job(hub: FakeGitHub, database_url: str, tmp_path: Path, config: Path) -> Run:
    """The whole job against `hub`, on a database of the test's own; it never really waits."""

    def start(
        *, now: datetime = NOW, said: list[str] | None = None, **changed: object
    ) -> list[Outcome]:
        values: dict[str, object] = {
            "database_url": database_url,
            "config_directory": config,
            "step_summary": tmp_path / "summary.md",
            "step_output": tmp_path / "output.txt",
        }
        settings = Settings(**{**values, **changed})  # type: ignore[arg-type]  # tests name fields
        say = ([] if said is None else said).append
        return run(settings, forge_of(hub), now, say, lambda seconds: None)

    return start
