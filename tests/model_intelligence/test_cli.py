"""`model-intel` as people use it: the guide's workflow, exit codes, and what goes to stdout."""

import json
import os
import re
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from typer.main import get_command
from typer.testing import CliRunner, Result

from model_intelligence.cli import app
from model_intelligence.errors import ModelIntelligenceError, UsageError
from tests.databases import create_database
from tests.model_intelligence.observe import rows, whole_tables

CHECKOUT = Path(__file__).parents[2]
Command = Callable[..., Result]
RECOMMEND = ("recommend", "--use-case", "tidy_semantic", "--current-model", "glm-4.6")
SENTIMENT = (
    *("ingest-sentiment", "--model", "glm-4.7", "--source", "reddit"),
    *("--url", "https://reddit.com/r/LocalLLaMA/1", "--sentiment", "positive"),
    *("--snippet", "GLM 4.7 shows significant improvements in code generation"),
)
BENCHMARKS = """
benchmarks:
  - benchmark_name: A board
    unit: percent
    task_type: reasoning
    source: board
    source_url: https://example.org/board
    results:
      - {model: glm-4.6, score: 50}
      - {model: glm-4.7, score: 65}
"""


def config_in(directory: Path) -> None:
    """A copy of config/ in which one board favours glm-4.7 for tidy_semantic."""
    shutil.copytree(CHECKOUT / "config", directory / "config")
    (directory / "config" / "benchmarks.yaml").write_text(BENCHMARKS)


def run(*arguments: object) -> Result:
    """A command in this process; what it raises is kept in the result."""
    return CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.fixture(scope="module")
