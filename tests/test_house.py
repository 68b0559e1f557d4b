"""The rules of the house: who imports whom, what is shipped and pinned, what is never there."""

import ast
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from model_intelligence import cli
from model_intelligence.config.bot_yaml import BotConfig, json_schema
from tests import house_figures as layout
from tests.conftest import ROOT

# Folders and modules that take values and give values.
PURE = re.compile(
    r"bot/(plan|pull_request)/\w+\.py"
    r"|bot/forge/(authorship|github_query|port)\.py"
    r"|model_intelligence/backtest/(as_json|decide|hindsight|judge|reliability|trimmed_lists)\.py"
    r"|model_intelligence/(config|decision|explanation|naming|observations|pricing|stats)/[\w/]+\.py"
    r"|model_intelligence/(patcher|recommender|records)\.py"
    r"|model_intelligence/ingest/(catalog_builder|retired_models)\.py"
    r"|model_intelligence/report/(as_json|backtest_text|charts|contents|record_text)\.py"
    r"|model_intelligence/report/(reliability_chart|scales|terminal_text|track_record)\.py"
    r"|model_intelligence/scorecards/(outcomes|text|values)\.py"
    r"|model_intelligence/sentiment/(mentions|read_post|search_terms)\.py"
    r"|model_intelligence/telemetry/(event|formats/\w+|engines/fold_sql)\.py"
)
READS_FILES = {  # in a pure folder, each with its reason
    "bot/pull_request/templating.py",  # templates are files
    "model_intelligence/config/aliases_yaml.py",  # the user's files
    "model_intelligence/config/models_yaml.py",
    "model_intelligence/config/yaml_file.py",
}
ISSUES_SQL = re.compile(
    r"bot/(setup/doctor|memory|run|status)\.py"  # the name of the engine's type, or the session's
    r"|migrations/.*"
    r"|model_intelligence/(backtest/ledger|db|embedded_postgres|models|recommendations|refresh|runtime_stats"
    r"|\w+_ingest|sentiment/ingest|evidence/load|ledger/\w+|ingest/\w+"
    r"|scorecards/(keep|measure|store)"
    r"|telemetry/(aggregate/\w+|engines/postgres|load/(copy_batches|partitions|tables)))\.py"
)
TYPES_ONLY = {
    "bot/setup/doctor.py": {"Engine"},
    "bot/run.py": {"Engine"},
    "bot/status.py": {"Engine"},
    "bot/memory.py": {"Engine", "Session"},
    "model_intelligence/backtest/ledger.py": {"Engine", "Session"},
    "model_intelligence/refresh.py": {"Engine", "Session"},
    "model_intelligence/scorecards/keep.py": {"Session"},
}
OUTSIDE_WORLD = {
    *("asyncio", "ftplib", "glob", "http", "httpx", "io", "logging", "multiprocessing", "os"),
    *("pathlib", "psycopg2", "random", "requests", "secrets", "shutil", "signal", "socket"),
    *("sqlalchemy", "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib3", "uuid"),
}
CLOCKS_AND_DOORS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"),
    *("os.environ", "os.getenv", "open", "input", "print", "exec", "eval", "__import__"),
}


@cache
def tracked() -> tuple[str, ...]:
    """Every file that is or is about to be in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return tuple(sorted({name for name in listed.split("\0") if name and (ROOT / name).exists()}))


def modules(*folders: str) -> list[str]:
    return [name for name in tracked() if name.endswith(".py") and name.split("/")[0] in folders]


SHIPPED = modules("bot", "model_intelligence", "migrations")
PURE_MODULES = [name for name in SHIPPED if PURE.fullmatch(name) and name not in READS_FILES]


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"), name)


def imports(name: str) -> Iterator[tuple[str, str | None]]:
    """(module, imported name) of every import, also those inside functions."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name}:{node.lineno}: imports are absolute here"
            yield from ((node.module or "", alias.name) for alias in node.names)


def packages(name: str) -> set[str]:
    return {module.partition(".")[0] for module, _ in imports(name)}


def named(name: str) -> set[str]:
    """Every name that a module uses, of a dotted one the last two parts."""
    used = (node for node in ast.walk(tree(name)) if isinstance(node, (ast.Name, ast.Attribute)))
    return {".".join(ast.unparse(node).split(".")[-2:]) for node in used}


# Imports


def test_the_rules_are_about_modules_that_exist() -> None:
    assert set(SHIPPED) >= READS_FILES | TYPES_ONLY.keys()
    assert len(SHIPPED) > 200
    assert len(PURE_MODULES) > 90


def test_the_core_never_imports_the_bot() -> None:
    core = [name for name in SHIPPED if not name.startswith("bot/")]
    assert [name for name in core if "bot" in packages(name)] == []


def test_nothing_that_is_shipped_imports_the_tests() -> None:
    assert [name for name in SHIPPED if "tests" in packages(name)] == []


def test_one_module_speaks_with_github_and_none_shadows_it() -> None:
    assert [name for name in SHIPPED if "github" in packages(name)] == ["bot/forge/github.py"]
    assert "bot/github.py" not in tracked()


