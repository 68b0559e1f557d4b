# ruff: noqa: F811  # pytest passes fixtures by the names that they are imported under
"""`model-bot status`: where every use case stands, before and after a run."""

import time

import pytest
from sqlalchemy import Engine, text

from tests.bot.test_cli import (  # noqa: F401  # fixtures
    Command,
    _the_day_is_fixed,
    checkout,
    github,
    model_bot,
    one_line,
)
from tests.bot.test_run import PROPOSED
from tests.docs.json_shapes import check_shape
from tests.fake_github import FakeGitHub


def test_before_and_after_a_run(
    model_bot: Command, hub: FakeGitHub, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)  # PyGithub waits between requests
    model_bot("run", "--dry-run")
    before = model_bot("status", **github(hub))
    assert (before.code, before.stderr) == (0, "")
    assert before.stdout.count("newest benchmark results: current model ") == 9
    assert before.stdout.count(", proposed model ") == len(PROPOSED) + 1  # one is held back
    proposed = len(PROPOSED)
    kept = 9 - proposed - 1  # one is held back by the limit of open proposals
    assert before.stdout.splitlines()[-1].startswith(
        f"9 use cases: {kept} kept, {proposed} to be proposed, 1 held back"
    )
    assert hub.writes() == []
    model_bot("run", **github(hub))
    after = model_bot("status", "--format", "json", **github(hub))
    told = check_shape("model-bot status", after.stdout)
    assert told["version"] == 1
    states = {each["use_case"]: each for each in told["use_cases"]}
    for name, (current, target) in PROPOSED.items():
        one = states[name]
        assert (one["state"], one["model"], one["proposed_model"]) == ("proposed", current, target)
        assert one["pull_request"]["draft"]
        assert one["newest_results"].keys() == {"current", "proposed"}
        assert one["pull_request"]["number"] in range(1, proposed + 1)
    assert sum(each["state"] == "kept" for each in states.values()) == kept
    assert any(each["deadline"] for each in states.values())


def test_it_stores_nothing(model_bot: Command, hub: FakeGitHub, engine: Engine) -> None:
    count = text("SELECT count(*) FROM model_recommendations")
    model_bot("run", "--dry-run")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM model_recommendations"))
    assert "to be proposed" in model_bot("status", **github(hub)).stdout
    with engine.connect() as connection:
        assert connection.scalar(count) == 0


def test_one_use_case(model_bot: Command, hub: FakeGitHub) -> None:
    model_bot("run", "--dry-run")
    told = model_bot("status", "--use-case", "tidy_semantic", **github(hub)).stdout
    assert told.splitlines()[-1] == "1 use case: 1 kept"
    assert model_bot("status", "--use-case", "nobody", **github(hub)).code == 2


def test_without_evidence_it_says_how_to_get_some(model_bot: Command, hub: FakeGitHub) -> None:
    ended = model_bot("status", **github(hub))
    assert ended.code == 1
    assert one_line(ended).endswith("fill it with `model-bot run --dry-run`")
