"""`model-intel ingest-board`, `resolve` and `unmatched`, as people use them."""

import gzip
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from model_intelligence.cli import app
from model_intelligence.errors import UsageError
from tests.model_intelligence.sources.measure import CHECKOUT

AIDER = """
- {model: GLM-4.6 (high), edit_format: diff, pass_rate_2: 61.3, test_cases: 225,
   date: 2026-01-02, command: aider --model zai/glm-4.6}
- {model: Mystery One, edit_format: diff, pass_rate_2: 1.3, test_cases: 225,
   date: 2026-01-02, command: aider --model maker/mystery}
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    shutil.copytree(CHECKOUT / "config", tmp_path / "config")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_a_board_is_loaded_and_its_names_resolved_and_listed(tmp_path: Path) -> None:
    (tmp_path / "board.yml.gz").write_bytes(gzip.compress(AIDER.encode()))
    assert run("ingest-catalog").exit_code == 0
    loaded = run("ingest-board", "aider", "--file", "board.yml.gz")
    assert loaded.stdout.splitlines() == [
        "✓ Benchmark ingestion complete:",
        "  - Results ingested: 1 (1 new)",
        "  - Left out, not in the catalog: Mystery One",
        "  - Names matched by the source's own map: 1",
    ]
    assert run("resolve", "Claude-Opus-4-5-20251101 (FC)").stdout.splitlines() == [
        "Claude-Opus-4-5-20251101 (FC) -> claude-opus-4-5",
        "  by: pinned snapshot",
        "  mode: function calling",
    ]
    assert run("resolve", "Gemini 3 Pro", "--source", "tau2-bench").stdout.splitlines() == [
        "Gemini 3 Pro -> gemini-3-pro-preview",
        "  by: reviewed alias",
    ]
    assert "no match" in run("resolve", "Gemini 3 Pro").stdout
    assert run("unmatched", "--source", "aider").stdout.splitlines() == [
        "# 1 name to review. First those like a model in use, then",
        "# those like any model, each by how many results hang on it. Put those that you know",
        "# under `aliases:` in config/aliases.yaml, with the `model` (a catalog id) and `why`.",
        "aliases:",
        "  # 1 result",
        '  - name: "Mystery One"',
        '    source: "aider"',
        "    model:",
        "    why:",
    ]


def test_nothing_waits_in_an_empty_database() -> None:
    assert run("unmatched").stdout == "# No name waits; `model-intel ingest-board` finds some.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("ingest-board", "best", "--file", "x"),
            "there is no board 'best'; there are aider, bfcl",
        ),
        (("resolve", "x", "--source", "best"), "there is no board 'best'"),
        (("unmatched", "--source", "best"), "there is no board 'best'"),
        (("ingest-board", "aider", "--file", "none.yml"), "none.yml: cannot be read"),
        (("ingest-board", "bfcl", "--file", "config/bot.yaml"), "not as this board is known"),
        (("ingest-board", "livebench", "--file", "config/bot.yaml"), "are named table_"),
    ],
)
def test_a_mistake_is_told(arguments: tuple[str, ...], message: str) -> None:
    error = run(*arguments).exception
    assert isinstance(error, UsageError)
    assert message in str(error)


def test_a_name_is_resolved_in_the_bundled_lists_where_no_database_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    assert run("resolve", "Claude-Opus-4-5-20251101 (FC)").stdout.splitlines() == [
        "Claude-Opus-4-5-20251101 (FC) -> claude-opus-4-5",
        "  by: pinned snapshot",
        "  mode: function calling",
    ]
    then = run("resolve", "gpt-5", "--as-of", "2026-11-01")
    assert isinstance(then.exception, UsageError)
    assert "DATABASE_URL is not set" in str(then.exception)
