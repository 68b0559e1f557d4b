"""`model-bot` as people and workflows call it: what it prints, and how it ends."""

import io
import logging
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import time_machine

from bot import cli
from bot.forge.git import Git
from bot.pull_request.marker import Marker
from tests.bot.conftest import CONFIG, NOW
from tests.bot.test_run import PROPOSED
from tests.conftest import ROOT
from tests.fake_github import FakeGitHub

TOKEN = "ghs_" + "s3cr3t" * 6


class Ended(NamedTuple):
    """How a command ended."""

    code: object
    stdout: str
    stderr: str


Command = Callable[..., Ended]


# What is proposed depends on the day, for models retire.
AT_A_FIXED_TIME = f"""
import time_machine
from bot.cli import main
with time_machine.travel({NOW.isoformat()!r}):
    main()
"""


@pytest.fixture(autouse=True)
def _the_day_is_fixed() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git checkout with a copy of the shipped config, in which commands run."""
    top = tmp_path / "checkout"
    shutil.copytree(CONFIG, top / "config")
    git = Git(top)
    git.run("init", "--quiet", "--initial-branch=main")
    git.run("add", ".")
    git.run("commit", "--quiet", "--message=The config")
    monkeypatch.chdir(top)
    return top


@pytest.fixture
def model_bot(
    checkout: Path,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Command:
    """Runs `model-bot` in this process, as its console script does; None unsets a variable."""
    for name in [name for name in os.environ if name.startswith("GITHUB_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", database_url)

    def call(*arguments: str, **variables: str | None) -> Ended:
        for name, value in variables.items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["model-bot", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Ended(ended.value.code, *capfd.readouterr())

    return call


def github(hub: FakeGitHub, **changed: str) -> dict[str, str]:
    """The variables a workflow would have."""
    return {
        "GITHUB_TOKEN": hub.token,
        "GITHUB_REPOSITORY": "acme/widgets",
        "GITHUB_API_URL": hub.api_url,
        **changed,
    }


def one_line(ended: Ended) -> str:
    """The only line of stderr."""
    [line] = ended.stderr.splitlines()
    assert line.startswith("error: ")
    return line


def test_a_dry_run_without_a_token_prints_everything_and_writes_nothing(
    checkout: Path, database_url: str, tmp_path: Path
) -> None:
    before = {path: path.read_bytes() for path in checkout.rglob("*") if path.is_file()}
    summary, output = tmp_path / "summary.md", tmp_path / "output.txt"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    ended = subprocess.run(
        [sys.executable, "-c", AT_A_FIXED_TIME, "run", "--dry-run"],
        cwd=checkout,
        env={
            **kept,
            "DATABASE_URL": database_url,
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_OUTPUT": str(output),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    for name, (current, proposed) in PROPOSED.items():
        assert f"branch: model-bot/{name}\n" in ended.stdout
        assert f"title: {name}: {current} → {proposed}\n" in ended.stdout
    assert ended.stdout.count("\n<!-- model-bot:marker:1 {") == len(PROPOSED)
    assert ended.stdout.count("\n- **At worst:** It uses ") == len(PROPOSED)
    assert re.search(r"^kept +tidy_semantic ", ended.stdout, re.MULTILINE)
    assert {path: path.read_bytes() for path in checkout.rglob("*") if path.is_file()} == before
    assert "dry run: nothing was written" in summary.read_text(encoding="utf-8")


def test_a_dry_run_outside_a_repository_says_what_to_do(
    model_bot: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(CONFIG, tmp_path / "config")
    ended = model_bot("run", "--dry-run")
    assert ended.code == 1
    assert "not a git repository" in one_line(ended)


def test_a_dry_run_in_a_repository_without_a_commit_says_what_to_do(
    model_bot: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(CONFIG, tmp_path / "config")
    Git(tmp_path).run("init", "--quiet")
    ended = model_bot("run", "--dry-run")
    assert ended.code == 1
    assert "run this in a git repository with a commit" in one_line(ended)


def test_a_missing_config_is_named(
    model_bot: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = model_bot("run", "--dry-run")
    assert ended.code == 1
    assert "config/bot.yaml: no such file" in one_line(ended)


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"GITHUB_TOKEN": None, "GITHUB_REPOSITORY": "acme/widgets"}, "GITHUB_TOKEN is not set"),
        (
            {"GITHUB_TOKEN": f"{TOKEN}\n{TOKEN}", "GITHUB_REPOSITORY": "acme/widgets"},
            "GITHUB_TOKEN holds a space or a line break",
        ),
        ({"GITHUB_TOKEN": TOKEN}, "GITHUB_REPOSITORY is not set"),
        ({"GITHUB_TOKEN": TOKEN, "GITHUB_REPOSITORY": "widgets"}, "GITHUB_REPOSITORY"),
        ({"DATABASE_URL": None}, "DATABASE_URL is not set"),
        ({"DATABASE_URL": "sqlite:///x"}, "SQLite"),
    ],
)
def test_what_is_not_configured_is_a_usage_error_of_one_line(
    model_bot: Command, variables: dict[str, str | None], named: str
) -> None:
    ended = model_bot("run", **variables)
    assert ended.code == 2
    assert named in one_line(ended)
    assert TOKEN not in ended.stderr


def test_an_undeclared_use_case_is_a_usage_error(model_bot: Command) -> None:
    ended = model_bot("run", "--dry-run", "--use-case", "nobody")
    assert ended.code == 2
    assert "'nobody' is not a use case of bot.yaml" in one_line(ended)


def test_an_unknown_option_is_a_usage_error(model_bot: Command) -> None:
    assert model_bot("run", "--wet-run").code == 2


def test_a_run_opens_drafts_on_github(
    model_bot: Command, hub: FakeGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)  # PyGithub waits between requests
    ended = model_bot("run", **github(hub))
    assert (ended.code, ended.stderr) == (0, "")
    pulls = [hub.pull(number) for number in range(1, len(PROPOSED) + 1)]
    assert {pull.head for pull in pulls} == {f"model-bot/{name}" for name in PROPOSED}
    assert all(pull.draft and Marker.read(pull.body or "") for pull in pulls)


def test_a_wrong_token_is_named_but_not_shown(model_bot: Command, hub: FakeGitHub) -> None:
    ended = model_bot("run", **github(hub, GITHUB_TOKEN=TOKEN))
    assert ended.code == 1
    assert "GITHUB_TOKEN" in one_line(ended)
    assert TOKEN not in ended.stdout + ended.stderr


def test_a_repository_that_is_not_there_is_named(model_bot: Command, hub: FakeGitHub) -> None:
    ended = model_bot("run", **github(hub, GITHUB_REPOSITORY="acme/gadgets"))
    assert ended.code == 1
    assert "acme/gadgets" in one_line(ended)


def test_an_organisation_that_forbids_pull_requests_is_told_with_the_setting_to_change(
    model_bot: Command, hub: FakeGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    hub.state.actions_may_open_pulls = False
    ended = model_bot("run", **github(hub))
    assert ended.code == 1
    lines = ended.stderr.splitlines()
    assert "Settings > Actions > General" in lines[0]
    assert [line.partition(": ")[2].partition(": ")[0] for line in lines[1:-1]] == [
        "open it yourself"
    ] * len(PROPOSED)
    assert lines[-1] == f"error: {9 - len(PROPOSED)} of 9 use cases succeeded"
    assert hub.snapshot()["pulls"] == {}


def test_a_github_that_does_not_answer_is_told_in_one_line(
    model_bot: Command, hub: FakeGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]  # free again, and closed, when the block ends
    ended = model_bot("run", **github(hub, GITHUB_API_URL=f"http://127.0.0.1:{port}/api/v3"))
    assert ended.code == 1
    assert "GitHub did not answer" in one_line(ended)


def test_a_database_that_is_not_there_is_told_in_one_line(
    model_bot: Command, tmp_path: Path
) -> None:
    url = f"postgresql://bot:p4ssword@/none?host={tmp_path}"
    ended = model_bot("run", "--dry-run", DATABASE_URL=url)
    assert ended.code == 1
    assert "cannot use the database of DATABASE_URL" in one_line(ended)
    assert "p4ssword" not in ended.stdout + ended.stderr


def test_a_bug_ends_with_3_and_a_traceback(
    model_bot: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setattr("bot.run.current_models", fail)
    ended = model_bot("run", "--dry-run")
    assert ended.code == 3
    assert ended.stderr.startswith("Traceback (most recent call last)")
    assert ended.stderr.rstrip().endswith("ZeroDivisionError: a mistake of ours")


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """All that any library logs at any level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    names = [None, "github", "github.Requester", "urllib3", "requests"]
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(1)
    root.addHandler(handler)
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize("fate", ["done", "refused", "failed"])
def test_the_token_is_in_no_stream_even_when_everything_is_logged(
    model_bot: Command, hub: FakeGitHub, monkeypatch: pytest.MonkeyPatch, fate: str
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    if fate != "refused":
        hub.add_token(TOKEN, "github-actions[bot]")
    if fate == "failed":
        hub.faults.add(position=1, kind="502_before", times=99)
    with everything_logged() as log:
        ended = model_bot("run", **github(hub, GITHUB_TOKEN=TOKEN))
    assert ended.code == (0 if fate == "done" else 1)
    assert "graphql" in log.getvalue()
    assert TOKEN not in log.getvalue() + ended.stdout + ended.stderr
    assert all(TOKEN not in str(one.json) for one in hub.requests)
