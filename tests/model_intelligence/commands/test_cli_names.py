"""Leaderboards from files, `model-intel resolve` and `unmatched`, as people use them."""

import gzip
import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from model_intelligence import sources
from model_intelligence.cli import app
from model_intelligence.errors import ModelIntelligenceError, UsageError
from model_intelligence.ingest.source_run import UNMATCHED
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.sources.source import Source
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
        "✓ aider: 2 rows (1 new or changed)",
        f"  - Left out: 1 with {UNMATCHED}",
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
    assert run("unmatched").stdout == "# No name is waiting for review.\n"


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


INDICES = {
    "data": [
        {
            "name": "Mystery Two",
            "evaluations": {"artificial_analysis_coding_index": 31.5},
        }
    ]
}
WAITING = ['  - name: "Mystery Two"', '    source: "artificial-analysis"']


def test_a_leaderboard_with_a_key_is_a_source_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "indices.json").write_text(json.dumps(INDICES))
    source = ("--source", "artificial-analysis")
    assert run("ingest-sources", *source, "--file", "indices.json").exception is None
    assert run("unmatched", *source).stdout.splitlines()[5:7] == WAITING
    assert "no match" in run("resolve", "Mystery Two", *source).stdout


def ours(_: bytes) -> Iterator[BenchmarkRow]:
    yield BenchmarkRow("GLM-4.6", "Our tests", "percent", Decimal(60), "code")
    yield BenchmarkRow("Mystery Three", "Our tests", "percent", Decimal(50), "code")


OURS = Source("ours", "benchmarks", "https://example.org", "our own", ours)


def test_a_plug_in_leaderboard_is_a_source_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = EntryPoint("ours", f"{__name__}:OURS", sources.ENTRY_POINTS)
    monkeypatch.setattr(sources, "entry_points", lambda group: [plugin])
    (tmp_path / "ours.csv").write_text("any")
    run("ingest-catalog")
    loaded = run("ingest-sources", "--source", "ours", "--file", "ours.csv").stdout
    assert loaded.splitlines()[0] == "✓ ours: 2 rows (1 new or changed)"
    assert '  - name: "Mystery Three"' in run("unmatched", "--source", "ours").stdout
    assert "-> glm-4.6" in run("resolve", "GLM-4.6", "--source", "ours").stdout


def test_a_leaderboards_file_given_again_takes_in_the_names_reviewed_since(tmp_path: Path) -> None:
    (tmp_path / "board.yml").write_text(AIDER)
    run("ingest-catalog")
    load = ("ingest-sources", "--source", "aider", "--file", "board.yml")
    run(*load)
    with (tmp_path / "config" / "aliases.yaml").open("a") as aliases:
        aliases.write("  - {name: Mystery One, source: aider, model: glm-4.7, why: its page}\n")
    assert run(*load).stdout == "✓ aider: 2 rows (1 new or changed)\n"


def test_an_older_release_from_a_file_is_stored_though_it_has_fewer_rows(tmp_path: Path) -> None:
    for release, models in (("2026_06_25", 4), ("2026_01_08", 1)):
        rows = "".join(f"m{number},50\n" for number in range(models))
        (tmp_path / f"table_{release}.csv").write_text(f"model,python\n{rows}")
    for release, seen in (("2026_06_25", 4), ("2026_01_08", 1)):
        loaded = run("ingest-board", "livebench", "--file", f"table_{release}.csv").stdout
        assert loaded.startswith(f"✓ livebench: {seen} rows")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("ingest-board", "best", "--file", "x"),
            "--source: 'best' is not a source; there are litellm, ",
        ),
        (("resolve", "x", "--source", "best"), "--source: 'best' is not a source"),
        (("unmatched", "--source", "best"), "--source: 'best' is not a source"),
        (("ingest-board", "aider", "--file", "none.yml"), "none.yml: cannot be read"),
        (("ingest-board", "livebench", "--file", "config/bot.yaml"), "are named table_"),
        (
            ("ingest-board", "bfcl", "--file", "config/bot.yaml", "--map", "config/bot.yaml"),
            "config/bot.yaml: not a table of names and API ids: bfcl: ",
        ),
        (
            ("ingest-board", "aider", "--file", "config/bot.yaml", "--map", "config/bot.yaml"),
            "aider has no table of names and API ids: leave out --map",
        ),
        (
            ("ingest-sources", "--source", "bfcl", "--map", "config/bot.yaml"),
            "--map belongs to a leaderboard's file: give --file with it",
        ),
    ],
)
def test_a_mistake_is_told(arguments: tuple[str, ...], message: str) -> None:
    error = run(*arguments).exception
    assert isinstance(error, ModelIntelligenceError)
    assert message in str(error)
