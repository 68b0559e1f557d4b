# ruff: noqa: F811  # pytest passes fixtures by the names that they are imported under
"""docs/command-line.md names every command and option of its table, and shows what is printed."""

import re
from enum import StrEnum

import pytest
from sqlalchemy import Engine, text
from typer import Typer
from typer.main import get_command

from bot.cli import app as bot
from model_intelligence.cli import app as intel
from tests.docs.json_shapes import PAGE, check_shape, documented
from tests.model_intelligence.test_cli import (  # noqa: F401  # fixtures
    Command,
    database_url,
    done,
    filled,
    here,
    recommended,
)

ROW = re.compile(r"^\| `(?P<name>model-\w+ [\w-]+)` \|.*\| (?P<json>yes)? ?\| (?P<asof>yes)? ?\|$")
PROGRAMS: dict[str, Typer] = {"model-bot": bot, "model-intel": intel}
RECOMMEND = ("--use-case", "tidy_semantic", "--current-model", "glm-4.6")


def options(program: str) -> dict[str, tuple[bool, bool]]:
    """command -> whether it has `--format json` and `--as-of`."""
    found = {}
    for name, command in get_command(PROGRAMS[program]).commands.items():  # type: ignore[attr-defined]
        if command.hidden:  # the former name of another one
            continue
        given = {option: each for each in command.params for option in each.opts}
        written = type(getattr(given.get("--format"), "default", None))
        speaks = issubclass(written, StrEnum) and {"text", "json"} <= set(written)
        found[f"{program} {name}"] = (speaks, "--as-of" in given)
    return found


def test_the_table_has_every_command_with_its_options() -> None:
    rows = (ROW.match(line) for line in PAGE.read_text(encoding="utf-8").splitlines())
    table = {row["name"]: (bool(row["json"]), bool(row["asof"])) for row in rows if row}
    assert table == options("model-bot") | options("model-intel")


def test_every_command_that_speaks_json_shows_its_shape() -> None:
    speaking = {
        name for program in PROGRAMS for name, (json, _) in options(program).items() if json
    }
    assert speaking == documented().keys()


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("recommend", (*RECOMMEND, "--explain")),
        ("recommend", (*RECOMMEND, "--explain", "--persist")),
        ("report", ()),
        ("propose-patch", ("--recommendation-id", "1")),
        ("evidence", ("price:1",)),
        ("sources", ()),
        ("resolve", ("glm-4.7",)),
        ("resolve", ("glm-4.77-exp (high)",)),
        ("unmatched", ()),
    ],
)
def test_what_is_printed_has_the_documented_shape(
    recommended: Command, engine: Engine, name: str, arguments: tuple[str, ...]
) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO unmatched_names (source, name, reason, rows, first_seen, last_seen) "
                "VALUES ('aider', 'GLM 4.77', 'no model of the catalog has this name', 2, now(), "
                "now())"
            )
        )
        connection.execute(
            text(
                "INSERT INTO source_runs (source, started_at, status, rows) "
                "VALUES ('litellm', now(), 'stored', 4321)"
            )
        )
    told = check_shape(
        f"model-intel {name}", done(recommended(name, *arguments, "--format", "json"))
    )
    assert told["version"] == 1
    shown = next((value for key, value in told.items() if key not in {"version", "problems"}), None)
    assert shown


def test_only_what_is_asked_for_is_explained(recommended: Command) -> None:
    printed = done(recommended("recommend", *RECOMMEND, "--format", "json"))
    check_shape("model-intel recommend", printed, optional=frozenset({"candidates", "excluded"}))


def test_staying_is_told_with_its_reason(recommended: Command) -> None:
    arguments = ("--use-case", "builder_low", "--current-model", "claude-haiku-4-5")
    printed = done(recommended("recommend", *arguments, "--explain", "--format", "json"))
    told = check_shape("model-intel recommend", printed)
    assert told["decision"] == "keep"
    assert all(each["objection"] for each in told["recommendations"])
    assert "can be compared with claude-haiku-4-5: no benchmark result" in told["reason"]
