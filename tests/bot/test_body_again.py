"""`model-bot body ID` writes what GitHub shows, whatever happened to the proposal meanwhile."""

import re

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from bot import cli
from bot.reporting import dashboard
from tests.bot.conftest import Run
from tests.fake_github import FakeGitHub

MODELS_FILE = "config/models.yaml"


def on_github(hub: FakeGitHub) -> str:
    """The body of the newest pull request."""
    return hub.state.pulls()[-1].body or ""


def written_again(body: str, engine: Engine) -> str:
    number = re.search(r"`model-bot body (\d+)`", body)
    assert number
    environment = {"DATABASE_URL": engine.url.render_as_string(hide_password=False)}
    return CliRunner(env=environment).invoke(cli.app, ["body", number[1]]).output


def move_base(hub: FakeGitHub) -> None:
    """Two lines above the proposal's own, so that its diff has other line numbers."""
    moved = "# One line.\n# And another.\n" + hub.read(MODELS_FILE)
    hub.commit_to_base({MODELS_FILE: moved}, login="maria")


@pytest.fixture
def proposed(job: Run) -> None:
    job(only_use_case="builder_high")


@pytest.mark.usefixtures("proposed")
def test_after_the_base_moved_by_two_lines(job: Run, hub: FakeGitHub, engine: Engine) -> None:
    before = on_github(hub)
    move_base(hub)
    job(only_use_case="builder_high")
    after = on_github(hub)
    assert after != before
    assert written_again(after, engine) == after


@pytest.mark.usefixtures("proposed")
def test_after_a_dry_run_that_only_printed_the_new_body(
    job: Run, hub: FakeGitHub, engine: Engine
) -> None:
    before = on_github(hub)
    move_base(hub)
    job(only_use_case="builder_high", dry_run=True)
    assert written_again(before, engine) == before


def test_after_a_rejection_was_overruled(job: Run, hub: FakeGitHub, engine: Engine) -> None:
    job()
    rejected = next(pull for pull in hub.state.pulls() if pull.head == "model-bot/builder_high")
    hub.close(rejected.number, login="maria")
    job()
    board = next(i for i in hub.state.threads.values() if i.title == dashboard.TITLE)
    hub.tick(board.number, "proceed:builder_high")
    job()
    body = on_github(hub)
    assert "a person asked for it on the dashboard" in body
    assert written_again(body, engine) == body
