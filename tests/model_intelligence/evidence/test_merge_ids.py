"""What is known of one model under several ids."""

from decimal import Decimal

from model_intelligence.evidence.merge_ids import (
    merged,
    moved,
    of_each_model,
    other_hosts,
    under_every_id,
)
from model_intelligence.records import BenchmarkResult
from tests.model_intelligence.build import key, model, price, result

SAME = {"host/m": "m", "o3-mini-high": "o3-mini", "us.anthropic.claude-x-1": "claude-x-1"}


def test_only_what_is_sold_on_the_same_terms_is_no_entry_of_its_own() -> None:
    dated = {"m-2026-01-01": "m"}
    assert other_hosts({**SAME, "m-2026-01-01": "m"}, dated) == {"host/m": "m"}


def test_a_host_tells_what_the_models_own_entry_does_not() -> None:
    known = {
        "m": model("m", context_window_tokens=1_000),
        "host/m": model("host/m", context_window_tokens=500, supports_tools=True),
    }
    assert merged(known, {"host/m": "m"}) == {
        "m": model("m", context_window_tokens=1_000, supports_tools=True)
    }


def test_every_hosts_price_is_an_offer_of_the_model() -> None:
    own, hosts = price("m"), price("host/m", "0.0005", provider="host")
    offers = {("m", "zai"): own, ("host/m", "host"): hosts, ("host/m", "zai"): hosts}
    found = moved(offers, {"host/m": "m"})
    assert found == {("m", "zai"): own, ("m", "host"): hosts}


def test_an_entry_at_an_effort_has_the_results_at_that_effort() -> None:
    found: dict[str, tuple[BenchmarkResult, ...]] = {
        "o3-mini": (
            result("o3-mini", "50", key=key(effort="low")),
            result("o3-mini", "60", key=key(effort="high")),
            result("o3-mini", "55", key=key(benchmark_name="unstated")),
        ),
        "o3-mini-high": (result("o3-mini-high", "70", key=key(benchmark_name="B")),),
    }
    pooled = of_each_model(found, SAME)
    assert [(row.score, row.key.effort) for row in pooled["o3-mini"]] == [
        (Decimal(50), "low"),
        (Decimal(60), "high"),
        (Decimal(55), None),
        (Decimal(70), "high"),
    ]
    shared = under_every_id(pooled, ["o3-mini", "o3-mini-high"], SAME)
    assert [row.score for row in shared["o3-mini-high"]] == [60, 70]
    assert shared["o3-mini"] == pooled["o3-mini"]


def test_results_under_a_clouds_id_are_the_models() -> None:
    cloud = "us.anthropic.claude-x-1"
    rows = (result(cloud),)
    shared = under_every_id(of_each_model({cloud: rows}, SAME), ["claude-x-1", cloud], SAME)
    assert shared == {"claude-x-1": rows, cloud: rows}
