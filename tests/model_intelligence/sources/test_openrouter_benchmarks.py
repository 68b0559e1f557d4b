"""OpenRouter's own benchmarks: with the user's key, with tasks and cost."""

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
from model_intelligence.sources import openrouter_benchmarks, pages
from model_intelligence.sources.http import client, from_file
from model_intelligence.sources.source import Query, Skipped
from tests.model_intelligence.build import NOW, listing
from tests.model_intelligence.sources.server import Answer, serving


def item(**changed: object) -> dict[str, Any]:
    told = {
        "source": "openrouter",
        "model_permaslug": "openai/gpt-9",
        "display_name": "GPT-9",
        "benchmark_type": "gpqa_diamond",
        "accuracy": 0.81,
        "accuracy_stddev": 0.02,
        "avg_cost_per_task": 0.002,
        "total_tasks": 594,
        "last_run_timestamp": "2026-05-20T12:00:00Z",
    }
    return {**told, **changed}


def body(*items: object) -> bytes:
    return json.dumps({"data": items, "meta": {"version": "v1"}}).encode()


def test_an_accuracy_is_a_share_of_the_tasks_however_often_they_were_run() -> None:
    [row] = openrouter_benchmarks.parse(body(item()))
    assert row == BenchmarkRow(
        name="GPT-9",
        benchmark_name="GPQA diamond",
        unit="percent",
        score=Decimal("81.00"),
        task_type="reasoning",
        harness="OpenRouter",
        task_count=198,
        measured_at=date(2026, 5, 20),
        cost_usd=Decimal("1.188"),
        own_ids=("openai/gpt-9", "gpt-9"),
    )


def test_what_is_null_is_unknown() -> None:
    unknown = item(avg_cost_per_task=None, accuracy_stddev=None, total_tasks=None)
    [row] = openrouter_benchmarks.parse(body(unknown))
    assert isinstance(row, BenchmarkRow)
    assert (row.cost_usd, row.task_count) == (None, None)


def test_other_peoples_results_and_unknown_benchmarks_are_left_out() -> None:
    odd = (
        {"source": "artificial-analysis", "model_permaslug": "a/b", "coding_index": 50},
        item(benchmark_type="search_hle"),
        item(accuracy=81),
        {"accuracy": 0.5},
    )
    dropped = list(openrouter_benchmarks.parse(body(*odd)))
    assert [row.reason for row in dropped if isinstance(row, Dropped)] == [
        "a result that OpenRouter only passes on",
        "a benchmark whose kind of work is not known",
        "no accuracy from 0 to 1",
        "no model",
    ]


@pytest.mark.parametrize("text", [b"<html>", b"[]", b'{"data": {}}', b'{"error": {"code": 401}}'])
def test_another_shape_is_reported(text: bytes) -> None:
    with pytest.raises(ShapeChanged):
        list(openrouter_benchmarks.parse(text))


def test_it_is_asked_with_the_users_key_and_stored(session: Session) -> None:
    known = listing("gpt-9", provider="openai")
    ingest_catalog(session, configured=(), rows=[known], now=NOW)
    key = {openrouter_benchmarks.KEY: "sk-or-1\n"}
    with serving(Answer(body=body(item()))) as server, client() as web:
        source = replace(openrouter_benchmarks.SOURCE, url=f"{server.url}/benchmarks?source=x")
        fetched = pages.read_source(source, None, web, Query(NOW, NOW), key)
        report = ingest_source(session, source, fetched, NOW)
        without = pages.read_source(source, None, web, Query(NOW, NOW), {})
    assert server.asked[0][1]["Authorization"] == "Bearer sk-or-1"
    assert (report.status, report.new) == ("stored", 1)
    assert without == Skipped("it needs your own OPENROUTER_API_KEY in the environment")
    assert len(server.asked) == 1
    stored = session.connection().exec_driver_sql(
        "SELECT model_id, task_count FROM model_benchmarks"
    )
    assert [tuple(row) for row in stored] == [("gpt-9", 198)]


def test_a_changed_shape_changes_nothing(session: Session) -> None:
    changed = from_file(body({"model": "gpt-9", "score": 1}), max_bytes=10_000)
    report = ingest_source(session, openrouter_benchmarks.SOURCE, changed, NOW)
    assert (report.status, report.new) == ("skipped", 0)
    assert report.reason == "it has a new shape: no row could be read"
