"""LiveBench's tables."""

import csv
import io
import json
from decimal import Decimal

import pytest

from model_intelligence.errors import ShapeChanged, UsageError
from model_intelligence.naming.identify import NameMatch
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.sources import livebench
from tests.conftest import SHARED_DATA
from tests.model_intelligence.sources import measure

NEWEST = "livebench/table_2026_01_08.csv"
OWN_MAP = "livebench/model_configs.2026-08-22.b0fb577.json.gz"


def table(text: str) -> list[BenchmarkRow | Dropped]:
    return list(livebench.parse(text.encode(), {"big-1": ("maker/big-1",)}, "2026-01-08"))


def test_a_category_is_the_mean_of_its_tasks() -> None:
    assert table("model,typos,connections,plot_unscrambling\nBig-1,50,60,70.5\n") == [
        BenchmarkRow(
            name="Big-1",
            benchmark_name="LiveBench Language",
            dataset_version="2026-01-08",
            unit="percent",
            score=Decimal("60.17"),
            task_type="language",
            task_count=150,
            own_ids=("maker/big-1",),
        )
    ]


def test_a_category_of_which_a_task_was_not_run_has_no_score() -> None:
    assert table("model,typos,connections,python\nbig-1,50,,0\n")[1:] == [
        Dropped("big-1", "Language: not every task was run")
    ]


def test_a_release_has_its_own_address() -> None:
    source = livebench.SOURCE.of_file("table_2026_01_08.csv.gz")
    assert source.url == livebench.TABLES.format("2026_01_08")
    [row] = source.parse(b"model,python\nbig-1,0\n")
    assert isinstance(row, BenchmarkRow)
    assert row.dataset_version == "2026-01-08"
    with pytest.raises(UsageError, match="LiveBench's tables are named table_"):
        livebench.SOURCE.of_file("table.csv")


def test_a_score_of_zero_is_a_score() -> None:
    [row] = measure.results(table("model,python\nbig-1,0\n"))
    assert (row.benchmark_name, row.score) == ("LiveBench Agentic Coding", Decimal(0))


@pytest.mark.parametrize("text", ["", "name,typos\na,1\n", "model,juggling\na,1\n"])
def test_another_shape_is_told(text: str) -> None:
    with pytest.raises(ShapeChanged):
        table(text)


def test_the_boards_own_map_knows_display_names_and_aliases() -> None:
    body = b'[{"display_name": "Big-1-high", "aliases": ["b1"], "api_name": {"maker": "big-1"}}]'
    assert livebench.parse_map(body) == {"big-1-high": ("big-1",), "b1": ("big-1",)}
    with pytest.raises(ShapeChanged):
        livebench.parse_map(b'[{"display_name": "Big-1"}]')


@pytest.mark.parametrize("release", ["2024_06_24", "2025_04_25", "2026_01_08"])
def test_a_tables_categories_are_the_boards_own(release: str) -> None:
    theirs = json.loads(measure.snapshot(f"livebench/categories_{release}.json"))
    header = measure.snapshot(f"livebench/table_{release}.csv").decode().splitlines()[0]
    columns = set(header.split(",")) - {"model"}
    ours = {name: tasks.keys() & columns for name, (_, tasks) in livebench.CATEGORIES.items()}
    assert {name: tasks for name, tasks in ours.items() if tasks} == {
        name: set(tasks) & columns for name, tasks in theirs.items()
    }


@pytest.mark.parametrize("with_map", [True, False])
def test_the_goal_for_names_is_reached_without_guessing(with_map: bool) -> None:
    own_map = livebench.parse_map(measure.snapshot(OWN_MAP)) if with_map else {}
    rows = list(livebench.parse(measure.snapshot(NEWEST), own_map))
    found = measure.identified("livebench", rows, measure.refreshed())
    assert len(found) == 121
    assert measure.share(found) >= 93


def test_what_the_names_say_is_what_the_boards_own_map_says() -> None:
    own_map = livebench.parse_map(measure.snapshot(OWN_MAP))
    table = measure.snapshot(NEWEST)
    by_map = measure.identified("livebench", livebench.parse(table, own_map), measure.bundled())
    by_name = measure.identified("livebench", livebench.parse(table), measure.bundled())
    for name, said in by_name.items():
        mapped = by_map[name]
        if isinstance(said, NameMatch) and isinstance(mapped, NameMatch):
            assert said.model_id == mapped.model_id, name


@pytest.mark.parametrize(
    ("name", "effort"),
    [
        ("claude-opus-4-5-20251101-high-effort", None),
        ("claude-opus-4-5-20251101-thinking-64k-high-effort", None),
        ("claude-opus-4-7-high-effort", "high, thinking"),
        ("claude-fable-5-max-effort", "max, thinking"),
        ("gpt-5.4-high", None),
    ],
)
def test_claude_thinks_at_every_effort_since_opus_4_7(name: str, effort: str | None) -> None:
    assert livebench.effort_of(name) == effort


def test_the_board_itself_asks_for_that_thinking() -> None:
    if not SHARED_DATA.is_dir():
        pytest.skip("no copy of the board's settings beside the checkout")
    asked = {
        row["display_name"]: row["api_kwargs"]["default"].get("thinking", {}).get("type")
        for row in json.loads(measure.snapshot(OWN_MAP))
        if row["display_name"].startswith("claude") and row.get("api_kwargs")
    }
    adaptive = {name for name, kind in asked.items() if kind == "adaptive"}
    reruns = {name for name in adaptive if name.endswith("-rerun")}
    assert {name for name in asked if livebench.effort_of(name)} == adaptive - reruns


def test_a_score_that_is_no_number_costs_its_category_and_nothing_else() -> None:
    rows = table("model,typos,connections,plot_unscrambling,python\na,N/A,1,2,30\nb,4,5,6,35\n")
    assert rows[1] == Dropped("a", "Language: a score that is no number", malformed=True)
    assert [(row.name, row.benchmark_name) for row in measure.results(rows)] == [
        ("a", "LiveBench Agentic Coding"),
        ("b", "LiveBench Agentic Coding"),
        ("b", "LiveBench Language"),
    ]


def test_the_newest_questions_are_as_many_as_the_board_has() -> None:
    columns = [task for _, tasks in livebench.CATEGORIES.values() for task in tasks]
    gone = {"web_of_lies_v2", "web_of_lies_v3", "LCB_generation", "coding_completion", "cta"}
    columns = [task for task in columns if task not in gone]
    rows = measure.results(table(f"model,{','.join(columns)}\na{',50' * len(columns)}\n"))
    assert {row.benchmark_name: row.task_count for row in rows} == {
        "LiveBench Reasoning": 202,
        "LiveBench Coding": 117,
        "LiveBench Agentic Coding": 60,
        "LiveBench Mathematics": 379,
        "LiveBench Data Analysis": 150,
        "LiveBench Language": 150,
        "LiveBench IF": 200,
    }


@pytest.mark.parametrize(
    "task", ["code_completion", "code_generation", "math_comp", "python", "tablereformat", "typos"]
)
def test_all_scores_of_a_task_are_shares_of_its_questions(task: str) -> None:
    if not SHARED_DATA.is_dir():
        pytest.skip("no copy of the board beside the checkout")
    [count] = (tasks[task] for _, tasks in livebench.CATEGORIES.values() if task in tasks)
    table_of_december = measure.snapshot("livebench/table_2025_12_23.csv").decode()
    scores = [float(row[task]) for row in csv.DictReader(io.StringIO(table_of_december))]
    assert all(abs(round(score * count / 100) * 100 / count - score) < 0.001 for score in scores)
