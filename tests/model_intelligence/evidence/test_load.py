"""The one reader: what was in force at a moment, in a constant number of queries."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, text

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.config.benchmarks_yaml import BenchmarksFile
from model_intelligence.db import transaction
from model_intelligence.evidence.load import load_evidence
from model_intelligence.ingest.benchmarks import ingest_benchmarks
from model_intelligence.models import ModelCatalog, ModelRuntimeStats
from model_intelligence.observations.listing import Listing
from model_intelligence.records import OWN_PRICES, UNDATED, BenchmarkKey, Evidence, Model, Price
from model_intelligence.sentiment_ingest import ingest_sentiment_batch
from tests.model_intelligence.build import NOW, listing, model, point
from tests.model_intelligence.observe import statements

DAY = timedelta(days=1)


def load(engine: Engine, now: datetime = NOW) -> Evidence:
    with transaction(engine) as session:
        return load_evidence(session, now)


def ingest(engine: Engine, *given: Listing, now: datetime = NOW) -> None:
    with transaction(engine) as session:
        ingest_catalog(session, configured=(), rows=given, now=now)


def publish(engine: Engine, *scores: tuple[str, float], **changed: Any) -> None:
    group = {
        "benchmark_name": "SWE-bench Verified",
        "unit": "percent",
        "task_type": "code",
        "source": "board",
        "source_url": "https://example.org/board",
        "results": [{"model": name, "score": score} for name, score in scores],
        **changed,
    }
    file = BenchmarksFile.model_validate({"benchmarks": [group]})
    with transaction(engine) as session:
        ingest_benchmarks(session, file, NOW)


def fold(engine: Engine, **changed: Any) -> None:
    values: dict[str, Any] = {
        "window_start": NOW - 30 * DAY,
        "window_end": NOW,
        "provider": "zai",
        "model": "glm-4.6",
        "calls": 10,
        "total_tokens": 100,
    }
    with transaction(engine) as session:
        session.add(ModelRuntimeStats(**{**values, **changed}))


def test_an_empty_database_is_no_evidence(engine: Engine) -> None:
    found = load(engine)
    assert not any(getattr(found, name) for name in Evidence.__slots__)


def test_a_model_is_read_with_all_that_is_known(engine: Engine) -> None:
    known = model(
        display_name="GLM-4.6",
        context_window_tokens=200_000,
        max_output_tokens=8_192,
        released_at=date(2025, 9, 30),
        retires_at=date(2027, 1, 1),
        is_deprecated=True,
    )
    with transaction(engine) as session:
        session.add(ModelCatalog(**{name: getattr(known, name) for name in Model.__slots__}))
    assert load(engine).models == {"glm-4.6": known}


def test_a_price_is_read_as_it_was_stored(engine: Engine) -> None:
    split = point(input_per_1k=Decimal("0.0006"), output_per_1k=Decimal("0.0022"))
    ingest(engine, listing("GLM-4.6", split))
    [found] = load(engine).prices.values()
    assert found == Price(
        id=found.id,
        model_id="glm-4.6",
        provider="zai",
        provider_model_id="GLM-4.6",
        input_per_1k=Decimal("0.0006"),
        output_per_1k=Decimal("0.0022"),
        currency="USD",
        effective_at=UNDATED,
        observed_at=NOW,
        source="list",
        source_url="https://example.org/prices",
    )
    assert type(found.input_per_1k) is Decimal


@pytest.mark.parametrize(
    ("moment", "usd"),
    [
        (NOW - timedelta(microseconds=1), "0.001"),
        (NOW, "0.002"),
        (NOW + DAY - timedelta(microseconds=1), "0.002"),
        (NOW + DAY, "0.003"),
    ],
)
def test_the_price_in_force_is_the_last_that_has_begun(
    engine: Engine, moment: datetime, usd: str
) -> None:
    ingest(engine, listing("glm-4.6", point(), point("0.002", NOW), point("0.003", NOW + DAY)))
    assert load(engine, moment).prices["glm-4.6", "zai"].input_per_1k == Decimal(usd)


def test_an_own_price_wins_over_a_newer_one_of_a_list(engine: Engine) -> None:
    own = listing("glm-4.6", point("0.0005"), source=OWN_PRICES)
    ingest(engine, listing("glm-4.6", point("0.0001", NOW - DAY)), own)
    assert load(engine).prices["glm-4.6", "zai"].source == OWN_PRICES


def test_dollars_win_over_newer_other_money(engine: Engine) -> None:
    yuan = listing("glm-4.6", point(since=NOW - DAY, currency="CNY"), source="another list")
    ingest(engine, yuan, listing())
    assert load(engine).prices["glm-4.6", "zai"].currency == "USD"


def test_other_money_is_told_where_there_are_no_dollars(engine: Engine) -> None:
    ingest(engine, listing("glm-4.6", point(currency="CNY")))
    assert load(engine).prices["glm-4.6", "zai"].currency == "CNY"


def test_a_price_that_has_not_begun_is_told_apart_from_none(engine: Engine) -> None:
    ingest(engine, listing("glm-4.7", point(since=NOW + DAY)))
    found = load(engine)
    assert (dict(found.prices), found.later_prices) == ({}, frozenset({("glm-4.7", "zai")}))


def test_a_coming_change_of_a_price_in_force_is_no_later_price(engine: Engine) -> None:
    ingest(engine, listing("glm-4.6", point(), point("0.002", NOW + DAY)))
    assert load(engine).later_prices == frozenset()


def test_the_latest_revision_of_a_result_is_read(engine: Engine) -> None:
    ingest(engine, listing())
    publish(engine, ("glm-4.6", 45.5))
    publish(engine, ("glm-4.6", 46))
    [found] = load(engine).benchmarks["glm-4.6"]
    assert found.score == 46


def test_a_result_is_read_with_the_way_it_was_obtained(engine: Engine) -> None:
    ingest(engine, listing())
    way = {"dataset_version": "2", "harness": "h", "effort": "high", "unit": "seconds"}
    publish(engine, ("glm-4.6", 45.5), **way, higher_is_better=False, task_count=500)
    [found] = load(engine).benchmarks["glm-4.6"]
    assert found.key == BenchmarkKey("SWE-bench Verified", "2", "h", "high", "seconds")
    assert (found.score, found.higher_is_better, found.task_count) == (Decimal("45.5"), False, 500)
    assert (found.task_type, found.source) == ("code", "board")


def test_an_effort_is_read_in_one_spelling_and_kept_as_it_was_told(engine: Engine) -> None:
    ingest(engine, listing("glm-4.6"))
    publish(engine, ("glm-4.6", 50), effort="32K")
    [one] = load(engine).benchmarks["glm-4.6"]
    assert one.key.effort == "32k thinking"
    with engine.connect() as connection:
        assert connection.execute(text("SELECT effort FROM model_benchmarks")).scalar() == "32K"


def test_results_of_different_sources_are_both_read(engine: Engine) -> None:
    ingest(engine, listing())
    publish(engine, ("glm-4.6", 45.5))
    publish(engine, ("glm-4.6", 50), source="vendor")
    assert sorted(one.score for one in load(engine).benchmarks["glm-4.6"]) == [Decimal("45.5"), 50]


def test_the_newest_window_is_read(engine: Engine) -> None:
    fold(engine, calls=1)
    fold(engine, calls=2, window_start=NOW - 29 * DAY, window_end=NOW + DAY)
    assert load(engine).runtime["glm-4.6", None].calls == 2


def test_of_one_window_the_provider_with_most_calls_is_read(engine: Engine) -> None:
    fold(engine, calls=5)
    fold(engine, calls=7, provider="novita")
    fold(engine, calls=6, provider="aws")
    assert load(engine).runtime["glm-4.6", None].provider == "novita"


def test_roles_are_kept_apart_and_no_role_is_one_of_them(engine: Engine) -> None:
    fold(engine, calls=5)
    fold(engine, calls=7, role="tidy")
    found = load(engine).runtime
    assert {role: stats.calls for (_, role), stats in found.items()} == {None: 5, "tidy": 7}


def test_telemetry_is_found_under_the_catalogs_name(engine: Engine) -> None:
    ingest(engine, listing())
    fold(engine, model="zai/GLM-4.6")
    assert set(load(engine).runtime) == {("glm-4.6", None)}


@pytest.mark.parametrize("newer", ["GLM-4.6", "zai/glm-4.6"])
def test_of_two_spellings_in_telemetry_the_newer_window_is_read(engine: Engine, newer: str) -> None:
    older = ({"GLM-4.6", "zai/glm-4.6"} - {newer}).pop()
    ingest(engine, listing())
    fold(engine, model=older, calls=100)
    fold(engine, model=newer, calls=1, window_end=NOW + DAY)
    assert load(engine).runtime["glm-4.6", None].calls == 1


def test_a_success_rate_of_zero_is_read_as_zero_and_unknown_as_unknown(engine: Engine) -> None:
    fold(engine, success_rate=Decimal(0))
    fold(engine, model="glm-4.7", success_rate=None)
    found = load(engine).runtime
    assert found["glm-4.6", None].success_rate == 0
    assert found["glm-4.7", None].success_rate is None


def test_opinions_are_read_by_model(engine: Engine) -> None:
    ingest(engine, listing(), listing("glm-4.7"))
    said = {"source": "hn", "snippet": "Good.", "sentiment": "positive"}
    batch = [
        {**said, "model_id": name, "source_url": f"https://example.org/{n}"}
        for n, name in enumerate(["glm-4.6", "glm-4.7", "glm-4.6"])
    ]
    with transaction(engine) as session:
        ingest_sentiment_batch(session, batch)
    found = load(engine).signals
    assert [one.source_url for one in found["glm-4.6"]] == [
        "https://example.org/0",
        "https://example.org/2",
    ]
    assert len(found["glm-4.7"]) == 1


def test_three_hundred_models_take_as_many_queries_as_ten(engine: Engine) -> None:
    counts = []
    for size in (10, 300):
        names = [f"glm-{n}" for n in range(size)]
        ingest(engine, *(listing(name) for name in names))
        publish(engine, *((name, 50) for name in names))
        with statements(engine) as sent:
            found = load(engine)
        assert len(found.models) == len(found.prices) == len(found.benchmarks) == size
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 12


def test_what_was_observed_later_is_not_seen_as_of_an_earlier_time(engine: Engine) -> None:
    """A trap of every kind: better in all respects, and seen one second too late."""
    then = NOW - timedelta(days=1)
    late = then + timedelta(seconds=1)
    with transaction(engine) as session:
        session.execute(
            text(
                "INSERT INTO models_catalog (model_id, provider, family, display_name, created_at)"
                " VALUES ('m', 'p', 'm', 'm', :then), ('trap', 'p', 't', 't', :late)"
            ),
            {"then": then, "late": late},
        )
        for usd, seen in (("2", then), ("1", late)):
            session.execute(
                text(
                    "INSERT INTO model_pricing (model_id, provider, provider_model_id, source,"
                    " input_per_1k, output_per_1k, effective_at, observed_at)"
                    " VALUES ('m', 'p', 'm', 'list', :usd, :usd, :start, :seen)"
                ),
                {"usd": usd, "seen": seen, "start": seen - timedelta(days=30)},
            )
        for revision, (score, seen) in enumerate((("50", then), ("99", late)), 1):
            session.execute(
                text(
                    "INSERT INTO model_benchmarks (model_id, benchmark_name, score, unit,"
                    " task_type, source, revision, observed_at)"
                    " VALUES ('m', 'b', :score, 'percent', 'code', 's', :revision, :seen)"
                ),
                {"score": score, "seen": seen, "revision": revision},
            )
        session.execute(
            text(
                "INSERT INTO model_sentiment_signals (model_id, source, source_url, snippet,"
                " sentiment, observed_at) VALUES ('m', 's', 'https://x.example', 'x', 'positive',"
                " :late)"
            ),
            {"late": late},
        )
        session.execute(
            text(
                "INSERT INTO model_runtime_stats (window_start, window_end, provider, model, calls,"
                " total_tokens, computed_at)"
                " VALUES (:start, :then, 'p', 'm', 1, 1, :late)"
            ),
            {"start": then - timedelta(days=1), "then": then, "late": late},
        )
        seen_then = load_evidence(session, then, as_of=then)
        seen_now = load_evidence(session, NOW)
    assert set(seen_then.models) == {"m"}
    assert seen_then.prices["m", "p"].input_per_1k == 2
    assert [result.score for result in seen_then.benchmarks["m"]] == [50]
    assert (seen_then.signals, seen_then.runtime) == ({}, {})
    assert set(seen_now.models) == {"m", "trap"}
    assert seen_now.prices["m", "p"].input_per_1k == 1
    assert [result.score for result in seen_now.benchmarks["m"]] == [99]
    assert seen_now.signals
    assert seen_now.runtime
