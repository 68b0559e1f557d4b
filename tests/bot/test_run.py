"""The whole job, twice, against a real Git repository behind GitHub's API and a real PostgreSQL."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.plan.items import State
from model_intelligence import db
from model_intelligence.config.yaml_file import ConfigError
from tests.bot.conftest import Run
from tests.fake_github import FakeGitHub

PROPOSED = {
    "builder_medium": ("claude-sonnet-4-5", "claude-sonnet-5-5"),
    "builder_low": ("claude-haiku-4-5", "claude-haiku-5-5"),
    "builder_high": ("claude-opus-4-6", "claude-opus-5-5"),
    "auditor_low": ("gpt-5-mini", "gpt-5.6-luna"),
    "auditor_medium": ("gpt-5", "gpt-6-sol"),
}
TABLES = (
    "models_catalog",
    "model_pricing",
    "model_benchmarks",
    "model_runtime_stats",
    "model_recommendations",
)


def rows(engine: Engine) -> dict[str, list[object]]:
    with engine.connect() as connection:
        return {
            table: list(connection.execute(text(f"SELECT * FROM {table} ORDER BY 1")))  # noqa: S608
            for table in TABLES
        }


def test_the_job_opens_drafts_that_change_one_line_each_and_a_second_run_writes_nothing(
    job: Run, hub: FakeGitHub, engine: Engine
) -> None:
    job()
    pulls = hub.state.pulls()
    assert {pull.head for pull in pulls} == {f"model-bot/{name}" for name in PROPOSED}
    assert all(pull.draft and pull.state == "open" for pull in pulls)
    for name, (before, after) in PROPOSED.items():
        diff = hub.git("diff", "--unified=0", "main", f"model-bot/{name}").splitlines()
        removed = [line for line in diff if line.startswith("-") and not line.startswith("---")]
        added = [line for line in diff if line.startswith("+") and not line.startswith("+++")]
        assert len(removed) == len(added) == 1
        assert removed[0][1:].replace(before, after) == added[0][1:]
        assert hub.git("rev-list", "--count", f"main..model-bot/{name}").strip() == "1"

    state, stored, writes = hub.snapshot(), rows(engine), len(hub.writes())
    before_second = len(hub.requests)
    outcomes = job()
    assert all(not outcome.item.steps for outcome in outcomes)
    assert len(hub.writes()) == writes
    assert len(hub.requests) - before_second <= 3
    assert hub.snapshot() == state
    assert rows(engine) == stored


def test_a_dated_snapshot_is_replaced_by_an_undated_name_where_its_maker_has_no_other(
    job: Run, hub: FakeGitHub
) -> None:
    text = hub.read("config/models.yaml", "main")
    dated = text.replace("gpt-5-mini", "gpt-5-mini-2025-08-07")
    hub.person_pushes("main", {"config/models.yaml": dated}, login="maria")
    [outcome] = job(only_use_case="auditor_low")
    assert outcome.item.opens
    changed = hub.read("config/models.yaml", "model-bot/auditor_low")
    assert changed == text.replace("gpt-5-mini", "gpt-5.6-luna")
    assert job(only_use_case="auditor_low")[0].item.steps == ()


def test_a_model_that_is_gone_from_every_price_list_is_replaced_as_its_maker_says(
    job: Run, hub: FakeGitHub
) -> None:
    text = hub.read("config/models.yaml", "main")
    gone = text.replace("claude-sonnet-4-5", "claude-3-5-haiku-20241022")
    hub.person_pushes("main", {"config/models.yaml": gone}, login="maria")
    [outcome] = job(only_use_case="builder_medium")
    assert outcome.item.opens
    changed = hub.read("config/models.yaml", "model-bot/builder_medium")
    assert changed == text.replace("claude-sonnet-4-5", "claude-haiku-4-5-20251001")
    assert job(only_use_case="builder_medium")[0].item.steps == ()


def test_every_use_case_is_answered_for(job: Run) -> None:
    named = [outcome.item.use_case for outcome in job()]
    assert len(named) == len(set(named)) == 9


def test_a_dry_run_writes_nothing_and_prints_exactly_what_is_sent(
    job: Run, hub: FakeGitHub
) -> None:
    said: list[str] = []
    job(dry_run=True, said=said)
    assert hub.writes() == []
    printed = "\n".join(said)
    job()
    for pull in hub.state.pulls():
        assert pull.title in printed
        assert (pull.body or "").rstrip("\n") in printed


def test_one_use_case_alone(job: Run, hub: FakeGitHub) -> None:
    [outcome] = job(only_use_case="builder_high")
    assert outcome.item.opens
    assert [pull.head for pull in hub.state.pulls()] == ["model-bot/builder_high"]


def test_a_merged_proposal_is_implemented(job: Run, hub: FakeGitHub, engine: Engine) -> None:
    job(only_use_case="builder_high")
    hub.merge(1, login="maria")
    job(only_use_case="builder_high")
    assert statuses(engine)[0][0] == "implemented"


def test_a_proposal_that_a_person_closed_is_rejected_and_not_made_again(
    job: Run, hub: FakeGitHub, engine: Engine
) -> None:
    job(only_use_case="builder_high")
    hub.close(1, login="maria")
    [outcome] = job(only_use_case="builder_high")
    assert outcome.item.state is State.REJECTED
    assert outcome.item.reason == "#1, which proposed claude-opus-5-5, was closed by a person"
    assert len(hub.state.pulls()) == 1
    [(status, url)] = statuses(engine)
    assert status == "rejected"
    assert url.endswith("/acme/widgets/pull/1")


def test_a_no_outlives_the_database(job: Run, hub: FakeGitHub, empty_database_url: str) -> None:
    job(only_use_case="builder_high")
    hub.close(1, login="maria")
    job(only_use_case="builder_high", database_url=empty_database_url)
    assert len(hub.state.pulls()) == 1


def test_a_younger_database_does_not_take_another_proposals_fate(
    job: Run, hub: FakeGitHub, empty_database_url: str
) -> None:
    job(only_use_case="builder_high")
    hub.close(1, login="maria")
    job(only_use_case="builder_high", database_url=empty_database_url)
    with db.open_engine(empty_database_url) as engine:
        assert [status for status, _ in statuses(engine)] == ["proposed"]


def statuses(engine: Engine) -> list[tuple[str, str]]:
    query = text("SELECT status, pull_request_url FROM model_recommendations ORDER BY id")
    with engine.connect() as connection:
        return [(row.status, row.pull_request_url) for row in connection.execute(query)]


def test_the_summary_and_the_outputs_tell_what_happened(job: Run, tmp_path: Path) -> None:
    job()
    summary = (tmp_path / "summary.md").read_text()
    assert "| `builder_medium` | proposed | opened |" in summary
    assert "| `tidy_semantic` | kept | unchanged |" in summary
    lines = (tmp_path / "output.txt").read_text().splitlines()
    outputs = dict(line.split("=", 1) for line in lines)
    assert (outputs["opened"], outputs["kept"]) == ("5", "3")
    assert outputs["pull-requests"] == "1,2,3,4,5"


def test_a_broken_configuration_proposes_nothing_and_raises_one_issue_that_closes_itself(
    job: Run, hub: FakeGitHub, config: Path
) -> None:
    whole = (config / "bot.yaml").read_text()
    (config / "bot.yaml").write_text(whole.replace("    role: tidy", "    rolle: tidy"))
    for _ in range(2):
        with pytest.raises(ConfigError, match=r"bot\.yaml:\d+: use_cases\.tidy_semantic\.rolle"):
            job()
    [issue] = hub.state.threads.values()
    assert "use_cases.tidy_semantic.rolle: unknown key" in (issue.body or "")
    assert len(hub.writes()) == 1
    (config / "bot.yaml").write_text(whole)
    job()
    assert issue.state == "closed"
    assert len(hub.state.pulls()) == len(PROPOSED)


def test_a_path_that_the_file_lacks_is_a_configuration_error_too(
    job: Run, hub: FakeGitHub, config: Path
) -> None:
    text = (config / "models.yaml").read_text()
    renamed = text.replace("tidy_semantic: glm-4.6", "tidy: glm-4.6")
    hub.commit_to_base({"config/models.yaml": renamed}, login="maria")
    with pytest.raises(ConfigError, match=r"use case tidy_semantic: .*no string key"):
        job()
    assert hub.state.pulls() == []
    assert len(hub.state.threads) == 1


def test_no_write_is_ever_forced(job: Run, hub: FakeGitHub) -> None:
    job()
    text = (hub.read("config/models.yaml", "main")).replace("budget:", "budgets:")
    hub.commit_to_base({"config/models.yaml": text}, login="maria")
    job()
    moved = [one for one in hub.writes() if one.method == "PATCH" and "/git/refs/" in one.path]
    assert moved
    assert all(one.json["force"] is False for one in moved)
