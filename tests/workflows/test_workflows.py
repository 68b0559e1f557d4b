"""The workflow files: what the linters say, what they pin and may do, and what they do when run."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.conftest import ROOT
from tests.fake_github import FakeGitHub
from tests.workflows.conftest import ACTION, PINNED, TOKEN, WORKFLOWS, Act

MODEL_BOT = WORKFLOWS / "model-bot.yml"
REPORT_PAGES = WORKFLOWS / "report-pages.yml"
FILES = sorted(WORKFLOWS.glob("*.yml"))
WITH_STEPS = [*FILES, ACTION]
LINTERS = {
    "zizmor": ["zizmor", "--offline", "--quiet", "--no-progress", "--persona=auditor", ".github"],
    "workflow schema": [
        *("check-jsonschema", "--builtin-schema", "vendor.github-workflows"),
        *(str(path) for path in FILES),
    ],
    "action schema": [
        *("check-jsonschema", "--builtin-schema", "vendor.github-actions", str(ACTION))
    ],
    "dependabot schema": [
        *("check-jsonschema", "--builtin-schema", "vendor.dependabot", ".github/dependabot.yml")
    ],
}
CALLED = f"octo/model-bot/.github/workflows/model-bot.yml@{'c' * 40}"


def load(text: str) -> dict[str, Any]:
    return dict(YAML(typ="safe").load(text))


def steps(path: Path) -> list[dict[str, Any]]:
    """The steps of a workflow's jobs, or of an action."""
    found = load(path.read_text())
    jobs = found["jobs"].values() if "jobs" in found else [found["runs"]]
    return [step for job in jobs for step in job.get("steps", ())]


