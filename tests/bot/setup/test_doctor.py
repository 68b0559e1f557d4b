# ruff: noqa: F811  # pytest passes fixtures by the names that they are imported under
"""`model-bot doctor`: what it finds, what to do about it, and that it leaves no trace."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.setup.doctor import Patient, findings
from tests.bot.test_cli import Command, checkout, github, model_bot  # noqa: F401  # fixtures
from tests.docs.json_shapes import check_shape
from tests.fake_github import FakeGitHub

pytestmark = pytest.mark.usefixtures("checkout")


def lines_about(stdout: str, *subjects: str) -> list[str]:
    """The lines of those subjects without the padding, with their fixes."""
    found, taken = [], False
    for line in stdout.splitlines():
        if not line.startswith("  "):
            taken = any(line[2:].startswith(subject + "  ") for subject in subjects)
        if taken and line:
            found.append(" ".join(line.split()))
    return found


def test_all_is_well_and_nothing_was_written(
    model_bot: Command, hub: FakeGitHub, database_url: str
) -> None:
    before = hub.snapshot()
    model_bot("run", "--dry-run")
    ended = model_bot("doctor", **github(hub))
    assert ended.stdout.splitlines()[-1] == "✓ a run can succeed"
    assert (ended.code, ended.stderr) == (0, "")
    assert all(line[0] == "✓" for line in ended.stdout.splitlines() if line), ended.stdout
    subjects = [line[2:].partition("  ")[0] for line in ended.stdout.splitlines()[:-2]]
    assert subjects == [
        *("configuration", "token", "clock", "may write contents", "may open pull requests"),
        *("may write statuses", "database", "sources"),
    ]
    assert hub.snapshot() == before


def test_what_is_missing_is_told_each_with_a_way_out(model_bot: Command, checkout: Path) -> None:
    (checkout / "config" / "bot.yaml").write_text("version: 1\nuse_cases: {}\n")
    ended = model_bot("doctor", DATABASE_URL=None)
    assert (ended.code, ended.stderr) == (1, "")
    told = lines_about(ended.stdout, "configuration", "token", "database")
    assert told[0].startswith("✗ configuration ")
    assert told[1:] == [
        "→ `model-bot check` lists them with line numbers",
        "✗ token GITHUB_TOKEN is not set",
        "→ give a token that may write contents and pull requests (or APP_ID and APP_PRIVATE_KEY)",
        "✗ database none is configured",
        "→ set DATABASE_URL=postgresql://user:password@host:5432/name or DATABASE_URL=embedded:",
    ]
    assert ended.stdout.splitlines()[-1] == "✗ 3 to fix"


def test_a_token_that_may_only_read_is_told_what_it_lacks(
    model_bot: Command, hub: FakeGitHub
) -> None:
    hub.add_token("ghs_reader", "github-actions[bot]", {"contents": "read"})
    ended = model_bot("doctor", **github(hub, GITHUB_TOKEN="ghs_reader"))
    assert ended.code == 1
    refused = "no: Resource not accessible by integration"
    assert lines_about(
        ended.stdout, "may write contents", "may open pull requests", "may write statuses"
    ) == [
        f"✗ may write contents {refused}",
        "→ give the token `contents: write`",
        f"✗ may open pull requests {refused}",
        "→ give the token `pull-requests: write`",
        f"! may write statuses {refused}",
        "→ give the token `statuses: write`; without it no status check fails for a retired model",
    ]


def test_an_organisation_that_forbids_pull_requests_is_found_before_the_first_run(
    model_bot: Command, hub: FakeGitHub
) -> None:
    hub.state.actions_may_open_pulls = False
    ended = model_bot("doctor", **github(hub))
    assert ended.code == 1
    _, fix = lines_about(ended.stdout, "may open pull requests")
    assert "Settings > Actions > General" in fix


def test_a_wrong_token_is_not_shown_and_ends_the_questions(
    model_bot: Command, hub: FakeGitHub
) -> None:
    ended = model_bot("doctor", **github(hub, GITHUB_TOKEN="ghp_wrong"))
    assert ended.code == 1
    assert lines_about(ended.stdout, "token", "clock") == [
        "✗ token GitHub rejects it: it is wrong or has expired",
        "→ create a new one; GITHUB_TOKEN must be the token alone",
    ]
    assert "ghp_wrong" not in ended.stdout


def test_a_clock_that_is_off_is_told(checkout: Path, hub: FakeGitHub) -> None:
    late = datetime.now(UTC) + timedelta(hours=2)
    found = findings(Patient(checkout, Path("config"), github(hub), late))
    [clock] = [one for one in found if one.subject == "clock"]
    assert re.fullmatch(r"7,\d{3} s ahead of GitHub's; .*", clock.found)
    assert (clock.verdict, clock.fix) == ("problem", "synchronise it with NTP")


def test_a_source_that_cannot_be_read_is_a_warning(
    model_bot: Command, hub: FakeGitHub, checkout: Path
) -> None:
    file = checkout / "config" / "bot.yaml"
    file.write_text(file.read_text() + "\nsources: [artificial-analysis]\n")
    model_bot("run", "--dry-run")
    ended = model_bot("doctor", **github(hub))
    told, fix = lines_about(ended.stdout, "source artificial-analysis")
    assert "it needs your own ARTIFICIALANALYSIS_API_KEY" in told
    assert fix == "→ a run continues without it, with its older evidence"
    assert ended.code == 0


def test_programs_are_told_the_same(model_bot: Command, hub: FakeGitHub) -> None:
    ended = model_bot("doctor", "--format", "json", **github(hub))
    told = check_shape("model-bot doctor", ended.stdout)
    assert (told["version"], told["ok"]) == (1, True)
    assert told["findings"][1] == {
        "subject": "token",
        "verdict": "ok",
        "found": "a token of an App or of GitHub Actions, with access to acme/widgets",
        "fix": "",
    }
    assert told["findings"][-2] == {
        "subject": "database",
        "verdict": "warning",
        "found": "a server, without models",
        "fix": "the first run will fill it",
    }
