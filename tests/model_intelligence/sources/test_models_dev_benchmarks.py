"""models.dev's collection of results: the unit and the site are part of what is compared."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.errors import ShapeChanged
from model_intelligence.ingest.source_run import ingest_source
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.sources import models_dev_benchmarks, pages
from model_intelligence.sources.http import client, from_file
from model_intelligence.sources.source import Query
from tests.model_intelligence.build import NOW, listing
from tests.model_intelligence.sources.data import snapshot
from tests.model_intelligence.sources.server import Answer, serving

SCALE = "https://labs.scale.com/leaderboard/x"
REAL = "models.dev/models-metadata.2026-07-02.f3fc692.json.gz"


def result(**changed: object) -> dict[str, Any]:
    told = {"name": "SWE-Bench Pro", "score": 41.5, "metric": "resolve rate", "source": SCALE}
    return {**told, **changed}


def body(*results: object) -> bytes:
    return json.dumps({"zai/glm-9": {"name": "GLM 9", "benchmarks": results}, "a/b": {}}).encode()


def test_a_result_keeps_where_and_how_it_was_run() -> None:
    told = result(date="2026-05-02", dataset="public", version="2", variant="High", harness="Mini")
    [row] = models_dev_benchmarks.parse(body(told))
    assert row == BenchmarkRow(
        name="zai/glm-9",
        benchmark_name="SWE-Bench Pro",
        dataset_version="public, 2",
        harness="Mini, as published on labs.scale.com",
        unit="percent",
        score=Decimal("41.5"),
        task_type="code",
        effort="high",
        measured_at=date(2026, 5, 2),
        own_ids=("glm-9",),
        source_kind="aggregator",
    )


def test_a_variant_may_be_an_agent_and_a_makers_page_is_a_claim() -> None:
    told = result(
        name="Terminal Bench 2.1", variant="Terminus-2", source="https://huggingface.co/zai-org/x"
    )
    [row] = models_dev_benchmarks.parse(body(told))
    assert isinstance(row, BenchmarkRow)
    assert (row.benchmark_name, row.task_type) == ("Terminal-Bench 2.1", "agentic")
    assert (row.effort, row.harness) == (None, "Terminus-2, as published on huggingface.co")
    assert row.source_kind == "provider"


def test_an_index_is_no_percentage() -> None:
    told = result(name="Artificial Analysis Coding Index", metric="index", score=140)
    [row] = models_dev_benchmarks.parse(body(told))
    assert isinstance(row, BenchmarkRow)
    assert row.unit == "index"


def test_what_cannot_be_compared_is_left_out_with_the_reason() -> None:
    odd = (result(metric="score"), result(name="A new one"), result(score=410), result(score="4"))
    rows = models_dev_benchmarks.parse(body(*odd))
    assert [row.reason for row in rows if isinstance(row, Dropped)] == [
        "no unit is stated",
        "a benchmark whose kind of work is not known",
        "no percentage",
        "no benchmark, score or source",
    ]


@pytest.mark.parametrize(
    "text", [b"<html>", b"[]", b'{"a/b": 3}', b'{"a/b": {"benchmarks": {"name": "x"}}}']
)
def test_another_shape_is_reported(text: bytes) -> None:
    with pytest.raises(ShapeChanged):
        list(models_dev_benchmarks.parse(text))


def test_it_is_fetched_and_stored(session: Session) -> None:
    ingest_catalog(session, configured=(), rows=[listing("glm-9")], now=NOW)
    with serving(Answer(body=body(result()))) as server, client() as web:
        source = replace(models_dev_benchmarks.SOURCE, url=f"{server.url}/models.json")
        fetched = pages.read_source(source, None, web, Query(NOW, NOW), {})
        report = ingest_source(session, source, fetched, NOW)
    assert (report.status, report.new) == ("stored", 1)


def test_a_list_that_has_no_results_any_more_changes_nothing(session: Session) -> None:
    changed = from_file(b'{"zai/glm-9": {"name": "GLM 9"}}', max_bytes=10_000)
    report = ingest_source(session, models_dev_benchmarks.SOURCE, changed, NOW)
    assert (report.status, report.new) == ("skipped", 0)
    assert report.reason == "it has a new shape: no row could be read"


def test_the_real_list_of_july_2026_is_read() -> None:
    rows = list(models_dev_benchmarks.parse(snapshot(REAL)))
    good = [row for row in rows if isinstance(row, BenchmarkRow)]
    assert len(rows) == 288
    assert len(good) > 200
    assert not any(row.malformed for row in rows if isinstance(row, Dropped))
