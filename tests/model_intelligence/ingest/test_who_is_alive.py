"""Names that have ended or will end are recognised by what is shipped, without a network."""

import csv
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from model_intelligence.db import transaction
from model_intelligence.decision.case import Case, case_of
from model_intelligence.evidence.load import load_evidence
from model_intelligence.naming import resolve
from model_intelligence.records import Evidence
from model_intelligence.refresh import refresh_catalog, refresh_sources
from model_intelligence.sources import litellm, models_dev
from model_intelligence.sources.http import from_file
from tests.conftest import ROOT, SHARED_DATA
from tests.model_intelligence.build import policy
from tests.model_intelligence.sources.data import LITELLM, MODELS_DEV, snapshot

RETIRED = SHARED_DATA.parent / "trust" / "retired.tsv"
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
POLICY = policy(providers=("anthropic", "openai", "google", "aws"))
BY_HAND = {
    "claude-2": (date(2025, 7, 21), "claude-opus-4-8"),
    "claude-v1": (date(2024, 11, 6), "claude-haiku-4-5"),
    "claude-3-opus": (date(2026, 1, 5), "claude-opus-4-8"),
    "claude-3.5-sonnet": (date(2025, 10, 28), "claude-sonnet-5-5"),
    "claude-3-5-sonnet@20241022": (date(2025, 10, 28), "claude-sonnet-5-5"),
    "openrouter/anthropic/claude-3-opus": (date(2026, 1, 5), "claude-opus-4-8"),
    "us.anthropic.claude-3-5-sonnet-20241022-v2:0": (date(2025, 10, 28), "claude-sonnet-5-5"),
    "gpt-3.5-turbo-16k": (date(2024, 9, 13), "gpt-5.6-terra"),
    "gpt-4-32k": (date(2025, 6, 6), "gpt-6-luna"),
    "gpt-5-mini": (date(2026, 12, 11), "gpt-5.6-terra"),
    "gemini-2.0-flash": (date(2026, 6, 1), "gemini-3.6-flash"),
    "gemini-2.0-flash-lite": (date(2026, 6, 1), "gemini-3.5-flash-lite"),
}
ALIVE = ("claude-haiku-4-5", "claude-opus-4-5", "gemini-2.5-pro", "gpt-6-luna", "glm-4.7")


def shipped(engine: Engine, *names: str) -> Evidence:
    with transaction(engine) as session:
        refresh_catalog(session, ROOT / "config", names, NOW)
        return load_evidence(session, NOW)


def case(name: str, known: Evidence) -> Case:
    return case_of(POLICY, name, known, NOW.date())


def test_a_model_has_ended_under_every_spelling(engine: Engine) -> None:
    known = shipped(engine, *BY_HAND)
    cases = {name: case(name, known) for name in BY_HAND}
    found = {
        name: (each.model and each.model.retires_at, each.advised) for name, each in cases.items()
    }
    assert found == BY_HAND


def test_what_is_gone_without_a_date_is_deprecated(engine: Engine) -> None:
    known = shipped(engine, "grok-beta", "command-r-plus-04-2024")
    for name, advised in (
        ("grok-beta", None),
        ("command-r-plus-04-2024", "command-r-plus-08-2024"),
    ):
        found = case(name, known)
        assert found.model is not None
        assert (found.model.is_deprecated, found.advised) == (True, advised)


def test_a_promise_is_no_end(engine: Engine) -> None:
    known = shipped(engine, *ALIVE)
    assert {known.models[name].retires_at for name in ALIVE} == {None}
    assert known.models["claude-opus-4-5"].retires_not_before == date(2026, 11, 24)


@pytest.mark.parametrize("with_live_lists", [False, True])
def test_every_name_that_people_write_is_recognised(
    engine: Engine, *, with_live_lists: bool
) -> None:
    if not RETIRED.exists():
        pytest.skip("needs trust/retired.tsv of the shared material")
    rows = list(csv.DictReader(RETIRED.read_text(encoding="utf-8").splitlines(), delimiter="\t"))
    assert len(rows) == 48
    known = shipped(engine, *(row["name"] for row in rows))
    if with_live_lists:
        known = after_live_lists(engine)
    names = resolve.index(known.models, known.snapshots)
    for row in rows:
        retired = case(row["name"], known)
        assert retired.model is not None, row
        end = retired.model.retires_at
        assert str(end or "") == row["end"] or (not end and retired.model.is_deprecated), row
        if row["maker_advises"]:
            assert retired.advised == resolve.resolve(row["maker_advises"], names), row
            assert known.models[retired.advised or ""].retires_at is None, row


def after_live_lists(engine: Engine) -> Evidence:
    """With price lists that repeat ends and promises, and sell models that are gone."""
    lists = ((litellm.SOURCE, LITELLM), (models_dev.SOURCE, MODELS_DEV))
    fetched = [(source, from_file(snapshot(path), max_bytes=10**8)) for source, path in lists]
    with transaction(engine) as session:
        reports = refresh_sources(session, fetched, NOW, ())
        assert {report.status for report in reports} == {"stored"}
        return load_evidence(session, NOW)


def test_an_id_that_only_a_price_list_uses_is_no_model(engine: Engine) -> None:
    known = shipped(engine)
    invented = {"gpt-3.5-0301", "claude-v1", "gpt-4o:extended", "ft:gpt-4o"}
    assert not {*known.models, *(model for model, _ in known.prices)} & invented
    # OpenRouter's id, which has ended with the model that it means.
    assert known.models["gemini-pro-1.5"].retires_at == date(2025, 9, 29)
