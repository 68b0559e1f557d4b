"""A pack is read as its README describes it, and says which row cannot be read."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from model_intelligence.backtest.pack import read_inputs, read_reference, read_truth, task_types
from model_intelligence.errors import UsageError

HERE = Path(__file__).parent
PACK, DATA = HERE / "pack", HERE / "data"
JUNE, SEPTEMBER = date(2025, 6, 1), date(2025, 9, 1)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


def test_dates_are_those_of_the_current_models_in_order(pack: Path) -> None:
    currents = pack / "currents.csv"
    head, *rows = currents.read_text().splitlines()
    currents.write_text("\n".join([head, *reversed(rows)]))
    assert read_inputs(pack, DATA).days == (JUNE, SEPTEMBER)


@pytest.mark.parametrize("data", [DATA, HERE])
def test_files_of_the_collection_lie_where_the_option_says(data: Path) -> None:
    files = read_inputs(PACK, data).files
    assert [file.path for file in files if file.observed_at == JUNE] == [
        DATA / "litellm" / "prices.json",
        PACK / "aider" / "early.yml",
    ]


def test_the_collection_is_two_directories_above_the_pack() -> None:
    [file, *_] = read_inputs(PACK).files
    assert file.path == HERE.parent / "data" / "litellm" / "prices.json"


def test_a_release_is_public_from_its_day_on_under_every_id_of_the_model() -> None:
    inputs = read_inputs(PACK, DATA)
    before = dict(inputs.releases(date(2025, 7, 5)))
    assert before.keys() == {"gpt-4.1", "gpt-5", "gpt-6"}
    released = dict(inputs.releases(date(2025, 7, 6)))
    assert released["gpt-5-pro"] == released["gpt-5-pro-2025-10-06"] == date(2025, 7, 6)


def test_a_lower_score_is_better_where_the_pack_says_so(pack: Path) -> None:
    truth = pack / "truth.csv"
    truth.write_text(truth.read_text().replace("88.0,percent,1", "88.0,percent,0"))
    assert [figure.merit for figure in read_truth(pack).figures][:2] == [52.4, -88.0]


def test_prices_are_of_three_prompt_tokens_to_one_completion_token() -> None:
    assert read_truth(PACK).offers[0].usd == 3 * 2.0 + 8.0


def test_a_kind_counts_the_task_types_that_its_name_stands_for() -> None:
    assert task_types("shipped") == ("code", "agentic")
    assert "math" in task_types("general")
    assert task_types("tool_use") == ("tool_use",)


def test_a_row_that_cannot_be_read_is_named_by_its_line(pack: Path) -> None:
    releases = pack / "releases.csv"
    releases.write_text(releases.read_text().replace("2025-05-10", "May 2025", 1))
    with pytest.raises(UsageError, match=r"releases\.csv:3: Invalid isoformat"):
        read_inputs(pack)


def test_a_missing_column_or_file_is_named(pack: Path) -> None:
    currents = pack / "currents.csv"
    currents.write_text(currents.read_text().replace("provider", "vendor"))
    with pytest.raises(UsageError, match=r"the column 'provider' is missing"):
        read_inputs(pack)
    (pack / "truth.csv").unlink()
    with pytest.raises(UsageError, match=r"truth\.csv: cannot be read"):
        read_truth(pack)


def test_what_other_rules_gave_may_be_missing_and_has_to_be_readable(pack: Path) -> None:
    assert read_reference(pack) == {}
    (pack / "reference.json").write_text('{"results": {"a rule": {}}}')
    assert read_reference(pack) == {"a rule": {}}
    (pack / "reference.json").write_text("[]")
    with pytest.raises(UsageError, match=r"reference\.json: an object with `results`"):
        read_reference(pack)
