"""The whole job, twice, against a real Git repository behind GitHub's API and a real PostgreSQL."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.plan import Leave, Open
from tests.bot.conftest import Run
from tests.fake_github import FakeGitHub

PROPOSED = {
    "builder_medium": ("claude-sonnet-4-5", "glm-5"),
    "builder_high": ("claude-opus-4-6", "claude-opus-4-7"),
    "doctor_strong": ("gemini-2.5-pro", "gpt-5.2"),
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
    pulls = hub.snapshot()["pulls"].values()
    assert {pull["head"] for pull in pulls} == {f"model-bot/{name}" for name in PROPOSED}
    assert all(pull["draft"] and pull["state"] == "open" for pull in pulls)
    for name, (before, after) in PROPOSED.items():
        diff = hub.git("diff", "--unified=0", "main", f"model-bot/{name}").splitlines()
        removed = [line for line in diff if line.startswith("-") and not line.startswith("---")]
        added = [line for line in diff if line.startswith("+") and not line.startswith("+++")]
        assert len(removed) == len(added) == 1
        assert removed[0][1:].replace(before, after) == added[0][1:]
        assert hub.git("rev-list", "--count", f"main..model-bot/{name}").strip() == "1"

    state, stored, writes = hub.snapshot(), rows(engine), len(hub.writes())
    outcomes = job()
    assert all(isinstance(action, Leave) for action, _ in outcomes)
    assert len(hub.writes()) == writes
    assert hub.snapshot() == state
    assert rows(engine) == stored


def test_every_use_case_is_answered_for(job: Run) -> None:
    outcomes = job()
    named = [a.use_case if isinstance(a, Leave) else a.proposal.use_case for a, _ in outcomes]
    assert len(named) == len(set(named)) == 9


def test_a_dry_run_writes_nothing_and_prints_exactly_what_is_sent(
    job: Run, hub: FakeGitHub
) -> None:
    said: list[str] = []
    job(dry_run=True, said=said)
    assert hub.writes() == []
    printed = "\n".join(said)
    job()
    for pull in hub.snapshot()["pulls"].values():
        assert pull["title"] in printed
        assert pull["body"].rstrip("\n") in printed


def test_one_use_case_alone(job: Run, hub: FakeGitHub) -> None:
    outcomes = job(only_use_case="builder_high")
    assert [type(action) for action, _ in outcomes] == [Open]
    assert [pull["head"] for pull in hub.snapshot()["pulls"].values()] == ["model-bot/builder_high"]


def test_a_run_that_died_after_the_branch_is_finished_by_the_next(
    job: Run, hub: FakeGitHub
) -> None:
    job(only_use_case="builder_high")
    whole = hub.snapshot()
    hub.close(1, login="maria")
    hub.faults.add(match=("POST", r"/pulls$"), kind="502_before")
    with pytest.raises(Exception, match="502"):
        job(only_use_case="doctor_strong")
    assert "model-bot/doctor_strong" in hub.git("branch", "--list", "model-bot/*")
    job(only_use_case="doctor_strong")
    assert len(hub.snapshot()["pulls"]) == len(whole["pulls"]) + 1


def test_a_merged_proposal_is_implemented_and_its_successor_judged_anew(
    job: Run, hub: FakeGitHub, engine: Engine
) -> None:
    job(only_use_case="builder_high")
    hub.edit_pull(1, draft=False)
    hub.merge(1, login="maria")
    job(only_use_case="builder_high")
    with engine.connect() as connection:
        statuses = connection.scalars(text("SELECT status FROM model_recommendations ORDER BY id"))
        assert next(iter(statuses)) == "implemented"


def test_a_proposal_that_a_person_closed_is_rejected_and_not_made_again(
    job: Run, hub: FakeGitHub, engine: Engine
) -> None:
    job(only_use_case="builder_high")
    hub.close(1, login="maria")
    [(action, _)] = job(only_use_case="builder_high")
    assert isinstance(action, Leave)
    assert action.reason == "a person closed #1, which proposed claude-opus-4-7"
    assert len(hub.snapshot()["pulls"]) == 1
    with engine.connect() as connection:
        stored = connection.execute(
            text("SELECT status, pull_request_url FROM model_recommendations")
        ).one()
    assert stored.status == "rejected"
    assert stored.pull_request_url.endswith("/acme/widgets/pull/1")


def test_a_no_outlives_the_database(job: Run, hub: FakeGitHub, empty_database_url: str) -> None:
    job(only_use_case="builder_high")
    hub.close(1, login="maria")
    job(only_use_case="builder_high", database_url=empty_database_url)
    assert len(hub.snapshot()["pulls"]) == 1


def test_the_summary_and_the_outputs_tell_what_happened(job: Run, tmp_path: Path) -> None:
    job()
    summary = (tmp_path / "summary.md").read_text()
    assert "| `builder_high` | opened |" in summary
    assert "| `tidy_semantic` | kept |" in summary
    outputs = dict(
        line.split("=", 1) for line in (tmp_path / "output.txt").read_text().splitlines()
    )
    assert (outputs["opened"], outputs["kept"]) == ("3", "6")
    assert outputs["pull-requests"] == "1,2,3"