def test_sql_is_issued_in_its_places_only() -> None:
    users = {name for name in SHIPPED if packages(name) & {"sqlalchemy", "alembic", "psycopg2"}}
    assert {name for name in users if not ISSUES_SQL.fullmatch(name)} == set()
    for name, types in TYPES_ONLY.items():
        taken = {what for module, what in imports(name) if module.startswith("sqlalchemy")}
        assert taken == types, name


@pytest.mark.parametrize("name", PURE_MODULES)
def test_a_pure_module_knows_no_outside_world(name: str) -> None:
    assert packages(name) & OUTSIDE_WORLD == set()
    assert named(name) & CLOCKS_AND_DOORS == set()


LOADED = """
from importlib import import_module
import sys
{}
print(*sys.modules.keys() & {{"sqlalchemy", "alembic", "psycopg2"}})
"""


def loaded_by(program: str) -> str:
    """Which of the database's libraries a program has loaded at its end."""
    return subprocess.run(
        [sys.executable, "-c", LOADED.format(program)],
        env={"PATH": os.environ["PATH"]},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()[-1]


def test_pure_modules_load_no_database() -> None:
    names = [name.removesuffix(".py").replace("/", ".") for name in PURE_MODULES]
    assert loaded_by("".join(f"import_module({name!r})\n" for name in names)) == ""


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("bot", ("--help",)),
        ("bot", ("init", "--dry-run", "--force", "--bot", "acme/model-bot")),
        ("bot", ("check",)),
        ("model_intelligence", ("--help",)),
        ("model_intelligence", ("schema",)),
        ("model_intelligence", ("resolve", "GPT-5")),
    ],
)
def test_a_command_that_needs_no_database_loads_none(
    program: str, arguments: tuple[str, ...]
) -> None:
    run = f"import_module('{program}.cli').app({arguments!r}, standalone_mode=False)"
    assert loaded_by(run) == ""


def test_a_command_that_needs_a_database_is_seen_to_load_it() -> None:
    assert "sqlalchemy" in loaded_by("import_module('model_intelligence.db')")


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime\nx = datetime.now()",
        "import datetime\nx = datetime.datetime.now()",
        "import os.path",
        "def f():\n    from time import sleep",
        "with open('x') as f: f",
    ],
)
def test_the_rule_of_purity_can_be_broken(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "impure.py").write_text(text)
    monkeypatch.setattr("tests.test_house.ROOT", tmp_path)
    tree.cache_clear()
    assert packages("impure.py") & OUTSIDE_WORLD or named("impure.py") & CLOCKS_AND_DOORS
    tree.cache_clear()


@pytest.mark.parametrize("name", modules("bot", "model_intelligence", "migrations", "tests"))
def test_a_module_says_what_it_is_for(name: str) -> None:
    assert not tree(name).body or ast.get_docstring(tree(name))


# The layout in figures

SOURCES = {name: (ROOT / name).read_text(encoding="utf-8") for name in modules(*layout.PACKAGES)}


def test_a_folder_can_be_taken_in_at_a_glance() -> None:
    crowded = {folder for folder, count in layout.flat_files(SOURCES).items() if count > 15}
    assert crowded <= {"model_intelligence/sources"}  # one file a source, however many there are


def test_functions_are_short() -> None:
    assert layout.percentile_90(layout.function_lengths(SOURCES)) <= 20


def test_a_public_type_name_has_one_meaning() -> None:
    assert layout.duplicate_types(SOURCES) == {}


def test_the_figures_count_what_they_say_they_count() -> None:
    sources = {
        "bot/__init__.py": '"""Nothing here."""\n',
        "bot/run.py": (
            '"""The story."""\n'
            "from typing import TYPE_CHECKING\n"
            "from bot import plan  # to plan\n"
            "if TYPE_CHECKING:\n    import bot.never\n"
            "class Row: ...\n"
            "class _Private: ...\n"
            "def f():\n    from bot.plan import Row  # noqa: F401\n\n    return Row\n"
        ),
        "bot/plan.py": (
            "import bot.never\nRow = list[int]\n_Private = 1\n# why it is zero\nZERO = 0\n"
        ),
        "bot/never.py": "class Row_: ...\n",
    }
    graph = layout.import_graph(sources)
    assert graph == {"bot.run": {"bot.plan"}, "bot.plan": {"bot.never"}, "bot.never": set()}
    assert layout.longest_chain(graph) == ["bot.run", "bot.plan", "bot.never"]
    assert layout.flat_files(sources) == {"bot": 3}
    assert layout.function_lengths(sources) == [4]
    assert layout.duplicate_types(sources) == {"Row": ["bot/run.py", "bot/plan.py"]}
    assert layout.comments_per_100_lines(sources) == 100 * 2 / 14
    with pytest.raises(ValueError, match=r"bot.plan > bot.run > bot.plan"):
        layout.longest_chain({"bot.plan": {"bot.run"}, "bot.run": {"bot.plan"}})


