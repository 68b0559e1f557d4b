"""Models that price lists have forgotten."""

from datetime import date

import pytest
from sqlalchemy import Engine, text

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.db import transaction
from model_intelligence.ingest.retired_models import retired_snapshots
from model_intelligence.naming.catalog_index import known_names
from model_intelligence.observations.listing import Lifecycle
from model_intelligence.records import Model
from tests.model_intelligence.build import NOW, listing

END = date(2026, 3, 1)
TODAY = date(2026, 11, 23)


def end(name: str, on: date = END) -> Lifecycle:
    return Lifecycle("google", name, on, "big-2", "https://example.org/ends")


def found(*names: str, listed: tuple[str, ...] = ("big-2",), today: date = TODAY) -> list[str]:
    return list(retired_snapshots(map(end, names), known_names(listed), today))


def test_a_model_whose_end_has_come_is_known_with_it() -> None:
    assert retired_snapshots([end("Big-1-05-20")], known_names(["big-2"]), TODAY) == {
        "big-1-05-20": Model(
            model_id="big-1-05-20",
            provider="google",
            family="big",
            display_name="Big-1-05-20",
            retires_at=END,
            retirement_source="https://example.org/ends",
            replacement="big-2",
            is_deprecated=True,
        )
    }


@pytest.mark.parametrize(
    "name", ["big-0613", "big-20250514", "big-2025-02-27", "big-03-2025", "big-0125-preview"]
)
def test_a_snapshot_is_told_by_its_date_or_version(name: str) -> None:
    assert found(name) == [name]


@pytest.mark.parametrize(
    "name", ["big", "big-1.5-flash", "big-latest", "big-preview", "/v1/edits", "Assistants API"]
)
def test_a_name_without_a_snapshot_may_have_meant_anything(name: str) -> None:
    assert found(name) == []


@pytest.mark.parametrize("listed", ["big-0613", "Big_0613", "mistral/big-0613"])
def test_what_a_list_still_has_has_not_departed(listed: str) -> None:
    assert found("big-0613", listed=(listed,)) == []


def test_a_dated_id_of_a_model_that_is_known_undated_is_no_model_of_its_own() -> None:
    names = known_names(["big-1"], {"big-1-0613": "big-1"})
    assert retired_snapshots([end("big-1-0613")], names, TODAY) == {}


def test_an_end_that_has_not_come_says_nothing() -> None:
    assert found("big-0613", today=date(2026, 2, 28)) == []
    assert found("big-0613", today=END) == ["big-0613"]


def test_the_catalog_has_it_once_without_a_price(engine: Engine) -> None:
    for _ in range(2):
        with transaction(engine) as session:
            ingest_catalog(
                session,
                configured=(),
                rows=[listing("big-2")],
                now=NOW,
                lifecycles={"llmshift": [end("big-0613")]},
            )
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT model_id, is_deprecated, retires_at FROM models_catalog ORDER BY 1")
        ).all()
        priced = connection.execute(text("SELECT DISTINCT model_id FROM model_pricing")).all()
    assert [tuple(row) for row in rows] == [("big-0613", True, END), ("big-2", False, None)]
    assert [tuple(row) for row in priced] == [("big-2",)]
