"""Models and prices into the catalog: appended when they change, never twice."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.config.pricing_yaml import OwnPrice, PricingFile
from model_intelligence.db import transaction
from model_intelligence.evidence.load import load_evidence
from model_intelligence.ingest.catalog_builder import configured_only
from model_intelligence.ledger.catalog import CatalogReport
from model_intelligence.ledger.prices import UNIT_ERROR
from model_intelligence.naming.resolve import family_of
from model_intelligence.observations.listing import Dropped, Listing
from model_intelligence.records import OWN_PRICES, UNDATED, Price
from model_intelligence.refresh import refresh_all
from tests.model_intelligence.build import NOW, listing, point
from tests.model_intelligence.observe import rows, whole_tables

JUNE = datetime(2026, 6, 1, tzinfo=UTC)
NEXT_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


def ingest(
    engine: Engine,
    *given: Listing | Dropped,
    configured: Iterable[str] = (),
    now: datetime = NOW,
) -> CatalogReport:
    with transaction(engine) as session:
        return ingest_catalog(session, configured=configured, rows=given, now=now)


def in_force(engine: Engine, now: datetime = NOW) -> dict[tuple[str, str], Price]:
    with transaction(engine) as session:
        return dict(load_evidence(session, now).prices)


def history(engine: Engine) -> list[tuple[object, ...]]:
    return rows(
        engine,
        "SELECT effective_at, revision, input_per_1k, observed_at FROM model_pricing "
        "ORDER BY effective_at, revision",
    )


def own(usd: str, name: str = "glm-4.6", provider: str = "zai") -> Listing:
    amount = Decimal(usd)
    priced = {provider: {name: OwnPrice(input_per_1k=amount, output_per_1k=amount)}}
    return PricingFile(priced).listings()[0]


def test_the_report_counts_what_was_seen_and_what_was_new(engine: Engine) -> None:
    report = ingest(engine, listing(), listing("glm-4.7"), configured=["gpt-5"])
    assert report == CatalogReport(
        models_seen=3, models_new=3, models_changed=0, prices_seen=2, prices_new=2
    )


def test_a_second_run_changes_no_row(engine: Engine) -> None:
    dated = listing("glm-4.7", point(), point("0.002", JUNE), point("0.003", NEXT_YEAR))
    given = (listing(), dated, own("0.0005"), listing(provider="openrouter"))
    ingest(engine, *given, configured=["gpt-5"])
    before = whole_tables(engine)
    report = ingest(engine, *given, configured=["gpt-5"], now=NOW + timedelta(days=1))
    assert (report.models_new, report.models_changed, report.prices_new) == (0, 0, 0)
    assert whole_tables(engine) == before


def test_the_order_of_the_rows_does_not_matter_to_a_second_run(engine: Engine) -> None:
    given = (listing(), listing("z-ai/GLM-4.6", provider="openrouter"), own("0.0005"))
    ingest(engine, *given)
    before = whole_tables(engine)
    ingest(engine, *reversed(given), now=NOW + timedelta(days=1))
    assert whole_tables(engine) == before


def test_a_price_without_a_date_holds_from_the_beginning_when_first_seen(engine: Engine) -> None:
    ingest(engine, listing())
    assert history(engine) == [(UNDATED, 1, Decimal("0.001"), NOW)]


def test_a_price_without_a_date_that_changes_holds_from_when_it_was_seen(engine: Engine) -> None:
    ingest(engine, listing())
    later = NOW + timedelta(days=3)
    ingest(engine, listing("glm-4.6", point("0.002")), now=later)
    assert history(engine) == [
        (UNDATED, 1, Decimal("0.001"), NOW),
        (later, 1, Decimal("0.002"), later),
    ]
    assert in_force(engine, NOW)["glm-4.6", "zai"].input_per_1k == Decimal("0.001")
    assert in_force(engine, later)["glm-4.6", "zai"].input_per_1k == Decimal("0.002")


def test_a_price_that_goes_back_to_what_it_was_is_a_third_row(engine: Engine) -> None:
    for day, usd in enumerate(["0.001", "0.002", "0.001"]):
        ingest(engine, listing("glm-4.6", point(usd)), now=NOW + timedelta(days=day))
    assert [row[2] for row in history(engine)] == [Decimal(f"0.00{n}") for n in (1, 2, 1)]


def test_two_changes_at_one_moment_are_two_revisions(engine: Engine) -> None:
    ingest(engine, listing())
    ingest(engine, listing("glm-4.6", point("0.002")))
    ingest(engine, listing("glm-4.6", point("0.003")))
    assert [row[:3] for row in history(engine)][1:] == [
        (NOW, 1, Decimal("0.002")),
        (NOW, 2, Decimal("0.003")),
    ]


def test_a_corrected_dated_price_is_a_further_revision(engine: Engine) -> None:
    ingest(engine, listing("glm-4.6", point(), point("0.002", JUNE)))
    later = NOW + timedelta(days=1)
    ingest(engine, listing("glm-4.6", point(), point("0.003", JUNE)), now=later)
    assert history(engine) == [
        (UNDATED, 1, Decimal("0.001"), NOW),
        (JUNE, 1, Decimal("0.002"), NOW),
        (JUNE, 2, Decimal("0.003"), later),
    ]
    assert in_force(engine)["glm-4.6", "zai"].input_per_1k == Decimal("0.003")


def test_dated_prices_are_kept_with_their_dates(engine: Engine) -> None:
    ingest(engine, listing("glm-4.6", point(), point("0.002", JUNE)))
    assert [row[0] for row in history(engine)] == [UNDATED, JUNE]
    day_before = JUNE - timedelta(seconds=1)
    assert in_force(engine, day_before)["glm-4.6", "zai"].input_per_1k == Decimal("0.001")
    assert in_force(engine, JUNE)["glm-4.6", "zai"].input_per_1k == Decimal("0.002")


def test_a_price_that_begins_next_year_is_not_used_today(engine: Engine) -> None:
    ingest(engine, listing("glm-4.6", point(), point("0.0001", NEXT_YEAR)))
    assert in_force(engine)["glm-4.6", "zai"].input_per_1k == Decimal("0.001")


def test_a_list_that_takes_a_coming_price_back_adds_one_row_and_no_more(engine: Engine) -> None:
    ingest(engine, listing("glm-4.6", point("0.002", NEXT_YEAR)))
    for day in (1, 2, 3):
        ingest(engine, listing("glm-4.6", point("0.001")), now=NOW + timedelta(days=day))
    assert [row[2] for row in history(engine)] == [Decimal("0.001"), Decimal("0.002")]


def test_another_currency_is_a_change_of_price(engine: Engine) -> None:
    ingest(engine, listing())
    yuan = listing("glm-4.6", point(currency="CNY"))
    assert ingest(engine, yuan, now=NOW + timedelta(days=1)).prices_new == 1


def test_a_price_of_a_cache_is_part_of_the_price(engine: Engine) -> None:
    ingest(engine, listing())
    cached = listing("glm-4.6", point(cache_read_per_1k=Decimal("0.0001")))
    assert ingest(engine, cached, now=NOW + timedelta(days=1)).prices_new == 1


def test_a_tiny_price_is_not_stored_as_zero(engine: Engine) -> None:
    ingest(engine, listing("glm-4.6", point("0.00000004")))
    assert in_force(engine)["glm-4.6", "zai"].input_per_1k == Decimal("4E-8")


def test_a_dropped_row_is_counted_by_its_reason(engine: Engine) -> None:
    report = ingest(engine, Dropped("a", "a price of zero"), Dropped("b", "a price of zero"))
    assert report.dropped == {"a price of zero": 2}
    assert rows(engine, "SELECT * FROM model_pricing") == []


def test_the_projects_own_price_wins_over_the_lists(engine: Engine) -> None:
    ingest(engine, listing("glm-4.6", point("0.001", JUNE)), own("0.0005"))
    found = in_force(engine)["glm-4.6", "zai"]
    assert (found.input_per_1k, found.source) == (Decimal("0.0005"), OWN_PRICES)


def test_a_change_of_a_list_does_not_replace_the_projects_own_price(engine: Engine) -> None:
    ingest(engine, listing(), own("0.0005"))
    later = NOW + timedelta(days=1)
    ingest(engine, listing("glm-4.6", point("0.0001")), own("0.0005"), now=later)
    assert in_force(engine, later)["glm-4.6", "zai"].input_per_1k == Decimal("0.0005")


def test_a_model_with_an_own_price_is_still_described_by_its_list(engine: Engine) -> None:
    known = listing(display_name="GLM-4.6", context_window_tokens=200_000, is_deprecated=True)
    ingest(engine, own("0.0005"), known)
    assert rows(
        engine, "SELECT display_name, context_window_tokens, is_deprecated FROM models_catalog"
    ) == [("GLM-4.6", 200_000, True)]


def test_a_model_is_described_by_its_creator_and_not_by_a_reseller(engine: Engine) -> None:
    reseller = listing("z-ai/glm-4.6", provider="openrouter", context_window_tokens=9)
    ingest(engine, reseller, listing(context_window_tokens=200_000))
    assert rows(engine, "SELECT model_id, provider, context_window_tokens FROM models_catalog") == [
        ("glm-4.6", "zai", 200_000)
    ]


def test_a_reseller_adds_nothing_to_what_the_creator_says(engine: Engine) -> None:
    reseller = listing(provider="novita", context_window_tokens=9, is_deprecated=True)
    ingest(engine, listing(), reseller)
    assert rows(engine, "SELECT context_window_tokens, is_deprecated FROM models_catalog") == [
        (None, False)
    ]


@pytest.mark.parametrize("spelling", ["z-ai/glm-4.6", "GLM-4.6", "zai-org/GLM-4.6", "glm-4-6"])
def test_a_resellers_spelling_is_the_creators_model(engine: Engine, spelling: str) -> None:
    ingest(engine, listing(spelling, provider="novita"), listing())
    assert set(in_force(engine)) == {("glm-4.6", "zai"), ("glm-4.6", "novita")}
    assert in_force(engine)["glm-4.6", "novita"].provider_model_id == spelling


def test_a_resellers_deprecated_offer_is_no_price(engine: Engine) -> None:
    ingest(engine, listing(), listing(provider="novita", is_deprecated=True))
    assert set(in_force(engine)) == {("glm-4.6", "zai")}


def test_a_deprecation_that_comes_later_is_stored(engine: Engine) -> None:
    ingest(engine, listing())
    report = ingest(engine, listing(is_deprecated=True))
    assert report.models_changed == 1
    assert rows(engine, "SELECT is_deprecated FROM models_catalog") == [(True,)]


def test_what_a_list_stops_saying_is_not_erased(engine: Engine) -> None:
    ingest(engine, listing(context_window_tokens=200_000))
    assert ingest(engine, listing()).models_changed == 0
    assert rows(engine, "SELECT context_window_tokens FROM models_catalog") == [(200_000,)]


def test_a_model_that_vanishes_from_the_lists_stays_what_it_was(engine: Engine) -> None:
    ingest(engine, listing(display_name="GLM-4.6", is_deprecated=True))
    before = whole_tables(engine)
    ingest(engine, configured=["glm-4.6"], now=NOW + timedelta(days=1))
    assert whole_tables(engine) == before


def test_a_configured_model_that_nobody_lists_is_in_the_catalog(engine: Engine) -> None:
    ingest(engine, configured=["My-Model 2"])
    assert rows(engine, "SELECT model_id, provider, display_name FROM models_catalog") == [
        ("my-model 2", "unknown", "My-Model 2")
    ]


def test_a_configured_spelling_of_a_listed_model_adds_none(engine: Engine) -> None:
    report = ingest(engine, listing(), configured=["zai/GLM-4.6"])
    assert report.models_seen == 1


def test_a_configured_snapshot_of_a_listed_model_adds_none(engine: Engine) -> None:
    listed, dated = listing("claude-sonnet-4-5", provider="anthropic"), "claude-sonnet-4-5-20250929"
    assert ingest(engine, listed, configured=[dated]).models_seen == 1
    with transaction(engine) as session:
        assert load_evidence(session, NOW).snapshots == {dated: "claude-sonnet-4-5"}


def test_one_model_twice_in_a_list_is_one_price(engine: Engine) -> None:
    report = ingest(engine, listing(), listing("GLM-4-6", point("0.002")))
    assert (report.models_new, report.prices_new) == (1, 1)


def test_an_error_leaves_nothing_half_written(engine: Engine) -> None:
    before = whole_tables(engine)
    with pytest.raises(IntegrityError):
        ingest(engine, listing(), listing("glm-4.7", point("-1")), configured=["gpt-5"])
    assert whole_tables(engine) == before


def test_the_own_file_becomes_listings_without_dates() -> None:
    assert own("0.0005") == Listing(
        provider="zai",
        provider_model_id="glm-4.6",
        display_name="glm-4.6",
        source="config/pricing.yaml",
        source_url=None,
        prices=(point("0.0005", UNDATED),),
    )


def test_a_configured_model_is_described_as_unknown_and_not_as_free_of_limits() -> None:
    [described] = configured_only(["gpt-5"], (), {}).values()
    assert (described.provider, described.context_window_tokens) == ("unknown", None)


@pytest.mark.parametrize(
    ("model_id", "family"),
    [("claude-haiku-4-5", "claude"), ("openai/gpt-5", "gpt"), ("o3", "o"), ("4x", "4x")],
)
def test_the_family_is_the_leading_word_of_the_models_own_name(model_id: str, family: str) -> None:
    assert family_of(model_id) == family


def test_an_own_price_that_is_taken_out_gives_way_to_the_list_and_may_come_back(
    engine: Engine,
) -> None:
    ingest(engine, own("0.0005"), listing())
    day = NOW + timedelta(days=1)
    ingest(engine, listing(), now=day)
    assert in_force(engine, day)["glm-4.6", "zai"].source != OWN_PRICES
    before = whole_tables(engine)
    ingest(engine, listing(), now=day + timedelta(days=1))
    assert whole_tables(engine) == before
    back = day + timedelta(days=2)
    ingest(engine, own("0.0005"), listing(), now=back)
    assert in_force(engine, back)["glm-4.6", "zai"].source == OWN_PRICES


def test_two_first_ingests_at_once_store_everything_once(engine: Engine, tmp_path: Path) -> None:
    def refresh() -> None:
        with transaction(engine) as session:
            refresh_all(session, tmp_path, ["gpt-5"], NOW, 30)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(refresh) for _ in range(2)]:
            done.result()
    assert rows(engine, "SELECT max(revision) FROM model_pricing") == [(1,)]


@pytest.mark.parametrize("usd", ["1", "0.000001"])
def test_a_price_a_thousand_times_off_is_quarantined_and_told(engine: Engine, usd: str) -> None:
    ingest(engine, listing("glm-4.6", point("0.001")))
    report = ingest(engine, listing("glm-4.6", point(usd)), now=NOW + timedelta(days=1))
    assert (report.prices_new, report.dropped) == (0, {UNIT_ERROR: 1})
    assert in_force(engine, NOW + timedelta(days=2))["glm-4.6", "zai"].input_per_1k == Decimal(
        "0.001"
    )


def test_a_person_may_put_a_wrong_unit_right(engine: Engine) -> None:
    ingest(engine, own("1"))
    ingest(engine, own("0.001"), now=NOW + timedelta(days=1))
    assert in_force(engine, NOW + timedelta(days=2))["glm-4.6", "zai"].input_per_1k == Decimal(
        "0.001"
    )


def test_a_price_that_halves_or_rises_tenfold_is_believed(engine: Engine) -> None:
    ingest(engine, listing("glm-4.6", point("0.001")))
    for day, usd in enumerate(("0.0005", "0.005"), 1):
        report = ingest(engine, listing("glm-4.6", point(usd)), now=NOW + timedelta(days=day))
        assert report.prices_new == 1
