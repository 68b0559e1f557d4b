"""Artificial Analysis: indices and collected prices, each in its own unit."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.decision.score import RATIO_UNITS
from model_intelligence.errors import ShapeChanged
from model_intelligence.ingest.source_run import ingest_source
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.sources import artificial_analysis, pages
from model_intelligence.sources.http import client, from_file
from model_intelligence.sources.source import Query, answers
from tests.model_intelligence.build import NOW, listing
from tests.model_intelligence.sources.data import fixture
from tests.model_intelligence.sources.server import Answer, serving

PAGE = fixture("artificial_analysis.json")
LAST = (
    b'{"intelligence_index_version": 4.1, "pagination": {"page": 2, "has_more": false}, "data": []}'
)


def index(name: str, score: str, task_type: str) -> BenchmarkRow:
    return BenchmarkRow(
        "Big 1 (high)",
        f"Artificial Analysis {name} Index",
        "index",
        Decimal(score),
        task_type,
        dataset_version="4.1",
    )


def price(name: str, usd: str) -> BenchmarkRow:
    return BenchmarkRow(
        "Big 1 (high)",
        f"Artificial Analysis price of {name}",
        "usd per million tokens",
        Decimal(usd),
        "price",
        higher_is_better=False,
        source_kind="aggregator",
    )


def test_each_index_and_each_price_is_a_row_and_what_is_unknown_is_none() -> None:
    *rows, malformed = artificial_analysis.parse(PAGE)
    assert rows == [
        index("Intelligence", "61.5", "reasoning"),
        index("Coding", "55", "code"),
        price("input", "1.25"),
        price("output", "10"),
        Dropped("Little 1", "no index and no price"),
    ]
    assert isinstance(malformed, Dropped)
    assert malformed.malformed


def test_an_index_is_no_percentage() -> None:
    assert "index" not in RATIO_UNITS


def test_several_pages_are_read_as_one_list() -> None:
    both = answers([("", PAGE), ("?page=2", LAST)])
    assert list(artificial_analysis.parse(both)) == list(artificial_analysis.parse(PAGE))


@pytest.mark.parametrize("body", [b"", b"[]x", b"{}", b'{"data": {}}', b'[["", "[]"]]'])
def test_another_shape_is_told(body: bytes) -> None:
    with pytest.raises(ShapeChanged):
        list(artificial_analysis.parse(body))


def test_pages_are_asked_for_with_the_users_key_until_there_is_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "PAUSE_SECONDS", 0)
    with serving(Answer(body=PAGE), Answer(body=LAST)) as server, client() as web:
        source = replace(artificial_analysis.SOURCE, url=f"{server.url}/free")
        pages.read_source(source, None, web, Query(NOW, NOW), {artificial_analysis.KEY: "k3y\n"})
    assert [path for path, _ in server.asked] == ["/free", "/free?page=2"]
    keys = [{name.lower(): one for name, one in said.items()} for _, said in server.asked]
    assert [one["x-api-key"] for one in keys] == ["k3y", "k3y"]


def test_who_measured_and_who_collected_is_kept(session: Session) -> None:
    ingest_catalog(session, configured=(), rows=[listing("big-1")], now=NOW)
    body = from_file(PAGE, max_bytes=10_000)
    report = ingest_source(session, artificial_analysis.SOURCE, body, NOW)
    assert (report.status, report.new) == ("stored", 4)
    stored = session.connection().exec_driver_sql(
        "SELECT unit, source_kind, effort FROM model_benchmarks ORDER BY id"
    )
    assert [tuple(row) for row in stored] == [
        ("index", "independent", "high"),
        ("index", "independent", "high"),
        ("usd per million tokens", "aggregator", "high"),
        ("usd per million tokens", "aggregator", "high"),
    ]
