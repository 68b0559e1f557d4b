"""LMArena's board: ratings of a kind of work of their own, page by page."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy.orm import Session

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.decision.benchmarks.lead import lead
from model_intelligence.decision.chances import SCALES
from model_intelligence.decision.score import RATIO_UNITS
from model_intelligence.errors import ShapeChanged
from model_intelligence.evidence.load import load_evidence
from model_intelligence.ingest.source_run import ingest_source
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.sources import lmarena, pages
from model_intelligence.sources.http import client, from_file
from model_intelligence.sources.source import Query, answers
from tests.model_intelligence.build import NOW, listing
from tests.model_intelligence.sources.server import Answer, serving


def row(name: str, rating: object, **changed: object) -> dict[str, Any]:
    told = {
        "model_name": name,
        "organization": "Example Lab",
        "license": "Proprietary",
        "rating": rating,
        "rating_lower": 1400.5,
        "rating_upper": 1420.5,
        "variance": 26.0,
        "vote_count": 3000,
        "rank": 2,
        "category": "overall",
        "leaderboard_publish_date": "2026-05-20",
    }
    return {"row_idx": 0, "row": {**told, **changed}, "truncated_cells": []}


def answer(*rows: Mapping[str, Any], total: int | None = None) -> bytes:
    known = {"features": [], "rows": rows, "num_rows_total": total or len(rows), "partial": False}
    return json.dumps(known).encode()


def test_a_rating_is_an_elo_of_chats() -> None:
    [found] = lmarena.parse(answer(row("gpt-9-high", 1410.5123)))
    assert found == BenchmarkRow(
        name="gpt-9-high",
        benchmark_name="LMArena text",
        dataset_version="style control",
        unit="elo",
        score=Decimal("1410.5"),
        task_type="chat",
        standard_error=Decimal("5.1"),
        measured_at=date(2026, 5, 20),
    )
    assert "elo" in SCALES
    assert "elo" not in RATIO_UNITS


def test_rows_without_a_model_or_a_rating_are_left_out() -> None:
    odd = [row("a", None), row("b", "1400"), row("c", 1400, category="coding"), {"row": 3}]
    found = list(
        lmarena.parse(
            answer(*odd, row("d", 1400, leaderboard_publish_date=None, rating_upper=None))
        )
    )
    assert [one.reason for one in found if isinstance(one, Dropped)] == [
        *("no rating", "no rating", "not of the category overall", "no model"),
    ]
    [good] = [one for one in found if isinstance(one, BenchmarkRow)]
    assert (good.measured_at, good.standard_error) == (None, None)


@pytest.mark.parametrize("body", [b"<html>", b"[]x", b'{"rows": 3}', b"{}", b'[["", "[]"]]'])
def test_another_shape_is_reported(body: bytes) -> None:
    with pytest.raises(ShapeChanged):
        list(lmarena.parse(body))


def test_a_page_that_does_not_say_how_many_rows_there_are_is_another_shape() -> None:
    with pytest.raises(ShapeChanged):
        lmarena.further(b'{"rows": []}')


def test_all_pages_are_asked_for_and_stored(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAUSE_SECONDS", 0)
    known = [listing("gpt-9", provider="openai"), listing("glm-9")]
    ingest_catalog(session, configured=(), rows=known, now=NOW)
    one, two = answer(row("gpt-9-high", 1410), total=101), answer(row("glm-9", 1390), total=101)
    with serving(Answer(body=one), Answer(body=two)) as server, client() as web:
        source = replace(lmarena.SOURCE, url=f"{server.url}/filter")
        fetched = pages.read_source(source, None, web, Query(NOW, NOW), {})
        report = ingest_source(session, source, fetched, NOW)
    asked = [parse_qs(urlsplit(path).query) for path, _ in server.asked]
    assert [query["offset"] for query in asked] == [["0"], ["100"]]
    assert {query["where"][0] for query in asked} == {"\"category\"='overall'"}
    assert {query["config"][0] for query in asked} == {"text_style_control"}
    assert (report.status, report.new) == ("stored", 2)
    results = load_evidence(session, NOW).benchmarks
    [best] = results["gpt-9"]
    assert (best.key.effort, best.standard_error) == ("high", Decimal("5.1"))
    assert lead([(results["glm-9"][0], results["gpt-9"][0])]) is None  # no share of tasks


def test_a_changed_shape_changes_nothing(session: Session) -> None:
    body = answers([("", b'{"error": "The dataset does not exist"}')])
    report = ingest_source(session, lmarena.SOURCE, from_file(body, max_bytes=10_000), NOW)
    assert (report.status, report.new) == ("skipped", 0)
    assert report.reason == "it has a new shape: a list of rows was expected"
