"""`model-intel backtest` on a small pack, with no database configured."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from model_intelligence.backtest.decide import from_line
from model_intelligence.cli import app
from tests.docs.json_shapes import check_shape
from tests.model_intelligence.backtest.test_pack import DATA, JUNE, PACK, SEPTEMBER


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)


def backtest(decisions: Path, *arguments: str) -> str:
    command = ["backtest", str(PACK), "--data", str(DATA), "--decisions", str(decisions)]
    done = CliRunner().invoke(app, [*command, *arguments], catch_exceptions=False)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def test_every_decision_is_written_and_the_figures_are_printed(tmp_path: Path) -> None:
    decisions = tmp_path / "decisions.jsonl"
    printed = backtest(decisions)
    made = [from_line(line) for line in decisions.read_text().splitlines()]
    assert [(each.observed_at, each.scope, each.decision) for each in made] == [
        (JUNE, "own", "keep"),
        (JUNE, "all", "keep"),
        (SEPTEMBER, "own", "propose"),
        (SEPTEMBER, "all", "propose"),
    ]
    assert "Own provider\n  Decisions: 2 of the 2 that the pack asks for\n" in printed
    assert "  Missed upgrades: 1 of 1 (100.0 %)" in printed


def test_the_figures_as_json_have_the_documented_shape(tmp_path: Path) -> None:
    printed = backtest(tmp_path / "decisions.jsonl", "--format", "json", "--without", "epoch")
    figures = check_shape("model-intel backtest", printed)
    assert (figures["pack"], figures["without"]) == ("pack", ["epoch"])
    assert figures["own"]["classes"]["quality"]["better"] == 1


def test_figures_can_be_left_out(tmp_path: Path) -> None:
    left_out = ["--without", "epoch", "--without", "livebench"]
    printed = backtest(tmp_path / "decisions.jsonl", "--format", "json", *left_out)
    # The only source left was public on the day of the proposal.
    assert json.loads(printed)["own"]["classes"]["quality"]["judged"] == 0


def test_the_page_of_the_record_is_markdown(tmp_path: Path) -> None:
    printed = backtest(tmp_path / "decisions.jsonl", "--format", "markdown")
    assert printed.startswith("# Track record\n")
    assert "## pack: 2 dates from 2025-06-01 to 2025-09-01\n" in printed


def test_files_that_cannot_be_read_are_named_on_standard_error(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    for path in PACK.rglob("*"):
        if path.is_file():
            copied = pack / path.relative_to(PACK)
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_text("no list" if path.name == "late.yml" else path.read_text())
    command = ["backtest", str(pack), "--data", str(DATA), "--decisions", str(tmp_path / "made")]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0
    assert done.stderr.startswith(f"2025-09-01: {pack}/aider/late.yml: it has a new shape")
