"""The Berkeley Function-Calling Leaderboard."""

from decimal import Decimal

import pytest

from model_intelligence.errors import ShapeChanged
from model_intelligence.naming.identify import NameMatch
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.sources import bfcl
from tests.model_intelligence.sources import measure

NEWEST = "bfcl/data_overall.2025-12-16.ea03bc8d.csv"
OWN_MAP = "bfcl/model_config.2026-03-23.6ea57973.json"
HEADER = "Rank,Overall Acc,Model,Total Cost ($),Multi Turn Acc,Web Search Acc"


def table(*rows: str, header: str = HEADER) -> list[BenchmarkRow | Dropped]:
    return list(bfcl.parse("\n".join([header, *rows]).encode()))


def test_a_row_is_an_accuracy_in_one_way_of_offering_functions() -> None:
    assert table("1,77.47%,Big-1-20260102 (FC),86.5,68%,84%") == [
        BenchmarkRow(
            name="Big-1-20260102 (FC)",
            benchmark_name="BFCL",
            dataset_version="V4",
            harness="function calling",
            unit="percent",
            score=Decimal("77.47"),
            task_type="tool_use",
            task_count=2_400,
            cost_usd=Decimal("86.5"),
        )
    ]


@pytest.mark.parametrize(
    ("columns", "version"),
    [(HEADER, "V4"), ("Model,Overall Acc,Multi Turn Acc", "V3"), ("Model,Overall Acc", "V2")],
)
def test_the_version_is_known_by_its_columns(columns: str, version: str) -> None:
    values = ["50%" if column == "Overall Acc" else "1" for column in columns.split(",")]
    [row] = table(",".join(values), header=columns)
    assert isinstance(row, BenchmarkRow)
    assert row.dataset_version == version


def test_prompt_and_unnamed_ways_are_not_one() -> None:
    rows = table("1,50%,Big-1 (Prompt),0,1,1", "2,40%,Big-1,N/A,1,1")
    assert [row.harness for row in measure.results(rows)] == ["prompt", None]
    assert [row.cost_usd for row in measure.results(rows)] == [None, None]


def test_a_row_without_a_score_is_left_out() -> None:
    assert table("1,N/A,Big-1 (FC),1,1,1") == [Dropped("Big-1 (FC)", "no overall accuracy")]


@pytest.mark.parametrize("header", ["", "Rank,Model", "Name,Overall Acc"])
def test_a_missing_column_is_told(header: str) -> None:
    with pytest.raises(ShapeChanged, match="no column"):
        table("1,2", header=header)


def test_a_figure_that_is_none_is_told() -> None:
    with pytest.raises(ShapeChanged, match="not a number"):
        table("1,best,Big-1 (FC),1,1,1")


def test_the_boards_own_map_gives_every_id_of_a_name() -> None:
    body = b"""[{"display_name": "Big-1 (FC)", "model_name": "big-1"},
                {"display_name": "Big-1 (FC)", "model_name": "maker/big-1"}]"""
    assert bfcl.parse_map(body) == {"Big-1 (FC)": ("big-1", "maker/big-1")}
    with pytest.raises(ShapeChanged):
        bfcl.parse_map(b'[{"name": "Big-1"}]')


def test_every_release_since_2024_is_read() -> None:
    versions = {}
    for name in ("2024-11-23.6f872162", "2025-06-14.a53acce6", "2025-08-28.4e7c5e29"):
        rows = measure.results(bfcl.parse(measure.snapshot(f"bfcl/data_overall.{name}.csv.gz")))
        versions[name[:10]] = (rows[0].dataset_version, len(rows))
    assert versions == {
        "2024-11-23": ("V3", 70),
        "2025-06-14": ("V3", 109),
        "2025-08-28": ("V4", 118),
    }


@pytest.mark.parametrize("with_map", [True, False])
def test_the_goal_for_names_is_reached_without_guessing(with_map: bool) -> None:
    own_map = bfcl.parse_map(measure.snapshot(OWN_MAP)) if with_map else {}
    rows = list(bfcl.parse(measure.snapshot(NEWEST), own_map))
    found = measure.identified("bfcl", rows, measure.refreshed())
    assert len(found) == 109
    assert measure.share(found) >= 62


def test_the_mode_and_the_thinking_are_the_results() -> None:
    rows = list(bfcl.parse(measure.snapshot(NEWEST)))
    found = measure.identified("bfcl", rows, measure.bundled())
    assert found["GLM-4.6 (FC thinking)"] == NameMatch(
        "glm-4.6", "spelling", "thinking", "function calling"
    )