def filled(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with all evidence and one stored recommendation (id 1)."""
    directory = tmp_path_factory.mktemp("filled")
    config_in(directory)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)
        name = f"filled_{uuid.uuid4().hex}"
        url = create_database(postgres, name, template)
        patch.setenv("DATABASE_URL", url)
        stored = (*RECOMMEND, "--max-candidates", "1", "--persist")
        for arguments in (("ingest-catalog",), ("ingest-benchmarks",), stored):
            done(run(*arguments))
    return name


@pytest.fixture
def database_url(request: pytest.FixtureRequest, postgres: str, template: str) -> str:
    """A database of the test's own: migrated, and filled where the test asks for `recommended`."""
    is_filled = "recommended" in request.fixturenames
    source = request.getfixturevalue("filled") if is_filled else template
    return create_database(postgres, f"test_{uuid.uuid4().hex}", source)


@pytest.fixture
def here(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory in which the commands run."""
    config_in(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    return tmp_path


@pytest.fixture
def intel(here: Path) -> Command:
    """Runs commands on an empty database."""
    return run


@pytest.fixture
def recommended(here: Path) -> Command:
    """Runs commands on a database with one stored recommendation (id 1)."""
    return run


def done(result: Result) -> str:
    """The output of a command that did its work, and said so on stdout alone."""
    assert result.exception is None, result.exception
    assert result.stderr == ""
    return result.stdout


def refused(result: Result) -> str:
    """Why a command gave up; it printed nothing before."""
    assert isinstance(result.exception, ModelIntelligenceError), result.exception
    assert result.stdout == ""
    return str(result.exception)


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "model_intelligence", *arguments],
        env={**clean, "PYTHONPATH": str(CHECKOUT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_guides_workflow_command_by_command(intel: Command, here: Path, engine: Engine) -> None:
    assert done(intel("ingest-catalog")).startswith("✓ Catalog ingestion complete:\n")
    assert done(intel("ingest-benchmarks")) == (
        "✓ Benchmark ingestion complete:\n  - Results ingested: 2 (2 new)\n"
    )
    assert done(intel("compute-runtime-stats", "--window-days", "30")).startswith(
        "✓ Runtime stats computed for "
    )
    assert done(intel(*SENTIMENT, "--title", "GLM 4.7 Release Discussion")) == (
        "✓ Sentiment ingestion complete:\n  - Signals ingested: 1 (1 new, 0 changed)\n"
    )
    found = done(intel(*RECOMMEND, "--max-candidates", "3", "--persist"))
    assert found.startswith(
        "✓ Found 3 recommendation(s):\n\n"
        "[1] glm-4.7\n"
        "    Provider: zai\n"
        "    Composite Score: 0.875\n"
        "    Confidence: 60%\n"
        "    Cost Delta: +0.0%\n"
        "    Quality Delta: +30.0%\n"
    )
    assert "    Verdict: proposed (quality)\n" in found
    assert found.count("    Verdict: not proposed: ") == 2
    assert found.count("\n    ✓ Recommendation persisted (ID: ") == 3
    assert found.splitlines()[-1].startswith("✓ Propose glm-4.7 instead of glm-4.6")
    assert done(intel("report", "--latest", "--use-case", "tidy_semantic")) == (
        "    1  proposed     tidy_semantic     glm-4.6 → glm-4.7  score 0.875  cost +0.0%  "
        "quality +30.0%\n"
    )
    patch = here / "model_upgrade.patch"
    told = done(intel("propose-patch", "--recommendation-id", "1", "--output", patch))
    assert told.endswith(f"\n✓ Patch written to: {patch}\n")
    git = ["git", "-C", str(here)]
    before = (here / "config/models.yaml").read_text()
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "apply", str(patch)], check=True)
    assert (here / "config/models.yaml").read_text() == before.replace(
        "tidy_semantic: glm-4.6\n", "tidy_semantic: glm-4.7\n"
    )
    stored = rows(engine, "SELECT id, status FROM model_recommendations ORDER BY id")
    assert stored == [(1, "proposed"), (2, "proposed"), (3, "proposed")]


def test_a_patch_is_the_guides_comment_lines_and_a_diff_of_one_line(
    recommended: Command, here: Path
) -> None:
    done(recommended("propose-patch", "--recommendation-id", "1", "--output", "a.patch"))
    assert (here / "a.patch").read_text() == (
        "# Recommendation ID: 1\n"
        "# Use case: tidy_semantic\n"
        "# Change: glm-4.6 → glm-4.7\n"
        "# Reasoning: Recommended glm-4.7 for tidy_semantic. Composite score: 0.875. "
        "Evidence: pricing, benchmarks.\n"
        "\n"
        "--- a/config/models.yaml\n"
        "+++ b/config/models.yaml\n"
        "@@ -4,7 +4,7 @@\n"
        " # One-shot helpers that run unattended.\n"
        " tool_models:\n"
        "   # Sorts and names stray files by what they mean. Many short calls, so price counts.\n"
        "-  tidy_semantic: glm-4.6\n"
        "+  tidy_semantic: glm-4.7\n"
        " \n"
        " # The work itself: a builder writes the change, an auditor reads it.\n"
        " # The planner sets the complexity of a task before either is called.\n"
    )


def test_the_report_on_a_recommendation_is_the_guides(recommended: Command) -> None:
    assert done(recommended("propose-patch", "--recommendation-id", "1")) == (
        "Model Recommendation Report (ID: 1)\n"
        f"{'=' * 70}\n"
        "\n"
        "Use Case:         tidy_semantic\n"
        "Current Model:    glm-4.6\n"
        "Recommended:      glm-4.7\n"
        "Status:           proposed\n"
        "Confidence:       60%\n"
        "Verdict:          proposed (quality)\n"
        "\n"
        "Reasoning:\n"
        "  Recommended glm-4.7 for tidy_semantic. Composite score: 0.875. "
        "Evidence: pricing, benchmarks.\n"
        "\n"
        "Expected Cost Change:    +0.0%\n"
        "Expected Quality Change: +30.0%\n"
        "\n"
        "Evidence:\n"
        "  - Pricing records: 2 references\n"
        "  - Benchmark records: 2 references\n"
        "  - Runtime stats: 0 references\n"
        "  - Sentiment signals: 0 references\n"
        "  - Newest benchmark results: current model not dated, proposed model not dated "
        f"(as of {datetime.now(UTC).date()})\n"
        "\n"
        "Proposed YAML Patch:\n"
        f"{'-' * 70}\n"
        "# Recommendation ID: 1\n"
        "# Use case: tidy_semantic\n"
        "# Change: glm-4.6 → glm-4.7\n"
        "# Reasoning: Recommended glm-4.7 for tidy_semantic. Composite score: 0.875. "
        "Evidence: pricing, benchmarks.\n"
        "\n"
        "tool_models:\n"
        "  tidy_semantic: glm-4.7\n"
        f"{'-' * 70}\n"
    )


@pytest.mark.parametrize("status", ["rejected", "implemented", "superseded"])
@pytest.mark.parametrize("options", [(), ("--output", "a.patch")])
def test_a_recommendation_that_is_settled_yields_no_patch(
    recommended: Command, here: Path, engine: Engine, status: str, options: tuple[str, ...]
) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE model_recommendations SET status = :to"), {"to": status})
    told = refused(recommended("propose-patch", "--recommendation-id", "1", *options))
    assert told.startswith(f"recommendation 1 is {status}, so it yields no patch; ")
    assert not (here / "a.patch").exists()


@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\u2028", "\x85", "\x0b"])
def test_a_line_break_in_a_text_does_not_end_the_comment(
    recommended: Command, here: Path, engine: Engine, breaks: str
) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE model_recommendations SET reasoning = :words"),
            {"words": f"Good.{breaks}evil: injected{breaks}--- a/x"},
        )
    done(recommended("propose-patch", "--recommendation-id", "1", "--output", "a.patch"))
    header = (here / "a.patch").read_text().partition("\n\n")[0]
    assert len(header.splitlines()) == 4
    assert all(line.startswith("# ") for line in header.splitlines())


def test_a_patch_that_no_longer_fits_is_refused(recommended: Command, here: Path) -> None:
    models = here / "config" / "models.yaml"
    models.write_text(models.read_text().replace("glm-4.6", "glm-5"))
    assert refused(recommended("propose-patch", "--recommendation-id", "1")) == (
        "recommendation 1 replaces glm-4.6, but config/models.yaml has glm-5 for tidy_semantic; "
        "run `model-intel recommend` again"
    )


def test_a_patch_that_cannot_be_written_is_told_and_nothing_else_printed(
    recommended: Command,
) -> None:
    told = refused(
        recommended("propose-patch", "--recommendation-id", "1", "--output", "no/such/a.patch")
    )
    problem = "cannot be written: No such file or directory; name another path"
    assert told == f"no/such/a.patch: {problem}"


def test_an_unknown_recommendation_is_told_with_what_to_do(intel: Command) -> None:
    assert refused(intel("propose-patch", "--recommendation-id", "42")) == (
        "no recommendation has the id 42; `model-intel report` lists them"
    )


def test_ingesting_the_catalog_again_changes_no_row(recommended: Command, engine: Engine) -> None:
    before = whole_tables(engine)
    second = done(recommended("ingest-catalog")).splitlines()
    assert whole_tables(engine) == before
    assert second[1].endswith("(0 new)")
    assert second[2].endswith("(0 new)")


def test_refreshing_everything_is_the_ingests_in_order(intel: Command, engine: Engine) -> None:
    told = done(intel("refresh-all"))
    marks = [line for line in told.splitlines() if line.startswith("✓")]
    assert [line.split()[1] for line in marks] == ["Catalog", "Benchmark", "Runtime"]
    assert rows(engine, "SELECT count(*) FROM model_benchmarks") == [(2,)]


def test_an_error_in_a_later_ingest_leaves_nothing_of_the_earlier(
    intel: Command, here: Path, engine: Engine
) -> None:
    (here / "config" / "benchmarks.yaml").write_text("benchmarks: 3\n")
    assert refused(intel("refresh-all")) == (
        "config/benchmarks.yaml:1: benchmarks: input should be a valid tuple"
    )
    assert rows(engine, "SELECT * FROM models_catalog") == []


@pytest.mark.parametrize(
    ("name", "broken", "told"),
    [
        ("pricing", "zai:\n\tglm: 1\n", "config/pricing.yaml:2: not valid YAML: found character"),
        ("pricing", "", "config/pricing.yaml:1: expected a mapping"),
        ("pricing", "zai: {a: {input_per_1k: -1, output_per_1k: 1}}\n", "config/pricing.yaml:1: "),
        ("bot", "use_case: {}\n", "config/bot.yaml:1: use_cases: field required"),
        ("models", "tool_models: {}\n", "config/models.yaml: use case tidy_semantic: "),
    ],
)
def test_a_broken_file_is_told_before_anything_is_written(
    intel: Command, engine: Engine, name: str, broken: str, told: str
) -> None:
    Path("config", f"{name}.yaml").write_text(broken)
    assert refused(intel("ingest-catalog")).startswith(told)
    assert rows(engine, "SELECT * FROM models_catalog") == []


def test_without_own_prices_and_benchmarks_the_lists_are_enough(intel: Command, here: Path) -> None:
    for name in ("pricing", "benchmarks"):
        (here / "config" / f"{name}.yaml").unlink()
    assert "Results ingested: 0 (0 new)" in done(intel("refresh-all"))


def test_the_config_directory_can_be_another(intel: Command, here: Path) -> None:
    (here / "config" / "benchmarks.yaml").rename(here / "benchmarks.yaml")
    assert "not in the catalog: glm-4.6, glm-4.7" in done(
        intel("ingest-benchmarks", "--config", ".")
    )


def test_a_recommendation_is_stored_only_on_demand(recommended: Command, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM model_recommendations"))
    assert "[1] glm-4.7" in done(recommended(*RECOMMEND))
    assert rows(engine, "SELECT * FROM model_recommendations") == []


def test_the_same_recommendation_is_stored_once(recommended: Command) -> None:
    assert "(ID: 1)" in done(recommended(*RECOMMEND, "--persist"))


def test_no_more_candidates_are_shown_than_asked_for(recommended: Command) -> None:
    two = done(recommended(*RECOMMEND, "--max-candidates", "2"))
    assert two.startswith("✓ Found 2 recommendation(s):\n")
    assert "[2]" in two
    assert "[3]" not in two


def test_an_older_model_is_listed_and_not_proposed(recommended: Command, here: Path) -> None:
    third = BENCHMARKS + "      - {model: glm-4.5, score: 70}\n"
    (here / "config" / "benchmarks.yaml").write_text(third)
    done(recommended("ingest-benchmarks"))
    first, second, *_ = re.split(r"^(?=\[\d\])", done(recommended(*RECOMMEND)), flags=re.M)[1:]
    assert first.startswith("[1] glm-4.7\n")
    assert second.startswith("[2] glm-4.5\n")
    assert "    Composite Score: 0.875\n" in second
    assert "    Verdict: not proposed: is older than the current model (released on " in second


def test_the_current_model_is_read_from_the_config(recommended: Command) -> None:
    assert "[1] glm-4.7" in done(recommended("recommend", "--use-case", "tidy_semantic"))


def test_where_staying_is_best_the_reason_is_told(recommended: Command) -> None:
    kept = done(recommended("recommend", "--use-case", "builder_low"))
    last = kept.splitlines()[-1]
    assert last.startswith("✓ Keep claude-haiku-4-5 for builder_low: none of the ")
    assert last.endswith(": no benchmark result, no telemetry")


def test_explaining_tells_why_everyone_else_is_not_proposed(recommended: Command) -> None:
    told = done(recommended(*RECOMMEND, "--explain"))
    staying, *candidates = (
        told.partition("best first:\n")[2].partition("Left out (")[0].splitlines()
    )
    assert staying == "  0.675  glm-4.6 (staying)"
    assert [line for line in candidates if line.endswith("): proposed")] == [candidates[0]]
    assert all(line.partition("): ")[2] for line in candidates)
    left_out = told.partition("Left out (")[2].splitlines()
    assert int(left_out[0].rstrip("):").replace(",", "")) == len(left_out) - 1 > 100
    assert all(line.partition(": ")[2] for line in left_out[1:])


def test_an_unknown_use_case_is_told_with_those_there_are(intel: Command) -> None:
    result = intel("recommend", "--use-case", "tidy")
    assert isinstance(result.exception, UsageError)
    assert refused(result).startswith(
        "'tidy' is not a use case of bot.yaml; it declares tidy_semantic, builder_low, "
    )


def test_an_unknown_current_model_is_kept_with_the_reason(recommended: Command) -> None:
    told = done(recommended("recommend", "--use-case", "tidy_semantic", "--current-model", "glm-x"))
    assert told.splitlines()[-1].startswith(
        "✓ Keep glm-x for tidy_semantic: glm-x is not in the catalog"
    )


def test_a_report_for_programs_is_json_and_nothing_else(recommended: Command) -> None:
    told = json.loads(done(recommended("report", "--format", "json")))
    [item] = told["recommendations"]
    assert told["version"] == 1
    assert (item["id"], item["status"], item["composite_score"]) == (1, "proposed", "0.875")
    assert item["decision"]["proposed"]["spelling"] == "glm-4.7"


def test_a_report_without_recommendations(intel: Command) -> None:
    assert done(intel("report")) == (
        "No recommendation is stored; `model-intel recommend --persist` stores one.\n"
    )
    assert json.loads(done(intel("report", "--format", "json")))["recommendations"] == []


def test_a_report_by_status(recommended: Command) -> None:
    assert "glm-4.7" in done(recommended("report", "--status", "proposed"))
    assert "glm-4.7" not in done(recommended("report", "--status", "rejected"))
    assert refused(recommended("report", "--status", "open")) == (
        "--status is one of proposed, accepted, rejected, implemented, superseded, not 'open'"
    )


def test_a_signal_of_an_unknown_model_is_refused(recommended: Command) -> None:
    told = refused(recommended(*(("glm-4-7x" if one == "glm-4.7" else one) for one in SENTIMENT)))
    assert "'glm-4-7x' is not in the catalog (like it: glm-4.7" in told


@pytest.mark.parametrize(
    "arguments",
    [
        ("compute-runtime-stats", "--window-days", "0"),
        (*RECOMMEND, "--max-candidates", "0"),
        tuple("great" if one == "positive" else one for one in SENTIMENT),
        ("propose-patch", "--recommendation-id", "x"),
        ("recommend",),
        ("no-such-command",),
    ],
)
def test_wrong_options_are_usage_errors(intel: Command, arguments: tuple[str, ...]) -> None:
    assert intel(*arguments).exit_code == 2


def test_migrating_says_where_the_database_is(intel: Command) -> None:
    assert done(intel("migrate")) == "✓ The database is at head\n"


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({}, "error: DATABASE_URL is not set; set DATABASE_URL="),
        (
            {"DATABASE_URL": "sqlite:///:memory:"},
            "error: DATABASE_URL names SQLite, which has no exact NUMERIC",
        ),
    ],
)
def test_without_a_postgresql_address_one_line_and_exit_code_2(
    environment: dict[str, str], line: str
) -> None:
    ended = process("report", **environment)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(line)
    assert ended.stderr.count("\n") == 1


def test_something_to_fix_is_exit_code_1_without_a_traceback(database_url: str) -> None:
    ended = process("propose-patch", "--recommendation-id", "42", DATABASE_URL=database_url)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        "error: no recommendation has the id 42; `model-intel report` lists them\n"
    )


def test_a_report_is_exit_code_0_and_all_that_is_printed(database_url: str) -> None:
    ended = process("report", "--format", "json", DATABASE_URL=database_url)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout) == {"version": 1, "recommendations": []}


def test_every_record_of_a_recommendation_resolves_to_its_row(recommended: Command) -> None:
    [stored] = json.loads(done(recommended("report", "--latest", "--format", "json")))[
        "recommendations"
    ]
    for kind, ids in (("price", "pricing"), ("benchmark", "benchmarks")):
        assert stored["evidence"][ids]
        for record_id in stored["evidence"][ids]:
            shown = done(recommended("evidence", kind, str(record_id)))
            assert shown.startswith(f"{kind}:{record_id}\n")
            assert "source " in shown


def test_a_record_that_is_not_there_is_told(recommended: Command) -> None:
    ended = recommended("evidence", "price", "999999")
    assert isinstance(ended.exception, ModelIntelligenceError)
    assert "no price record has the id 999999" in str(ended.exception)


def test_as_of_a_time_before_everything_nothing_is_known(recommended: Command) -> None:
    shown = done(recommended("recommend", "--use-case", "tidy_semantic", "--as-of", "2020-01-01"))
    assert "is not in the catalog" in shown
    assert "No recommendation is stored" in done(recommended("report", "--as-of", "2020-01-01"))


TRAPS = (  # true since long, and seen a day later than the time that is asked for
    """INSERT INTO model_pricing (model_id, provider, provider_model_id, input_per_1k,
        output_per_1k, currency, effective_at, observed_at, source, revision, tiers)
    SELECT model_id, provider, provider_model_id, input_per_1k * 7, output_per_1k * 7, currency,
        effective_at, :later, source, revision + 1, tiers FROM model_pricing
        WHERE model_id = 'glm-4.7' AND revision = 1""",
    """INSERT INTO model_benchmarks (model_id, benchmark_name, score, unit, task_type, source,
        source_url, higher_is_better, revision, observed_at)
    SELECT model_id, benchmark_name, 1, unit, task_type, source, source_url, higher_is_better,
        revision + 1, :later FROM model_benchmarks
        WHERE model_id = 'glm-4.7' AND source = 'board'""",
    """INSERT INTO models_catalog (model_id, provider, family, display_name)
    VALUES ('trap-1', 'zai', 'trap', 'Trap')""",
    """INSERT INTO model_facts (model_id, facts, source, effective_at, observed_at)
    VALUES ('trap-1', '{"provider": "zai", "family": "trap", "display_name": "Trap",
        "is_deprecated": false}', 'list', 'epoch', :later)""",
    """INSERT INTO unmatched_names (source, name, reason, rows, first_seen, last_seen)
    VALUES ('aider', 'Trap Two', 'no model is called so', 2, :later, :later)""",
    """INSERT INTO source_runs (source, started_at, status, rows)
    VALUES ('litellm', :later, 'stored', 4321)""",
    """INSERT INTO model_recommendations (created_at, use_case, current_model, recommended_model,
        reasoning, composite_score, confidence, evidence, decision, evidence_digest)
    SELECT :later, use_case, current_model, 'trap-1', reasoning, composite_score, confidence,
        evidence, decision, 'trap' FROM model_recommendations""",
    """INSERT INTO merged_proposals (recommendation_id, merged_at, conditions, observed_at)
    SELECT id, :then, '{}', :later FROM model_recommendations WHERE evidence_digest <> 'trap'""",
)
READING = {
    "recommend": ("--use-case", "tidy_semantic", "--current-model", "glm-4.6", "--explain"),
    "report": ("--format", "json"),
    "evidence": ("price:1",),
    "sources": (),
    "resolve": ("trap-1",),
    "unmatched": (),
    "scorecard": (),
}
WRITING = {
    *("migrate", "ingest-catalog", "ingest-benchmarks", "ingest-sources"),
    *("ingest-sentiment", "ingest-telemetry", "compute-runtime-stats", "refresh-all"),
}
# Of one stored decision, of no data at all, and of the dates of a pack.
TIMELESS = {"propose-patch", "schema", "backtest"}


def test_every_command_reads_as_of_a_time_or_writes_or_knows_no_time() -> None:
    commands = get_command(app).commands.items()  # type: ignore[attr-defined]
    shown = {name for name, command in commands if not command.hidden}
    assert shown == {*READING, *WRITING, *TIMELESS}


@pytest.mark.parametrize("name", READING)
def test_what_is_seen_later_is_not_read_as_of_before(
    recommended: Command, engine: Engine, name: str
) -> None:
    with engine.begin() as connection:
        then = connection.scalar(text("SELECT now()"))
        assert then is not None
        [(number,)] = connection.execute(
            text("SELECT min(id) FROM model_pricing WHERE model_id = 'glm-4.7'")
        )
    options = (f"price:{number}",) if name == "evidence" else READING[name]

    def shown(days: int) -> str:
        moment = f"{then + timedelta(days=days):%Y-%m-%dT%H:%M:%S%z}"
        return done(recommended(name, *options, "--as-of", moment))

    before = shown(0)
    with engine.begin() as connection:
        for trap in TRAPS:
            connection.execute(text(trap), {"then": then, "later": then + timedelta(days=1)})
    assert shown(0) == before
    assert shown(2) != before
