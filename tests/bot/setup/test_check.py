# ruff: noqa: F811  # pytest passes fixtures by the names that they are imported under
"""`model-bot check`: every mistake at once, each with its place and a way out."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from bot.setup import check
from bot.setup.check import CheckReport
from model_intelligence.evidence.offline_catalog import OfflineCatalog, offline_catalog
from model_intelligence.sources import TASK_TYPES
from tests.bot.test_cli import Command, checkout, model_bot  # noqa: F401  # fixtures
from tests.conftest import ROOT
from tests.docs.json_shapes import check_shape

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
MODELS = """\
llm:
  model: gpt-5
  cheap: gpt-5-mni
list: [claude-sonnet-4-5]
shared: &one gpt-5
again: *one
"""
WRONG = """\
version: 1
models_file: models.yaml
sorces: [litellm]
sources: [lite]
defaults:
  providers: [openia, google, anthropic]
  task_types: [code, agnetic]
  provider: [zai]
use_cases:
  typo: {paths: [[llm, modle]]}
  mixed: {paths: [[llm, model], [list, 0]]}
  first: {paths: [[llm, model]]}
  second: {paths: [[llm, model]], limits: {max_cost_increse_pct: 3}}
  elsewhere: {file: gone.yaml, paths: [[x]]}
  alias: {paths: [[again]]}
  unknown: {paths: [[llm, cheap]]}
  mapping: {paths: [[llm]]}
  nothing: {paths: []}
"""


@pytest.fixture(scope="module")
def catalog() -> OfflineCatalog:
    return offline_catalog(Path("none"), NOW)


def report(top: Path, catalog: OfflineCatalog, config: str, **others: str) -> CheckReport:
    (top / "config").mkdir(exist_ok=True)
    (top / "models.yaml").write_text(MODELS)
    for name, text in {"bot": config, **others}.items():
        (top / f"config/{name}.yaml").write_text(text)
    return check.check(top, Path("config"), catalog)


def test_every_mistake_is_told_at_once_with_its_place_and_a_way_out(
    tmp_path: Path, catalog: OfflineCatalog
) -> None:
    found = report(tmp_path, catalog, WRONG)
    assert not found.is_clean
    assert "\n".join(check.report_lines(found)) == snapshot("""\
