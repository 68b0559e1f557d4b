"""Release dates by vote, kept with who states them."""

from datetime import date, timedelta

from sqlalchemy import Engine

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.db import transaction
from model_intelligence.evidence.load import load_evidence
from model_intelligence.evidence.released import released_on
from model_intelligence.ingest.price_list import ingest_listings
from model_intelligence.ingest.release_dates import agreed_date, stated_dates
from model_intelligence.observations.listing import Listing, Release
from tests.model_intelligence.build import NOW, listing, result
from tests.model_intelligence.observe import rows, whole_tables

MAY, JUNE, JULY = date(2025, 5, 1), date(2025, 6, 1), date(2025, 7, 1)


def test_most_lists_win_and_of_as_many_the_earliest_day() -> None:
    assert agreed_date({"a": "2025-06-01", "b": "2025-06-01", "c": "2025-05-01"}) == JUNE
    assert agreed_date({"a": "2025-06-01", "b": "2025-05-01"}) == MAY
    assert agreed_date({}) is None


def test_a_bundled_snapshot_has_no_vote_beside_its_live_list() -> None:
    twice = {"a (bundled)": "2025-07-01", "a": "2025-07-01"}
    assert agreed_date({**twice, "b": "2025-06-01"}) == JUNE
    assert agreed_date({"a": "2025-07-01", "a (bundled)": "2025-05-01"}) == JULY


def test_a_date_is_of_every_spelling_and_of_the_name_of_the_snapshot() -> None:
    stated = [Release("glm-4.6", MAY, "a"), Release("gpt-5-2025-08-07", JUNE, "a")]
    ids = ["z-ai/glm-4.6", "glm-4-6", "gpt-5", "gpt-5-mini"]
    assert stated_dates((), stated, ids) == {
        "z-ai/glm-4.6": {"a": "2025-05-01"},
        "glm-4-6": {"a": "2025-05-01"},
        "gpt-5": {"a": "2025-06-01"},
    }


def test_a_list_of_many_sellers_states_the_day_of_the_maker_or_of_most_sellers() -> None:
    def row(provider: str, day: date) -> Listing:
        return listing(provider=provider, source="a", released_at=day)

    sellers = [("glm-4.6", row(*each)) for each in (("x", MAY), ("y", JULY), ("w", JULY))]
    assert stated_dates(sellers, (), ["glm-4.6"])["glm-4.6"] == {"a": "2025-07-01"}
    with_maker = [*sellers, ("glm-4.6", row("zai", JUNE))]
    assert stated_dates(with_maker, (), ["glm-4.6"])["glm-4.6"] == {"a": "2025-06-01"}


def test_without_a_stated_day_it_is_that_of_the_name_and_never_after_a_result() -> None:
    measured = [result(measured_at=JUNE), result(measured_at=None)]
    assert released_on(JULY, ("a",), measured) == JUNE
    assert released_on(MAY, ("a",), measured) == MAY
    assert released_on(None, ("a", "a-20250501"), ()) == MAY
    assert released_on(None, ("a",), measured) is None


def test_lists_vote_one_after_another_and_a_second_run_changes_nothing(engine: Engine) -> None:
    def run(day: int) -> None:
        now = NOW + timedelta(days=day)
        bundled = [Release("glm-4.6", JULY, "models.dev (bundled)")]
        with transaction(engine) as session:
            rows = [listing(released_at=None)]
            ingest_catalog(session, configured=(), rows=rows, now=now, releases=bundled)
            for source, released in (("models.dev", JUNE), ("openrouter", JUNE)):
                live = listing(source=source, released_at=released)
                ingest_listings(session, source, [live], now)

    run(0)
    before = whole_tables(engine)
    run(1)
    assert whole_tables(engine) == before
    with transaction(engine) as session:
        model = load_evidence(session, NOW).models["glm-4.6"]
        past = load_evidence(session, NOW, as_of=NOW).models["glm-4.6"]
    dates = {"models.dev (bundled)": "2025-07-01", "models.dev": "2025-06-01"}
    everyone = {**dates, "openrouter": "2025-06-01"}
    assert (model.released_at, model.release_dates) == (JUNE, everyone)
    assert past == model
    newest = rows(engine, "SELECT facts->>'released_at' FROM model_facts ORDER BY id DESC LIMIT 1")
    assert newest == [("2025-06-01",)]
