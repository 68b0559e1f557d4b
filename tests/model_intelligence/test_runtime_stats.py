"""Our own traffic, folded: unknown is not zero, and the same events change nothing."""

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.db import transaction
from model_intelligence.evidence.load import load_evidence
from model_intelligence.models import LlmUsageEvent, ModelRuntimeStats
from model_intelligence.observations.listing import Listing
from model_intelligence.records import OWN_PRICES
from model_intelligence.runtime_stats import RuntimeReport, compute_runtime_stats, window
from model_intelligence.telemetry.aggregate.days import FoldReport
from tests.model_intelligence.build import NOW, listing, point
from tests.model_intelligence.observe import rows, statements, whole_tables

DAY = timedelta(days=1)
START, END = datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)
ids = itertools.count()


def call(**changed: Any) -> dict[str, Any]:
    """One call that used 1,000 prompt and 1,000 completion tokens an hour ago."""
    values: dict[str, Any] = dict.fromkeys(LlmUsageEvent.__table__.c.keys())
    del values["id"]
    return {
        **values,
        "event_id": str(next(ids)),
        "created_at": NOW - timedelta(hours=1),
        "provider": "zai",
        "model": "glm-4.6",
        "prompt_tokens": 1_000,
        "completion_tokens": 1_000,
        **changed,
    }


def record(engine: Engine, *calls: dict[str, Any]) -> None:
    with transaction(engine) as session:
        session.execute(insert(LlmUsageEvent), calls)


def ingest(engine: Engine, *given: Listing, now: datetime = NOW) -> None:
    with transaction(engine) as session:
        ingest_catalog(session, configured=(), rows=given, now=now)


def compute(engine: Engine, window_days: int = 30, now: datetime = NOW) -> RuntimeReport:
    with transaction(engine) as session:
        return compute_runtime_stats(session, window_days=window_days, now=now)


def folded(engine: Engine, *calls: dict[str, Any]) -> dict[str, Any]:
    """The one row that the calls fold into."""
    record(engine, *calls)
    compute(engine)
    [row] = whole_tables(engine)[ModelRuntimeStats.__tablename__]
    return row


def test_calls_and_tokens_are_summed(engine: Engine) -> None:
    row = folded(engine, call(), call(prompt_tokens=500, completion_tokens=100))
    assert (row["calls"], row["prompt_tokens"], row["completion_tokens"]) == (2, 1_500, 1_100)
    assert row["total_tokens"] == 2_600


def test_a_recorded_total_wins_over_the_sum(engine: Engine) -> None:
    assert folded(engine, call(total_tokens=2_345))["total_tokens"] == 2_345


def test_a_call_of_unknown_size_is_a_call_without_tokens(engine: Engine) -> None:
    row = folded(engine, call(prompt_tokens=None, completion_tokens=None))
    assert (row["calls"], row["total_tokens"]) == (1, 0)
    assert (row["prompt_tokens"], row["p50_tokens"], row["est_cost_usd"]) == (None, None, None)


def test_each_model_provider_and_role_has_a_row_of_its_own(engine: Engine) -> None:
    differing = [{}, {"model": "glm-4.7"}, {"provider": "novita"}, {"role": "tidy"}]
    record(engine, *(call(**one) for one in differing), call(role="tidy"))
    assert compute(engine).new == 4
    assert rows(
        engine,
        "SELECT provider, model, role, calls FROM model_runtime_stats ORDER BY 1, 2, 3 NULLS FIRST",
    ) == [
        ("novita", "glm-4.6", None, 1),
        ("zai", "glm-4.6", None, 1),
        ("zai", "glm-4.6", "tidy", 2),
        ("zai", "glm-4.7", None, 1),
    ]


def test_cost_is_prompt_and_completion_each_at_its_price(engine: Engine) -> None:
    split = point(input_per_1k=Decimal("0.003"), output_per_1k=Decimal("0.015"))
    ingest(engine, listing("glm-4.6", split))
    row = folded(engine, call(prompt_tokens=2_000, completion_tokens=100))
    assert row["est_cost_usd"] == Decimal("0.0075")


def test_each_call_costs_what_was_asked_when_it_was_made(engine: Engine) -> None:
    change = NOW - 5 * DAY
    ingest(engine, listing("glm-4.6", point("0.001"), point("0.010", change)))
    before, at = call(created_at=change - timedelta(seconds=1)), call(created_at=change)
    assert folded(engine, before, at, call())["est_cost_usd"] == Decimal("0.042")


def test_a_price_that_has_not_begun_costs_nothing_yet(engine: Engine) -> None:
    ingest(engine, listing("glm-4.6", point("0.001"), point("1", NOW + DAY)))
    assert folded(engine, call())["est_cost_usd"] == Decimal("0.002")


