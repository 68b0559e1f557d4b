"""Boards that have stopped, or that their makers' peers no longer report."""

import pytest

from model_intelligence.ledger.record_lookup import Record
from model_intelligence.observations.benchmark_status import status_of
from model_intelligence.report.record_text import as_json as record_as_json
from model_intelligence.report.record_text import record_lines
from model_intelligence.report.terminal_text import source_lines
from model_intelligence.sources import SOURCES
from tests.model_intelligence.build import NOW


@pytest.mark.parametrize("name", ["aider", "Aider polyglot", "swe-bench", "SWE-Bench verified"])
def test_a_board_that_is_no_longer_alive_says_so(name: str) -> None:
    assert status_of(name)


@pytest.mark.parametrize("name", ["livebench", "LiveBench Coding", "BFCL", "SWE-Bench Pro"])
def test_a_living_board_says_nothing(name: str) -> None:
    assert status_of(name) is None


def test_the_list_of_sources_says_which_boards_have_stopped() -> None:
    lines = {line.split()[0]: line for line in source_lines(SOURCES, (), {}, NOW)}
    assert lines["aider"].endswith("never read; no results have been added since October 2025")
    assert "stopped reporting it in February 2026" in lines["swe-bench"]
    assert lines["livebench"].endswith("never read")


def test_a_record_says_that_its_board_has_stopped() -> None:
    columns = {"id": 7, "benchmark_name": "Aider polyglot", "observed_at": NOW}
    result = Record("benchmark", 7, columns, (columns,))
    note = "no results have been added since October 2025"
    assert f"  note            {note}" in record_lines(result)
    assert record_as_json(result)["note"] == note
    price = Record("price", 7, {"id": 7, "observed_at": NOW}, ())
    assert "note" not in record_as_json(price)
    assert not any("note" in line for line in record_lines(price))