# The wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    directory = tmp_path_factory.mktemp("dist")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(directory)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    [path] = directory.glob("*.whl")
    return path


def test_a_wheel_holds_the_program_with_templates_and_migrations_and_nothing_else(
    wheel: Path,
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    sources = {
        name.replace("templates/", "bot/templates/", 1)
        if name.startswith("templates/")
        else name.replace("migrations/", "model_intelligence/migrations/", 1)
        if name.startswith("migrations/")
        else name
        for name in tracked()
        if name.split("/")[0] in {"bot", "model_intelligence", "templates", "migrations"}
    }
    assert names == sources
    assert {"bot/templates/pull_request.md.j2", "model_intelligence/migrations/env.py"} <= names


def test_an_unpacked_wheel_finds_its_own_files_and_migrates(
    wheel: Path, tmp_path: Path, empty_database_url: str
) -> None:
    place = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    (place / "templates").mkdir()  # another package's, which must not be taken for ours
    (place / "migrations").mkdir()
    program = """
import sys
sys.path.insert(0, sys.argv[1])
from bot.pull_request.templating import render, templates_directory
from model_intelligence import db
print(templates_directory(), db.migrations_directory(), sep="\\n")
sent = {"reads": 2, "writes": 0}
print(render("summary.md.j2", rows=[], sent=sent, dry_run=True).splitlines()[0])
with db.open_engine(sys.argv[2]) as engine:
    db.migrate(engine)
    db.migrate(engine)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(place), empty_database_url],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        str(place / "bot" / "templates"),
        str(place / "model_intelligence" / "migrations"),
        "## Model choices (dry run: nothing was written)",
    ]


# What is pinned, and what is never there


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_and_hashed_and_comes_from_no_named_place(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.sub(r" \\\n +", " ", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE))
    pinned = r"[a-z0-9._-]+(\[[a-z0-9, _-]+\])?==\S+( ; [^#\n]*?)?( --hash=sha256:[0-9a-f]{64})+"
    unpinned = [line for line in entries.splitlines() if not re.fullmatch(pinned, line)]
    assert unpinned == []
    assert len(entries.splitlines()) > 20


def test_there_is_one_kind_of_lock_file() -> None:
    others = re.compile(
        r"(.*/)?(uv\.lock|poetry\.lock|pdm\.lock|Pipfile(\.lock)?|pylock.*\.toml|package\.json"
        r"|package-lock\.json|yarn\.lock|pnpm-lock\.yaml|go\.sum|conda-lock\.yml|environment\.yml)"
    )
    assert [name for name in tracked() if others.fullmatch(name)] == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    place = re.compile(r"(?<![\w.}])/(work|home|root|Users)/[\w.-]")
    allowed = {"tests/test_house.py"}
    found = [
        f"{name}:{number}"
        for name in tracked()
        if name not in allowed
        for number, line in enumerate(
            (ROOT / name).read_bytes().decode(errors="replace").splitlines(), 1
        )
        if place.search(line)
    ]
    assert found == []


# The schema of config/bot.yaml


def test_the_schema_is_what_the_program_generates() -> None:
    printed = CliRunner().invoke(cli.app, ["schema"]).stdout
    assert (ROOT / "config" / "bot.schema.json").read_text(encoding="utf-8") == printed, (
        "run: model-intel schema > config/bot.schema.json"
    )
    schema = json.loads(printed)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"]
    assert schema["description"]
    assert schema["properties"].keys() == BotConfig.model_fields.keys()


def test_the_reference_is_what_the_program_writes() -> None:
    printed = CliRunner().invoke(cli.app, ["schema", "--format", "markdown"]).stdout
    assert (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8") == printed, (
        "run: model-intel schema --format markdown > docs/configuration.md"
    )


def test_the_reference_tells_of_every_key_with_its_meaning() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    schema = json_schema()
    sections = [schema, *schema["$defs"].values()]
    for name in {name for section in sections for name in section["properties"]}:
        [*rows] = re.findall(rf"^\| `{name}` \| (.+) \| (.+) \| (.+) \|$", text, re.MULTILINE)
        assert rows, name
        assert all(meaning.strip() for *_, meaning in rows), name


def check_schema(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            *("-m", "check_jsonschema", "--schemafile", "config/bot.schema.json", str(path)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_shipped_config_fits_the_schema() -> None:
    done = check_schema(ROOT / "config" / "bot.yaml")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("  providers: ", "  provider: "),
        ("defaults:\n", "defaults:\n  limits: {min_chance: 2}\n"),
        ("  tidy_semantic:\n", "  'tidy semantic':\n"),
        ("paths: [[tool_models, tidy_semantic]]", "paths: []"),
        ("version: 1", "version: 2"),
    ],
)
def test_a_mistake_does_not_fit_the_schema(right: str, wrong: str, tmp_path: Path) -> None:
    text = (ROOT / "config" / "bot.yaml").read_text(encoding="utf-8")
    assert right in text
    path = tmp_path / "bot.yaml"
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    done = check_schema(path)
    assert done.returncode == 1
    assert "Schema validation errors were encountered" in done.stdout
