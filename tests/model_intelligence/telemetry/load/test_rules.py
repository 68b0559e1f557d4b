"""Roles and use cases by rules of bot.yaml; retention on the command line."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from model_intelligence.cli import app
from model_intelligence.config import yaml_file
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.config.yaml_file import ConfigError
from model_intelligence.errors import UsageError
from model_intelligence.telemetry.event import NO_LABELS, Labels, UsageEvent
from model_intelligence.telemetry.formats.native import normalise
from model_intelligence.telemetry.load.rules import assigner
from tests.model_intelligence.telemetry.shapes import calls, native

START = """\
use_cases:
  reviewer: {paths: [[reviewer]]}
telemetry:
  rules:
"""
RULES = """\
    - {match: {tag: "team:*", prompt_name: "review/*"}, role: reviewer, use_case: reviewer}
    - {match: {tag: "team:*"}, role: other}
    - {match: {workflow_name: nightly}, role: night}
    - {match: {role: cr}, use_case: reviewer}
"""


def assigned(labels: Labels = NO_LABELS, **said: str | None) -> tuple[str | None, str | None]:
    found = normalise({**native(calls(1)[0]), "role": None, "use_case": None, **said})
    assert isinstance(found, UsageEvent)
    config = yaml_file.parse(START + RULES, BotConfig, name="bot.yaml")
    event = assigner(config.telemetry.rules)(found._replace(labels=labels))
    return event.role, event.use_case


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (Labels(), (None, None)),
        (Labels(tags=("x", "team:a"), prompt_name="review/2"), ("reviewer", "reviewer")),
        (Labels(tags=("team:a",), prompt_name="summary"), ("other", None)),
        (Labels(tags=("teams:a",), prompt_name="review/2"), (None, None)),
        (Labels(workflow_name="nightly"), ("night", None)),
        (Labels(workflow_name="Nightly"), (None, None)),
        (Labels(workflow_name="nightly-2"), (None, None)),
    ],
)
def test_the_first_rule_whose_every_key_fits_decides(
    labels: Labels, expected: tuple[str | None, str | None]
) -> None:
    assert assigned(labels) == expected


def test_what_an_event_says_itself_stays() -> None:
    night = Labels(workflow_name="nightly")
    assert assigned(night, role="day") == ("day", None)
    assert assigned(role="cr") == ("cr", "reviewer")
    assert assigned(role="cr", use_case="mine") == ("cr", "mine")


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (
            "    - {match: {tag: a}, use_case: reviwer}\n",
            "bot.yaml:5: telemetry.rules.0.use_case: no use case has this name",
        ),
        (
            "    - {match: {tag: a}, role: b}\n    - {match: {}, role: b}\n",
            "bot.yaml:6: telemetry.rules.1.match: value error, name at least one of role, tag, "
            "prompt_name, workflow_name",
        ),
        (
            "    - {match: {tag: a}}\n",
            "bot.yaml:5: telemetry.rules.0: value error, name a role or a use_case to assign",
        ),
        (
            "    - {match: {tags: a}, role: b}\n",
            "bot.yaml:5: telemetry.rules.0.match.tags: unknown key; remove it, or check its "
            "spelling",
        ),
    ],
)
def test_a_mistake_in_a_rule_is_told_by_its_line(rule: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        yaml_file.parse(START + rule, BotConfig, name="bot.yaml")
    assert told in str(refused.value).splitlines()


@time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False)
def test_old_months_are_dropped_once_they_are_counted_and_it_says_which(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    insert = "INSERT INTO llm_usage_events (event_id, created_at, provider, model) VALUES "
    with engine.begin() as connection:
        connection.execute(
            text(insert + "('a', '2026-07-31', 'p', 'm'), ('b', '2026-08-30', 'p', 'm')")
        )
        connection.execute(text(insert + "('c', '2026-11-22', 'p', 'm')"))
    done = CliRunner().invoke(app, ["compute-runtime-stats", "--keep-days", "90"])
    assert done.stdout.splitlines() == [
        "✓ Runtime stats computed for 2026-10-25 to 2026-11-24 (the last day not included):",
        "  - Days aggregated: 3 with 3 calls",
        "  - Rows: 1 new, 0 changed",
        "✓ Deleted 1 calls of 2026-07, older than 90 days",
    ], done.exception
    again = CliRunner().invoke(app, ["compute-runtime-stats", "--keep-days", "90"])
    assert again.stdout.splitlines()[-1] == "✓ No month of calls is older than 90 days"


def test_what_is_to_be_counted_is_not_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(app, ["compute-runtime-stats", "--keep-days", "7"])
    assert isinstance(done.exception, UsageError)
    assert (
        str(done.exception)
        == "--keep-days is less than --window-days; keep at least the days of the window"
    )