def test_the_latest_revision_of_a_price_counts(engine: Engine) -> None:
    since = NOW - 9 * DAY
    ingest(engine, listing("glm-4.6", point("0.001", since)))
    ingest(engine, listing("glm-4.6", point("0.003", since)))
    assert folded(engine, call())["est_cost_usd"] == Decimal("0.006")


def test_the_projects_own_price_wins_over_a_list(engine: Engine) -> None:
    own = listing("glm-4.6", point("0.0005"), source=OWN_PRICES)
    ingest(engine, own, listing("glm-4.6", point("0.001"), point("0.002", NOW - DAY)))
    assert folded(engine, call())["est_cost_usd"] == Decimal("0.001")


def test_a_known_price_wins_over_the_recorded_cost(engine: Engine) -> None:
    ingest(engine, listing())
    assert folded(engine, call(cost_usd=Decimal(9)))["est_cost_usd"] == Decimal("0.002")


def test_without_a_price_the_recorded_cost_counts(engine: Engine) -> None:
    row = folded(engine, call(cost_usd=Decimal("0.5")), call(cost_usd=Decimal("0.25")))
    assert (row["est_cost_usd"], row["priced_calls"]) == (Decimal("0.75"), 2)


def test_a_call_without_any_price_is_not_counted_as_priced(engine: Engine) -> None:
    row = folded(engine, call(cost_usd=Decimal("0.5")), call())
    assert (row["calls"], row["priced_calls"], row["est_cost_usd"]) == (2, 1, Decimal("0.5"))


def test_no_price_at_all_is_unknown_and_not_free(engine: Engine) -> None:
    row = folded(engine, call())
    assert (row["est_cost_usd"], row["priced_calls"]) == (None, 0)


def test_half_known_tokens_do_not_make_a_price(engine: Engine) -> None:
    ingest(engine, listing())
    assert folded(engine, call(completion_tokens=None))["est_cost_usd"] is None


@pytest.mark.parametrize("other", [{"provider": "novita"}, {"model": "glm-4.7"}])
def test_the_price_of_another_provider_or_model_is_not_used(
    engine: Engine, other: dict[str, str]
) -> None:
    ingest(engine, listing())
    assert folded(engine, call(**other))["est_cost_usd"] is None


def test_other_money_is_not_counted_as_dollars(engine: Engine) -> None:
    ingest(engine, listing("glm-4.6", point(currency="CNY")))
    assert folded(engine, call())["est_cost_usd"] is None


def test_other_money_in_one_list_does_not_hide_the_dollars_of_another(engine: Engine) -> None:
    yuan = listing("glm-4.6", point(currency="CNY"), source="a list that comes first")
    ingest(engine, yuan, listing())
    assert folded(engine, call())["est_cost_usd"] == Decimal("0.002")


@pytest.mark.parametrize("called", ["z-ai/GLM-4.6", "Z-AI/glm-4.6", "glm-4.6"])
def test_a_call_by_the_providers_or_the_catalogs_name_is_priced_once(
    engine: Engine, called: str
) -> None:
    ingest(engine, listing(), listing("z-ai/GLM-4.6", provider="openrouter"))
    row = folded(engine, call(provider="openrouter", model=called))
    assert (row["calls"], row["est_cost_usd"]) == (1, Decimal("0.002"))


def test_a_price_of_the_dated_id_itself_wins_over_that_of_its_undated_name(engine: Engine) -> None:
    dated = listing("claude-sonnet-4-5-20250929", point("0.005"), provider="anthropic")
    ingest(engine, listing("claude-sonnet-4-5", provider="anthropic"), dated)
    row = folded(engine, call(provider="anthropic", model="claude-sonnet-4-5-20250929"))
    assert row["est_cost_usd"] == Decimal("0.01")


def test_calls_by_the_dated_id_are_the_models_even_if_a_list_has_both(engine: Engine) -> None:
    both = ("claude-sonnet-4-5", "claude-sonnet-4-5-20250929")
    ingest(engine, *(listing(name, provider="anthropic") for name in both))
    folded(engine, call(provider="anthropic", model=both[1], role="builder"))
    with transaction(engine) as session:
        assert set(load_evidence(session, NOW).runtime) == {("claude-sonnet-4-5", "builder")}


@pytest.mark.parametrize(
    ("outcomes", "rate"),
    [
        ([{"task_ok": True}, {"task_ok": False}], "0.5"),
        ([{"call_ok": True}, {"call_ok": True}], "1"),
        ([{"call_ok": False}], "0"),
        ([{"task_ok": False, "call_ok": True}], "0"),
        ([{"task_ok": True, "call_ok": False}], "1"),
        ([{"task_ok": True}, {}], "1"),
        ([{"task_ok": False}, {}], "0"),
    ],
)
def test_success_is_the_tasks_verdict_and_else_the_calls(
    engine: Engine, outcomes: list[dict[str, bool]], rate: str
) -> None:
    row = folded(engine, *(call(**outcome) for outcome in outcomes))
    assert row["success_rate"] == Decimal(rate)