config/bot.yaml:3:1: error: sorces: unknown key; did you mean sources?
config/bot.yaml:4:11: error: sources.0: 'lite' is not a source; did you mean litellm?
config/bot.yaml:6:15: error: defaults.providers.0: no price list has the provider 'openia'; did you mean openai?
config/bot.yaml:7:22: error: defaults.task_types.1: no benchmark measures 'agnetic'; did you mean agentic?
config/bot.yaml:8:3: error: defaults.provider: unknown key; did you mean providers?
config/bot.yaml:10:18: error: use_cases.typo.paths.0: models.yaml:2: there is no string key 'modle' here; did you mean [llm, model]?
config/bot.yaml:11:11: error: use_cases.mixed.paths: its paths name different models (llm.model = gpt-5, list.0 = claude-sonnet-4-5); declare two use cases, or use one model
config/bot.yaml:12:19: error: use_cases.first.paths.0: the use case mixed declares the same place; their proposals would undo each other; remove one
config/bot.yaml:13:20: error: use_cases.second.paths.0: the use case mixed declares the same place; their proposals would undo each other; remove one
config/bot.yaml:13:44: error: use_cases.second.limits.max_cost_increse_pct: unknown key; did you mean max_cost_increase_pct?
config/bot.yaml:14:15: error: use_cases.elsewhere.file: gone.yaml does not exist or is not UTF-8 text; write its path from the repository's top folder
config/bot.yaml:15:19: error: use_cases.alias.paths.0: models.yaml:5: &one is shared with its aliases; write it out in each place first
config/bot.yaml:17:21: error: use_cases.mapping.paths.0: models.yaml:2: this is a list or mapping; let the path end at a value
config/bot.yaml:18:13: error: use_cases.nothing.paths: tuple should have at least 1 item after validation, not 0
models.yaml:3:10: warning: use_cases.unknown: 'gpt-5-mni' is not a model in the bundled price lists; did you mean gpt-5-mini or gpt-5.4-mini or gpt-4o-mini?
✗ 8 use cases in 2 files: 14 errors, 1 warning\
""")  # noqa: E501  # as people see it


def test_a_file_that_is_not_yaml_is_told_with_line_and_column(
    tmp_path: Path, catalog: OfflineCatalog
) -> None:
    found = report(tmp_path, catalog, "version: 1\nuse_cases: [\n", pricing="x: [", aliases="- 1")
    places = [(each.file, each.line, each.message.partition(":")[0]) for each in found.problems]
    assert sorted(places) == [
        ("config/aliases.yaml", 1, "expected a mapping"),
        ("config/bot.yaml", 3, "not valid YAML"),
        ("config/pricing.yaml", 1, "not valid YAML"),
    ]


def test_no_config_is_told_with_the_command_that_makes_one(
    tmp_path: Path, catalog: OfflineCatalog
) -> None:
    [problem] = check.check(tmp_path, Path("config"), catalog).problems
    assert str(problem) == (
        "config/bot.yaml: error: no such file, or not UTF-8 text; `model-bot init` creates it"
    )


def test_a_model_with_an_own_price_is_known(tmp_path: Path) -> None:
    config = "models_file: models.yaml\nuse_cases: {a: {paths: [[llm, cheap]]}}\n"
    (tmp_path / "config").mkdir()
    own = tmp_path / "config/pricing.yaml"
    own.write_text("openai: {gpt-5-mni: {input_per_1k: 1, output_per_1k: 1}}\n")
    assert report(tmp_path, offline_catalog(tmp_path / "config", NOW), config).problems == ()


def test_a_name_that_a_live_source_may_know_is_a_warning(
    tmp_path: Path, catalog: OfflineCatalog
) -> None:
    config = (
        "models_file: models.yaml\nsources: [litellm]\nuse_cases: {a: {paths: [[llm, cheap]]}}\n"
    )
    found = report(tmp_path, catalog, config)
    assert [each.severity for each in found.problems] == ["warning"]
    assert found.is_clean


def test_a_model_that_nobody_allowed_sells_is_a_warning(
    tmp_path: Path, catalog: OfflineCatalog
) -> None:
    config = (
        "models_file: models.yaml\nuse_cases: {a: {paths: [[list, 0]], providers: [mistral]}}\n"
    )
    [problem] = report(tmp_path, catalog, config).problems
    assert problem.severity == "warning"
    assert problem.suggestion.startswith("it is sold by anthropic")


@pytest.mark.parametrize(
    ("name", "then"),
    [("claude-3-5-haiku-20241022", "no cost is compared"), ("gpt-6-luna", "nothing is compared")],
)
def test_a_model_without_a_price_is_a_warning_that_says_what_is_missed(
    tmp_path: Path, catalog: OfflineCatalog, name: str, then: str
) -> None:
    (tmp_path / "m.yaml").write_text(f"model: {name}\n")
    config = "use_cases: {a: {file: m.yaml, paths: [[model]], providers: [mistral]}}\n"
    [problem] = report(tmp_path, catalog, config).problems
    assert problem.severity == "warning"
    assert problem.message == f"no price list has {name} at mistral, so {then}"


def test_the_kinds_of_task_are_those_that_the_boards_give() -> None:
    told = set()
    for path in (ROOT / "model_intelligence/sources").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            given = isinstance(node, ast.keyword) and node.arg == "task_type" and node.value
            if isinstance(given, ast.Constant):
                told.add(given.value)
    assert told
    assert told <= TASK_TYPES


def test_the_shipped_config_is_clean(model_bot: Command) -> None:
    ended = model_bot("check", DATABASE_URL=None)
    assert (ended.code, ended.stderr) == (0, "")
    assert ended.stdout == "✓ 9 use cases in 1 file: 0 errors\n"


def test_programs_are_told_in_a_documented_shape(
    model_bot: Command,
    checkout: Path,
) -> None:
    path = checkout / "config/bot.yaml"
    path.write_text(path.read_text().replace("  providers: ", "  providrs: ", 1))
    ended = model_bot("check", "--format", "json")
    assert ended.code == 1
    told = check_shape("model-bot check", ended.stdout)
    assert told == {
        "version": 1,
        "ok": False,
        "use_cases": 9,
        "files": ["config/models.yaml"],
        "problems": [
            {
                "severity": "error",
                "file": "config/bot.yaml",
                "line": 8,
                "column": 3,
                "key": "defaults.providrs",
                "message": "unknown key",
                "suggestion": "did you mean providers?",
            }
        ],
    }
