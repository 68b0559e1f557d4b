"""Cost by classes of tokens and length of prompt, its spread, and who failed, from plain sums."""

import itertools
from decimal import Decimal
from statistics import mean, stdev
from typing import Any

import pytest
from sqlalchemy import Engine

from model_intelligence.evidence.load import load_evidence
from model_intelligence.pricing.call_cost import usd_per_call
from model_intelligence.records import Price, RuntimeStats, TokenMix
from tests.model_intelligence.build import NOW, listing
from tests.model_intelligence.observe import rows
from tests.model_intelligence.test_runtime_stats import call, compute, folded, ingest, record

CLASSES = ("input_uncached", "cache_read", "cache_write", "output", "reasoning")


def priced(engine: Engine, **columns: object) -> None:
    """A price of glm-4.6 with parts of its own: 1, 0.1, 1.25, 5 and 6 dollars per 1,000 tokens."""
    ingest(engine, listing())
    values: dict[str, object] = {
        "input_per_1k": 1,
        "output_per_1k": 5,
        "cache_read_per_1k": "0.1",
        "cache_write_per_1k": "1.25",
        "reasoning_per_1k": 6,
        **columns,
    }
    with engine.begin() as connection:
        sets = ", ".join(f"{name} = '{value}'" for name, value in values.items())
        connection.exec_driver_sql(f"UPDATE model_pricing SET {sets}")  # noqa: S608  # own values


def classed(*tokens: int | None, **changed: Any) -> dict[str, Any]:
    classes = dict(zip((f"{name}_tokens" for name in CLASSES), tokens, strict=True))
    return call(prompt_tokens=None, completion_tokens=None, **{**classes, **changed})


def test_each_class_of_tokens_is_billed_at_its_own_price(engine: Engine) -> None:
    priced(engine)
    row = folded(engine, classed(1_000, 2_000, 400, 100, 50))
    assert row["est_cost_usd"] == Decimal("2.5")
    assert [row[f"{name}_tokens"] for name in CLASSES] == [1_000, 2_000, 400, 100, 50]
    assert (row["prompt_tokens"], row["completion_tokens"]) == (3_400, 150)


def test_a_class_without_a_price_is_billed_as_what_it_is_a_kind_of(engine: Engine) -> None:
    ingest(engine, listing())
    assert folded(engine, classed(1_000, 1_000, None, 500, 500))["est_cost_usd"] == Decimal("0.003")


def test_a_long_prompt_is_billed_at_its_tier_call_by_call(engine: Engine) -> None:
    priced(engine, tiers='[[200000, "2", "10"]]')
    short, long = classed(200_000, 0, 0, 0, 0), classed(200_001, 0, 0, 0, 0)
    assert folded(engine, short, long)["est_cost_usd"] == Decimal("600.002")


def test_sums_cost_what_their_calls_cost_one_by_one(engine: Engine) -> None:
    priced(engine, tiers='[[32000, "2", "10", "0.2", "2.5"], [128000, "3", "11"]]')
    sizes = itertools.product([10, 31_990, 127_995, 128_001], [0, 10], [0, 5], [7], [0, 3])
    calls = [dict(zip(CLASSES, size, strict=True)) for size in sizes]
    row = folded(engine, *(classed(*one.values()) for one in calls))
    with engine.connect() as connection:
        from sqlalchemy.orm import Session

        [price] = load_evidence(Session(connection), NOW).prices.values()
    singly = [_usd(price, one) for one in calls]
    assert row["est_cost_usd"] == sum(singly)
    assert (row["priced_calls"], row["calls"]) == (32, 32)
    spread = stdev(map(float, singly)) / len(singly) ** 0.5
    assert float(row["usd_per_call_error"]) == pytest.approx(spread, rel=0.02)
    assert float(row["est_cost_usd"]) / 32 == pytest.approx(mean(map(float, singly)))


def _usd(price: Price, tokens: dict[str, int]) -> Decimal:
    fresh, read, write, output, reasoning = map(Decimal, tokens.values())
    return usd_per_call(price, TokenMix(fresh, read, write, output, reasoning, "classes"))


def test_a_tier_between_two_bands_is_decided_by_the_mean_prompt(engine: Engine) -> None:
    priced(engine, tiers='[[50000, "2", "10"]]')
    assert folded(engine, classed(60_000, 0, 0, 0, 0))["est_cost_usd"] == 120


def test_classes_known_of_some_calls_only_are_not_shown_as_if_of_all(engine: Engine) -> None:
    row = folded(engine, classed(1_000, 0, 0, 100, 0), call())
    assert (row["input_uncached_tokens"], row["prompt_tokens"]) == (None, 2_000)


def test_recorded_costs_tell_no_spread(engine: Engine) -> None:
    row = folded(engine, call(cost_usd=Decimal(1)), call(cost_usd=Decimal(3)))
    assert (row["est_cost_usd"], row["usd_per_call_error"]) == (4, None)


@pytest.mark.parametrize("error", ["400", "429", "BadRequestError", "RateLimitError"])
def test_a_callers_own_error_is_nobodys_failure(engine: Engine, error: str) -> None:
    row = folded(engine, call(call_ok=False, error_type=error), call(call_ok=True))
    assert (row["calls"], row["caller_errors"], row["outcomes"]) == (2, 1, 1)
    assert (row["success_rate"], row["transport_calls"], row["transport_ok"]) == (1, 1, 1)


def test_the_models_own_error_is_a_failure(engine: Engine) -> None:
    row = folded(engine, call(call_ok=False, error_type="503"), call(call_ok=True))
    assert (row["caller_errors"], row["success_rate"]) == (0, Decimal("0.5"))


def test_transport_and_task_are_told_apart(engine: Engine) -> None:
    row = folded(
        engine,
        call(call_ok=True, task_ok=False),
        call(call_ok=True, task_ok=True),
        call(call_ok=False),
    )
    assert (row["transport_ok"], row["transport_calls"]) == (2, 3)
    assert (row["task_ok"], row["task_calls"]) == (1, 2)


def test_a_use_case_has_a_row_of_its_own_and_is_part_of_its_role(engine: Engine) -> None:
    record(engine, call(role="r", use_case="a"), call(role="r"), call(role="s", use_case="a"))
    compute(engine)
    assert rows(engine, "SELECT role, use_case, calls FROM model_runtime_stats ORDER BY 1, 2") == [
        ("r", None, 2),
        ("s", None, 1),
        (None, "a", 2),
    ]


def test_what_follows_from_the_stored_figures() -> None:
    stats = RuntimeStats(
        id=1,
        provider="zai",
        model="glm-4.6",
        role="tidy",
        window_start=NOW.replace(month=10),
        window_end=NOW,
        calls=310,
        total_tokens=0,
        est_cost_usd=Decimal(15),
        priced_calls=300,
        success_rate=Decimal("0.8"),
        outcomes=200,
        task_calls=100,
        task_ok=50,
        usd_per_call_error=Decimal("0.001"),
    )
    assert stats.usd_per_call == Decimal("0.05")
    assert stats.usd_per_success == Decimal("0.0625")
    assert stats.usd_per_month == 15
    low, high = stats.usd_per_call_interval or (0, 0)
    assert (round(low, 5), round(high, 5)) == (Decimal("0.04804"), Decimal("0.05196"))
    below, above = stats.success_interval
    assert (round(below, 3), round(above, 3)) == (0.739, 0.85)