def test_without_any_verdict_success_is_unknown_and_not_zero(engine: Engine) -> None:
    assert folded(engine, call())["success_rate"] is None


def test_the_median_and_the_ninetieth_percentile(engine: Engine) -> None:
    sizes = [call(total_tokens=n * 100, latency_ms=n) for n in range(1, 12)]
    row = folded(engine, *sizes, call(total_tokens=None, prompt_tokens=None))
    assert row["p50_tokens"] == pytest.approx(600, rel=row["percentile_error"])
    assert row["p90_tokens"] == pytest.approx(1_000, rel=row["percentile_error"])
    assert (row["p50_latency_ms"], row["p90_latency_ms"]) == (6, 10)  # below 50 exact
    assert row["percentile_error"] == Decimal("0.01")


def test_the_window_is_whole_days_with_today() -> None:
    assert window(NOW, 30) == (START, END)
    assert window(datetime(2026, 11, 23, tzinfo=UTC), 1) == (END - DAY, END)


@pytest.mark.parametrize(
    ("at", "counted"),
    [
        (START - timedelta(microseconds=1), False),
        (START, True),
        (END - timedelta(microseconds=1), True),
        (END, False),
    ],
)
def test_a_call_counts_from_the_first_moment_of_the_window_to_before_its_end(
    engine: Engine, at: datetime, *, counted: bool
) -> None:
    record(engine, call(created_at=at))
    assert compute(engine).new == int(counted)


def test_the_report_and_the_rows_name_the_window(engine: Engine) -> None:
    record(engine, call())
    assert compute(engine) == RuntimeReport(START, END, new=1, changed=0, folded=FoldReport(1, 1))
    assert rows(engine, "SELECT window_start, window_end FROM model_runtime_stats") == [
        (START, END)
    ]


def test_a_second_run_changes_no_row(engine: Engine) -> None:
    ingest(engine, listing())
    record(engine, call(role="tidy", task_ok=True), call(latency_ms=5), call(model="unknown"))
    assert compute(engine).new == 3
    before = whole_tables(engine)
    assert compute(engine, now=NOW + timedelta(hours=3)) == RuntimeReport(START, END, 0, 0)
    assert whole_tables(engine) == before


def test_a_call_more_is_a_further_row_of_its_window_only(engine: Engine) -> None:
    record(engine, call(), call(model="glm-4.7"))
    compute(engine)
    record(engine, call())
    folded = FoldReport(1, 3)
    assert compute(engine) == RuntimeReport(START, END, new=0, changed=1, folded=folded)
    assert rows(engine, "SELECT model, revision, calls FROM model_runtime_stats ORDER BY 1, 2") == [
        ("glm-4.6", 1, 1),
        ("glm-4.6", 2, 2),
        ("glm-4.7", 1, 1),
    ]


def test_a_verdict_that_arrives_later_changes_the_row(engine: Engine) -> None:
    event = call()
    record(engine, event)
    compute(engine)
    with transaction(engine) as session:
        session.query(LlmUsageEvent).update({"task_ok": True})
    assert compute(engine).changed == 1


def test_another_window_is_another_row(engine: Engine) -> None:
    record(engine, call())
    compute(engine)
    assert compute(engine, window_days=7).new == 1
    assert compute(engine, now=NOW + DAY).new == 1


def test_no_event_makes_no_row(engine: Engine) -> None:
    assert compute(engine) == RuntimeReport(START, END, 0, 0)


@pytest.mark.parametrize("models", [1, 40])
def test_the_number_of_statements_does_not_grow_with_the_models(
    engine: Engine, models: int
) -> None:
    record(engine, *(call(model=f"m{n}", use_case="review") for n in range(models)))
    with statements(engine) as sent:
        compute(engine)
    assert len(sent) <= 21


def test_only_calls_whose_outcome_is_known_count_as_outcomes(engine: Engine) -> None:
    row = folded(engine, call(task_ok=True), call(call_ok=False), call())
    assert (row["calls"], row["outcomes"]) == (3, 2)


def test_calls_keep_the_price_that_a_list_no_longer_has(engine: Engine) -> None:
    ingest(engine, listing("glm-4.6", point("0.001")), listing("glm-4.7", point("0.001")))
    ingest(engine, listing("glm-4.7", point("0.001")))
    assert folded(engine, call())["est_cost_usd"] == Decimal("0.002")


def test_calls_are_priced_by_a_list_that_still_has_the_model_first(engine: Engine) -> None:
    gone = listing("glm-4.6", point("0.001"), source="a list")
    kept = listing("glm-4.7", point("0.001"), source="a list")
    ingest(engine, gone, kept, listing("glm-4.6", point("0.002"), source="b list"))
    ingest(engine, kept, listing("glm-4.6", point("0.002"), source="b list"))
    assert folded(engine, call())["est_cost_usd"] == Decimal("0.004")
