"""Epoch AI's zip: its own benchmarks, the index in both layouts, and nothing else."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.decision.score import RATIO_UNITS
from model_intelligence.errors import ShapeChanged
from model_intelligence.evidence.load import load_evidence
from model_intelligence.ingest.source_run import ingest_source, previous_fetch
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.sources import epoch, pages
from model_intelligence.sources.http import client, from_file
from model_intelligence.sources.source import Query
from tests.model_intelligence.build import NOW, listing
from tests.model_intelligence.sources import measure
from tests.model_intelligence.sources.server import Answer, serving

GPQA = """\
Model version,mean_score,Best score (across scorers),Release date,stderr,Started at,id
gpt-9-2026-05-01_high,0.79,0.8,2026-05-01,0.02,2026-05-20T10:00:00.000Z,aaa
claude-big-9_16K,0.7,0.7,2026-04-01,0.02,2026-05-21T10:00:00.000Z,bbb
kimi-k9_unknown,0.6,0.6,2026-04-01,0.02,,ccc
chutes/DeepSeek-V9_thinking,0.6,0.6,2026-04-01,0.02,,fff
,0.5,0.5,,,,ddd
gpt-8,,,2026-01-01,,,eee
"""
INDEX = """\
Model,Display name,eci,eci_ci_low,eci_ci_high,date,Organization
GPT-9 (May 2026),GPT-9 (May 2026),151.2345,149,153,2026-05-01,OpenAI
Kimi K9,Kimi K9,140,,,2026-04-01,Moonshot
Nobody,Nobody,,,,2026-04-01,
"""
MODELS = """\
model_version,model_group,date,display_name
gpt-9-2026-05-01_high,GPT-9 (May 2026),2026-05-01,
gpt-9-2026-05-01_low,GPT-9 (May 2026),2026-05-01,
kimi-k9_unknown,Kimi K9,2026-04-01,
,,,
"""
FILES = {
    "README.md": "CC BY",
    "gpqa_diamond.csv": GPQA,
    "chess_puzzles.csv": GPQA,
    "somebodys_board_external.csv": "Model version,Score\ngpt-9,0.9\n",
    epoch.INDEX_FILE: INDEX,
    epoch.MODELS_FILE: MODELS,
}
OLD = {
    "gpqa_diamond.csv": GPQA,
    epoch.OLD_INDEX_FILE: "\ufeffModel version,ECI Score\ngpt-9-2026-05-01_high,151.26\n",
}


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return whole.getvalue()


def index_of(files: Mapping[str, str | bytes]) -> list[BenchmarkRow]:
    rows = epoch.parse(zipped(files))
    return [row for row in rows if isinstance(row, BenchmarkRow) and row.unit == "index"]


def test_a_run_of_epochs_own_is_a_row_with_its_effort_and_day() -> None:
    first, second, third, hosted, *dropped = list(epoch.parse(zipped(FILES)))[:6]
    assert first == BenchmarkRow(
        name="gpt-9-2026-05-01_high",
        benchmark_name="GPQA diamond",
        unit="percent",
        score=Decimal("80.0"),
        task_type="reasoning",
        harness="Epoch AI",
        effort="high",
        task_count=198,
        measured_at=date(2026, 5, 20),
        own_ids=("gpt-9-2026-05-01",),
    )
    assert isinstance(second, BenchmarkRow)
    assert isinstance(third, BenchmarkRow)
    assert isinstance(hosted, BenchmarkRow)
    assert (hosted.effort, hosted.own_ids) == ("thinking", ("DeepSeek-V9",))
    assert (second.effort, second.own_ids) == ("16k", ("claude-big-9",))
    assert (third.effort, third.own_ids, third.measured_at) == (None, ("kimi-k9",), None)
    assert [row.name for row in dropped] == ["gpqa_diamond.csv", "gpt-8"]
    assert all(isinstance(row, Dropped) for row in dropped)


def test_the_index_is_an_index_of_the_models_that_the_metadata_names() -> None:
    big, small = index_of(FILES)
    assert (big.name, big.score, big.own_ids) == (
        *("GPT-9 (May 2026)", Decimal("151.2")),
        ("gpt-9-2026-05-01",),
    )
    assert (big.standard_error, small.standard_error) == (Decimal("1.2"), None)
    assert (small.name, small.own_ids, small.source_kind) == ("Kimi K9", ("kimi-k9",), "aggregator")
    assert "index" not in RATIO_UNITS


def test_the_index_of_spring_2026_has_a_row_for_each_version() -> None:
    [row] = index_of(OLD)
    assert (row.score, row.effort, row.own_ids) == (
        *(Decimal("151.3"), "high"),
        ("gpt-9-2026-05-01",),
    )


def test_other_peoples_boards_and_other_work_are_left_alone() -> None:
    rows = list(epoch.parse(zipped(FILES)))
    assert {row.benchmark_name for row in rows if isinstance(row, BenchmarkRow)} == {
        "GPQA diamond",
        epoch.INDEX,
    }


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        zipped(FILES)[:-30],
        zipped({"gpqa_diamond.csv": GPQA}),
        zipped({epoch.INDEX_FILE: INDEX}),
        zipped({**FILES, "gpqa_diamond.csv": "Model version,score\ngpt-9,0.8\n"}),
        zipped({**FILES, epoch.INDEX_FILE: "Model,score\nGPT-9,150\n"}),
        zipped({**FILES, "gpqa_diamond.csv": b"Model version\n\xff"}),
        zipped({**FILES, "gpqa_diamond.csv": b"0" * (epoch.MOST_BYTES + 1)}),
    ],
    ids=["no zip", "cut", "no index", "no board", "column", "index", "no text", "bomb"],
)
def test_another_shape_is_reported(body: bytes) -> None:
    with pytest.raises(ShapeChanged):
        list(epoch.parse(body))


def test_it_is_fetched_and_stored_once(session: Session) -> None:
    known = [listing("gpt-9-2026-05-01", provider="openai"), listing("kimi-k9")]
    ingest_catalog(session, configured=(), rows=known, now=NOW)
    reports = []
    with serving(Answer(body=zipped(FILES))) as server, client() as web:
        source = replace(epoch.SOURCE, url=f"{server.url}/benchmark_data.zip")
        for _ in range(2):
            before = previous_fetch(session, source.name)
            fetched = pages.read_source(source, before, web, Query(NOW, NOW), {})
            report = ingest_source(session, source, fetched, NOW)
            reports.append((report.status, report.new))
    assert reports == [("stored", 4), ("unchanged", 0)]
    results = load_evidence(session, NOW).benchmarks["gpt-9-2026-05-01"]
    [index] = [result for result in results if result.key.unit == "index"]
    assert (index.score, index.standard_error) == (Decimal("151.2"), Decimal("1.2"))


def test_a_changed_shape_changes_nothing(session: Session) -> None:
    ingest_catalog(session, configured=(), rows=[listing("kimi-k9")], now=NOW)
    body = from_file(zipped({"gpqa_diamond.csv": GPQA}), max_bytes=10_000)
    report = ingest_source(session, epoch.SOURCE, body, NOW)
    assert (report.status, report.new) == ("skipped", 0)
    assert str(report.reason).startswith("it has a new shape: ")


def test_a_real_index_of_april_2026_is_read_and_its_models_are_found() -> None:
    real = measure.snapshot("epoch/epoch_capabilities_index.2026-04-11.csv")
    rows = index_of({"gpqa_diamond.csv": GPQA, epoch.OLD_INDEX_FILE: real})
    assert len(rows) > 200
    assert all(40 < row.score < 180 for row in rows)
    # The others are mostly open weights of 2023 that nobody lists any more.
    assert measure.share(measure.identified("epoch", rows, measure.refreshed())) >= 75
