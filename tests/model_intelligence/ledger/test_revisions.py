"""The two verbs of a ledger: a further revision where figures differ, and the newest of a key."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import create_engine

from model_intelligence.ledger.revisions import Ledger
from model_intelligence.models import ModelLifecycle, SourceRun

ENDS = Ledger(ModelLifecycle, ("model_id", "source"))
STORED = ModelLifecycle(model_id="a", source="list", revision=3, replacement=None)
BEFORE = {ENDS.key_of(STORED): STORED}


def row(**changed: Any) -> dict[str, Any]:
    return {"model_id": "a", "source": "list", "replacement": None, **changed}


@pytest.mark.parametrize(
    ("stated", "revisions"),
    [
        (row(), []),
        (row(source_url="https://example.org"), []),  # no figure
        (row(replacement="b"), [4]),
        (row(source="other"), [1]),
    ],
)
def test_a_row_with_other_figures_is_a_further_revision(
    stated: dict[str, Any], revisions: list[int]
) -> None:
    further = ENDS.further([stated], BEFORE, ("replacement",))
    assert [new["revision"] for new in further] == revisions


def test_the_newest_row_is_the_last_revision_that_had_been_seen_by_then() -> None:
    runs = Ledger(SourceRun, ("source",), seen="started_at", order="id")
    query = runs.newest(SourceRun.rows, seen_by=datetime(2026, 11, 30, tzinfo=UTC))
    dialect = create_engine("postgresql+psycopg2://").dialect
    sql = " ".join(str(query.compile(dialect=dialect)).split())
    assert sql == (
        "SELECT DISTINCT ON (source_runs.source) source_runs.rows FROM source_runs "
        "WHERE source_runs.started_at <= %(started_at_1)s "
        "ORDER BY source_runs.source, source_runs.id DESC"
    )
