"""tau2-bench as it is read live: the manifest, then a file for each submission."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.sources import pages, tau2_bench
from model_intelligence.sources.http import Fetched, client
from model_intelligence.sources.source import Query
from tests.model_intelligence.build import NOW
from tests.model_intelligence.sources import measure
from tests.model_intelligence.sources.server import Answer, Server, serving
from tests.model_intelligence.sources.test_tau2_bench import NEWEST, SUBMISSION


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAUSE_SECONDS", 0)


def as_answer(value: Any) -> Answer:
    return Answer(body=json.dumps(value).encode())


def looked(server: Server) -> Fetched:
    source = replace(tau2_bench.SOURCE, url=f"{server.url}/submissions/manifest.json")
    with client() as web:
        outcome = pages.read_source(source, None, web, Query(NOW, NOW), {})
    assert isinstance(outcome, Fetched), outcome
    return outcome


def test_the_manifest_names_a_file_for_each_conversation_in_writing() -> None:
    manifest = {
        "submissions": ["big-1_us_2026-03-04", "a&b +1_us_2026-03-05"],
        "voice_submissions": ["loud-1_us_2026-03-06"],
        "legacy_submissions": ["old-1_us_2025-03-04"],
    }
    other = {**SUBMISSION, "model_name": "Other 2"}
    with serving(*map(as_answer, [manifest, SUBMISSION, other, other])) as server:
        rows = list(tau2_bench.parse(looked(server).body))
    assert [path for path, _ in server.asked[1:]] == [
        "/submissions/big-1_us_2026-03-04/submission.json",
        "/submissions/a%26b%20%2B1_us_2026-03-05/submission.json",
        "/submissions/old-1_us_2025-03-04/submission.json",
    ]
    assert [row.name for row in rows] == ["Big 1", "Other 2", "Other 2"]


def test_a_manifest_of_the_first_months_has_one_list() -> None:
    assert tau2_bench.named(b'{"submissions": ["a_b"], "last_updated": "2026-01-08"}') == [
        "a_b/submission.json"
    ]


@pytest.mark.parametrize("body", [b'{"submissions": [1]}', b'{"submissions": 3}', b"<html>"])
def test_a_manifest_of_another_shape_is_told(body: bytes) -> None:
    with pytest.raises(ShapeChanged):
        tau2_bench.named(body)


def test_file_by_file_there_are_the_rows_of_the_merged_file() -> None:
    whole = json.loads(measure.snapshot(NEWEST))
    files = {one["submission_id"]: one for one in whole["submissions"]}
    folders = [one for name in tau2_bench.LISTS for one in whole["manifest"][name]]
    there = [files[one] for one in folders if one in files]
    named = {"submissions": [one["submission_id"] for one in there]}
    with serving(as_answer(named), *map(as_answer, there)) as server:
        live = list(tau2_bench.parse(looked(server).body))

    def scored(rows: Iterator[object] | list[object]) -> set[object]:
        return {row for row in rows if isinstance(row, BenchmarkRow)}

    # The folder holds one more, which the manifest has dropped from the board.
    every = {folder for listed in whole["manifest"].values() for folder in listed}
    merged = json.dumps({"submissions": [files[one] for one in every & files.keys()]}).encode()
    assert scored([*live]) == scored(tau2_bench.parse(merged))
    assert len(live) > 50
