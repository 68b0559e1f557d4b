"""Configured models that no price list has, but perhaps the list of ends."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.db import transaction
from model_intelligence.evidence.load import load_evidence
from model_intelligence.ingest.catalog_builder import configured_only
from model_intelligence.observations.listing import Lifecycle
from model_intelligence.records import Evidence, Model
from tests.model_intelligence.build import NOW, listing
from tests.model_intelligence.observe import rows, whole_tables

DATED, GONE = "GLM-4.5-20250728", "glm-4-20240116"
SOON, LONG_AGO = date(2026, 12, 31), date(2026, 2, 1)
ENDS = (
    Lifecycle("zai", DATED, SOON, "glm-4.6", "https://docs.z.ai/ends"),
    Lifecycle("zai", GONE, LONG_AGO, "glm-4.6", "https://docs.z.ai/ends"),
)


def ingest(engine: Engine, *configured: str, day: int = 0) -> Evidence:
    now = NOW + timedelta(days=day)
    with transaction(engine) as session:
        ingest_catalog(
            session, configured=configured, rows=[listing()], now=now, lifecycles={"llmshift": ENDS}
        )
        return load_evidence(session, now)


@pytest.mark.parametrize("name", [DATED, DATED.lower(), f"zai/{DATED}", f"zai:chat:{DATED}"])
def test_it_is_sold_and_ended_by_who_announced_its_end(engine: Engine, name: str) -> None:
    found = ingest(engine, name).models[DATED.lower()]
    assert (found.provider, found.retires_at, found.replacement) == ("zai", SOON, "glm-4.6")
    assert found.display_name == DATED


def test_every_end_is_a_row_of_the_ledger(engine: Engine) -> None:
    models = ingest(engine, DATED).models
    assert {name: one.lifecycle_id for name, one in models.items() if one.retires_at} == dict(
        rows(engine, "SELECT model_id, id FROM model_lifecycles")
    )
    assert {GONE, DATED.lower()} < models.keys()
    with transaction(engine) as session:
        assert load_evidence(session, NOW, as_of=NOW).models[GONE].retires_at == LONG_AGO


def test_it_stays_as_it_is_in_further_runs_and_when_nobody_uses_it_any_more(
    engine: Engine,
) -> None:
    ingest(engine, DATED)
    before = whole_tables(engine)
    for day, configured in enumerate([[DATED], [f"zai/{DATED}"], []], 1):
        ingest(engine, *configured, day=day)
        assert whole_tables(engine) == before


def test_its_maker_ends_the_very_id_that_only_resellers_still_list(engine: Engine) -> None:
    resold = [listing(name, provider="openrouter") for name in (GONE, f"{GONE}-air")]
    with transaction(engine) as session:
        ingest_catalog(session, configured=(), rows=resold, now=NOW, lifecycles={"llmshift": ENDS})
        models = load_evidence(session, NOW).models
    assert (models[GONE].provider, models[GONE].retires_at) == ("openrouter", LONG_AGO)
    assert models[f"{GONE}-air"].retires_at is None


def test_of_a_name_that_no_list_has_nothing_is_known() -> None:
    assert configured_only(["GLM-9"], ENDS, {}) == {
        "glm-9": Model("glm-9", "unknown", "glm", "GLM-9")
    }
    assert configured_only(["glm-4.6"], ENDS, {"glm-4-6": "glm-4.6"}) == {}
