"""Boards into the ledger: by resolved names, once, and the other names kept for review."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.config.aliases_yaml import Alias
from model_intelligence.db import transaction
from model_intelligence.ingest.benchmarks import BenchmarkReport, ingest_results
from model_intelligence.ledger.unmatched_names import waiting_names
from model_intelligence.naming.identify import UNKNOWN
from model_intelligence.naming.review import NameToReview
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.sources.source import Source
from tests.model_intelligence.build import NOW, listing
from tests.model_intelligence.observe import rows, whole_tables

BOARD = Source("board", "benchmarks", "https://example.org/board.csv", "MIT", lambda _: ())
ROW = BenchmarkRow("GLM-4.6 (high)", "A board", "percent", Decimal("45.5"), "code", task_count=225)
ALIAS = Alias(
    name="Mystery", source="board", model="glm-4.7", effort="none", why="its page says so"
)


@pytest.fixture(autouse=True)
def catalog(engine: Engine) -> None:
    with transaction(engine) as session:
        given = [listing(), listing("glm-4.7")]
        ingest_catalog(session, configured=(), rows=given, now=NOW)


def ingest(
    engine: Engine, *given: BenchmarkRow, days: int = 0, aliases: tuple[Alias, ...] = ()
) -> BenchmarkReport:
    with transaction(engine) as session:
        return ingest_results(session, BOARD, given, NOW + timedelta(days=days), aliases)


def waiting(engine: Engine, source: str | None = None) -> list[NameToReview]:
    with transaction(engine) as session:
        return waiting_names(session, source)


def test_a_row_is_stored_with_its_effort_and_where_it_is_from(engine: Engine) -> None:
    ingest(engine, replace(ROW, cost_usd=Decimal("1.5")))
    assert rows(
        engine,
        "SELECT model_id, benchmark_name, effort, score, task_count, source, source_url, tags "
        "FROM model_benchmarks",
    ) == [
        (
            "glm-4.6",
            "A board",
            "high",
            Decimal("45.5"),
            225,
            "board",
            "https://example.org/board.csv",
            {
                "licence": "MIT",
                "board_name": "GLM-4.6 (high)",
                "matched_by": "spelling",
                "cost_usd": "1.5",
            },
        )
    ]


def test_a_second_run_changes_no_row(engine: Engine) -> None:
    given = (ROW, replace(ROW, name="Mystery"))
    first = ingest(engine, *given)
    before = whole_tables(engine)
    assert ingest(engine, *given) == replace(first, new=0)
    assert whole_tables(engine) == before


def test_a_corrected_score_is_a_further_revision(engine: Engine) -> None:
    ingest(engine, ROW)
    assert ingest(engine, replace(ROW, score=Decimal(46)), days=1).new == 1
    assert rows(engine, "SELECT revision FROM model_benchmarks ORDER BY 1") == [(1,), (2,)]


def test_efforts_of_one_model_are_two_results(engine: Engine) -> None:
    low = replace(ROW, name="GLM-4.6 (low)", score=Decimal(30))
    assert ingest(engine, ROW, low).new == 2


def test_two_scores_of_one_result_are_both_left_out(engine: Engine) -> None:
    again = replace(ROW, name="glm 4.6 (high)", score=Decimal(30))
    other = replace(ROW, name="glm-4.7")
    report = ingest(engine, ROW, again, other)
    assert report.dropped == {"another score for the same model, run in the same way": 2}
    assert rows(engine, "SELECT model_id FROM model_benchmarks") == [("glm-4.7",)]


def test_names_without_a_model_wait_with_the_results_that_hang_on_them(engine: Engine) -> None:
    twice = [replace(ROW, name="Mystery", harness=harness) for harness in ("a", "b")]
    report = ingest(engine, replace(ROW, name="glm-9"), *twice, ROW)
    assert report.unmatched == ("Mystery", "glm-9")
    assert waiting(engine) == [
        NameToReview("board", "Mystery", UNKNOWN, 2),
        NameToReview("board", "glm-9", UNKNOWN, 1),
    ]
    assert waiting(engine, source="other") == []


def test_when_a_name_was_first_and_last_seen_is_kept(engine: Engine) -> None:
    for days in (0, 3):
        ingest(engine, replace(ROW, name="Mystery"), days=days)
    assert rows(engine, "SELECT first_seen, last_seen FROM unmatched_names") == [
        (NOW, NOW + timedelta(days=3))
    ]


def test_a_reviewed_name_waits_no_longer(engine: Engine) -> None:
    mystery = replace(ROW, name="Mystery")
    ingest(engine, mystery)
    assert ingest(engine, mystery, days=1, aliases=(ALIAS,)).unmatched == ()
    assert waiting(engine) == []
    assert rows(engine, "SELECT model_id, effort FROM model_benchmarks") == [("glm-4.7", "none")]