@pytest.mark.parametrize("command", LINTERS.values(), ids=LINTERS)
def test_linters_find_nothing(command: list[str]) -> None:
    binary = Path(sys.executable).with_name(command[0])
    done = subprocess.run(
        [binary, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WITH_STEPS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_commit_with_its_version_beside(path: Path) -> None:
    used = [step["uses"] for step in steps(path) if not step.get("uses", "./").startswith("./")]
    assert used
    assert [match[0] for match in PINNED.findall(path.read_text())] == used


def test_an_action_has_the_same_pin_everywhere() -> None:
    found = {match[1:] for path in WITH_STEPS for match in PINNED.findall(path.read_text())}
    assert len(found) == len({name for name, _ in found})


@pytest.mark.parametrize("path", WITH_STEPS, ids=lambda path: path.name)
def test_no_expression_is_pasted_into_a_script(path: Path) -> None:
    scripts = [step["run"] for step in steps(path) if "run" in step]
    assert [script for script in scripts if "${{" in script] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_checkout_leaves_a_token_behind(path: Path) -> None:
    checkouts = [step for step in steps(path) if "actions/checkout" in step.get("uses", "")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_permissions_are_given_to_single_jobs_and_are_no_more_than_needed() -> None:
    given: dict[str, dict[str, str]] = {}
    for path in FILES:
        workflow = load(path.read_text())
        assert workflow["permissions"] == {}
        given |= {name: job["permissions"] for name, job in workflow["jobs"].items()}
    assert given == {
        "model-bot": {
            "contents": "write",
            "pull-requests": "write",
            "issues": "write",
            "statuses": "write",
        },
        "test": {"contents": "read"},
        "build": {"contents": "read"},
        "publish": {"contents": "write", "id-token": "write", "attestations": "write"},
        "report": {"pages": "write", "id-token": "write"},
    }


def test_a_person_and_a_calling_workflow_have_the_same_inputs() -> None:
    triggers = load(MODEL_BOT.read_text())["on"]
    dispatched, called = (
        triggers["workflow_dispatch"]["inputs"],
        triggers["workflow_call"]["inputs"],
    )
    assert {name: called[name] for name in dispatched} == dispatched


def test_the_workflow_passes_on_all_that_the_action_takes_and_gives() -> None:
    action, workflow = load(ACTION.read_text()), load(MODEL_BOT.read_text())
    [passed] = [step["with"] for step in steps(MODEL_BOT) if step.get("id") == "bot"]
    assert passed.keys() == action["inputs"].keys()
    called = workflow["on"]["workflow_call"]["outputs"]
    assert called.keys() == action["outputs"].keys()
    told = [
        {name: one["description"] for name, one in x.items()} for x in (called, action["outputs"])
    ]
    assert told[0] == told[1]


def test_the_schedule_opens_drafts_and_keeps_the_history(
    act: Act, hub: FakeGitHub, surroundings: dict[str, str], stubs: dict[str, Path]
) -> None:
    ran = act("schedule", secrets={"GITHUB_TOKEN": TOKEN}, variables=surroundings, stubs=stubs)
    assert ran.succeeded, ran.log

    pulls = hub.state.pulls()
    heads = {pull.head for pull in pulls}
    assert "model-bot/builder_high" in heads
    assert all(pull.draft and pull.state == "open" for pull in pulls)

    assert ran.outputs["opened"] == str(len(heads))
    assert ran.outputs["updated"] == "0"
    assert ran.outputs["pull-requests"].count(",") == len(heads) - 1
    assert ran.outputs["urls"].split()[0] == "https://github.com/acme/widgets/pull/1"
    assert "Summary - ## Model choices\n" in ran.log
    assert "| `builder_high` | proposed | opened |" in ran.log

    first, second, restored, saved, kept = ran.stubbed
    assert first == "checkout '' 'main' into ''"
    assert second == "checkout 'acme/widgets' '' into '.model-bot/source'"
    asked = re.fullmatch(r"restore '.model-bot/postgres' '(.+-)1-1' or '(.+)'", restored)
    assert asked
    assert asked[1] == asked[2]
    major = ran.outputs["postgresql"]
    assert asked[1].startswith(f"model-bot-postgresql-{major}-")
    assert kept.endswith("/model-bot-report' as 'model-bot-report'")
    assert saved == f"save '.model-bot/postgres' of PostgreSQL {major} '{asked[1]}1-1'"

    assert TOKEN not in ran.log


def test_a_dry_run_writes_nothing_to_github_or_the_cache(
    act: Act, hub: FakeGitHub, surroundings: dict[str, str], stubs: dict[str, Path]
) -> None:
    ran = act(
        "workflow_dispatch",
        secrets={"GITHUB_TOKEN": TOKEN},
        inputs={"dry-run": "true", "use-case": "builder_high"},
        variables=surroundings,
        stubs=stubs,
    )
    assert ran.succeeded, ran.log
    assert hub.requests
    assert hub.writes() == []
    assert "Summary - ## Model choices (dry run: nothing was written)" in ran.log
    assert "title: " in ran.log
    assert [line.split()[0] for line in ran.stubbed] == [
        "checkout",
        "checkout",
        "restore",
        "upload",
    ]
    assert TOKEN not in ran.log


def test_a_hostile_input_is_only_a_wrong_name(
    act: Act,
    hub: FakeGitHub,
    surroundings: dict[str, str],
    stubs: dict[str, Path],
    tmp_path: Path,
) -> None:
    proof = tmp_path / "pwned"
    hostile = f'"; touch {proof}; echo "$(touch {proof})`touch {proof}`'
    ran = act(
        "workflow_dispatch",
        secrets={"GITHUB_TOKEN": TOKEN},
        inputs={"use-case": hostile},
        variables=surroundings,
        stubs=stubs,
    )
    assert not ran.succeeded
    assert not proof.exists()
    assert f"error: {hostile!r} is not a use case of bot.yaml" in ran.log
    assert hub.writes() == []
    assert not any(line.startswith("save") for line in ran.stubbed)
    assert TOKEN not in ran.log


def test_another_repository_uses_it_as_the_comment_says(
    act: Act,
    hub: FakeGitHub,
    surroundings: dict[str, str],
    stubs: dict[str, Path],
    database_url: str,
) -> None:
    act.write_workflow("caller.yml", caller())
    ran = act(
        "workflow_dispatch",
        workflow="caller.yml",
        secrets={"MODEL_BOT_TOKEN": TOKEN, "DATABASE_URL": database_url},
        variables=surroundings,
        stubs={**stubs, f"octo/model-bot@{'c' * 40}": ROOT},
    )
    assert ran.succeeded, ran.log
    assert [pull.head for pull in hub.state.pulls()] == ["model-bot/builder_high"]
    assert ran.stubbed[:2] == [
        "checkout '' 'main' into ''",
        "checkout 'octo/model-bot' 'v1' into '.model-bot/source'",
    ]
    assert [line.split()[0] for line in ran.stubbed[2:]] == ["upload", "download", "pages"]
    assert "page at https://acme.github.io/widgets/" in ran.log
    received = re.search(r"received: (\{.*\})", ran.log)
    assert received
    assert json.loads(received[1]) == {
        "opened": "1",
        "updated": "0",
        "kept": "0",
        "failed": "0",
        "held-back": "0",
        "pull-requests": "1",
        "urls": "https://github.com/acme/widgets/pull/1",
    }
    assert TOKEN not in ran.log
    assert database_url not in ran.log


def test_a_workflow_of_ones_own_uses_the_action_as_one_step(
    act: Act, hub: FakeGitHub, surroundings: dict[str, str], stubs: dict[str, Path]
) -> None:
    """The lines at the top of action.yml, with a dry run and a use case."""
    comment = re.search(r"^#   permissions:.*\n(?:^#    ? ?.*\n)+", ACTION.read_text(), re.M)
    assert comment
    job = load(re.sub(r"^# {3}", "", comment[0], flags=re.M))
    checkout, bot = job["steps"]
    checkout["uses"] = next(name for name in stubs if name.startswith("actions/checkout@"))
    bot["uses"] = bot["uses"].replace("OWNER", "octo").replace("COMMIT_SHA", "c" * 40)
    bot["id"], bot["with"]["use-case"] = "bot", "builder_high"
    reader = {"run": "echo received: $URLS", "env": {"URLS": "${{ steps.bot.outputs.urls }}"}}
    job |= {"runs-on": "ubuntu-latest", "steps": [checkout, bot, reader]}
    text = io.StringIO()
    YAML(typ="safe").dump({"on": "workflow_dispatch", "jobs": {"models": job}}, text)
    act.write_workflow("own.yml", text.getvalue())
    ran = act(
        "workflow_dispatch",
        workflow="own.yml",
        secrets={"MODEL_BOT_TOKEN": TOKEN},
        variables=surroundings,
        stubs={**stubs, f"octo/model-bot@{'c' * 40}": ROOT},
    )
    assert ran.succeeded, ran.log
    assert [pull.head for pull in hub.state.pulls()] == ["model-bot/builder_high"]
    assert "received: https://github.com/acme/widgets/pull/1" in ran.log
    assert [line.split()[0] for line in ran.stubbed] == ["checkout", "restore", "save", "upload"]
    assert TOKEN not in ran.log


def caller() -> str:
    """The five lines at the top of model-bot.yml, with inputs, a database and a job that reads.

    The bot's repository is named because act, like GitHub Enterprise Server, has no job.workflow_*.
    """
    comment = re.search(r"^#   jobs:\n(?:^#    .*\n)+", MODEL_BOT.read_text(), re.M)
    assert comment
    assert comment[0].count("\n") == 5
    workflow = load(re.sub(r"^# {3}", "", comment[0], flags=re.M))
    job = workflow["jobs"]["model-bot"]
    job["uses"] = job["uses"].replace("OWNER", "octo").replace("COMMIT_SHA", "c" * 40)
    assert job["uses"] == CALLED
    job["with"] = {"use-case": "builder_high", "bot-repository": "octo/model-bot", "bot-ref": "v1"}
    job["secrets"]["DATABASE_URL"] = "${{ secrets.DATABASE_URL }}"
    pages = re.search(r"^#   publish:\n(?:^#     .*\n)+", REPORT_PAGES.read_text(), re.M)
    assert pages
    workflow["jobs"] |= load(re.sub(r"^# {3}", "", pages[0], flags=re.M))
    publish = workflow["jobs"]["publish"]
    publish["uses"] = publish["uses"].replace("OWNER", "octo").replace("COMMIT_SHA", "c" * 40)
    workflow["jobs"]["reader"] = {
        "needs": ["model-bot", "publish"],
        "runs-on": "ubuntu-latest",
        "env": {
            "RECEIVED": "${{ toJSON(needs.model-bot.outputs) }}",
            "PAGE": "${{ needs.publish.outputs.url }}",
        },
        "steps": [{"run": "echo received: $RECEIVED"}, {"run": "echo page at $PAGE"}],
    }
    text = io.StringIO()
    YAML(typ="safe").dump({"on": "workflow_dispatch", **workflow}, text)
    return text.getvalue()
