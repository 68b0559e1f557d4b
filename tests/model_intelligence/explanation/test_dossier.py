"""A decision as plain data: whole, exact, and the same for the same evidence."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from model_intelligence.decision.values import Upgrade
from model_intelligence.explanation.dossier import compile_dossier, digest, evidence_ids
from model_intelligence.explanation.recommendation import Dossier
from model_intelligence.recommender import recommend
from tests.model_intelligence.build import (
    CURRENT,
    OTHER,
    TODAY,
    Fact,
    evidence,
    key,
    model,
    policy,
    price,
    result,
    signal,
    stats,
)

FACTS: tuple[Fact, ...] = (
    model(),
    price(id=1),
    result(id=3, task_count=500),
    model(OTHER, context_window_tokens=200_000),
    price(OTHER, "0.0008", id=2, effective_at=datetime(2026, 6, 1, tzinfo=UTC)),
    result(OTHER, "60", id=4, task_count=500, measured_at=date(2026, 5, 1)),
)
KEYS = key(), key(benchmark_name="LiveCodeBench")
TELEMETRY: tuple[Fact, ...] = (stats(CURRENT, "0.8", id=5), stats(OTHER, "0.95", id=6))


def upgrade(*facts: Fact, **rules: Any) -> Upgrade:
    decision = recommend(policy(**rules), CURRENT, evidence(*facts), TODAY)
    assert isinstance(decision, Upgrade)
    return decision


def dossier(*facts: Fact, **rules: Any) -> Dossier:
    return compile_dossier(upgrade(*facts, **rules))


def test_a_dossier_is_json_and_comes_back_the_same() -> None:
    whole = dossier(*FACTS, *TELEMETRY, signal(OTHER))
    assert json.loads(json.dumps(whole)) == whole


def test_both_sides_are_told_with_their_prices_per_million() -> None:
    whole = dossier(*FACTS)
    assert whole["proposed"] == {
        "spelling": "glm-4.7",
        "model_id": "glm-4.7",
        "display_name": "glm-4.7",
        "provider": "zai",
        "context_window_tokens": 200_000,
        "max_output_tokens": None,
        "retires_at": None,
        "retirement_source": None,
        "is_noticed": False,
        "price": {
            "id": 2,
            "provider": "zai",
            "input_usd_per_1m": "0.8",
            "output_usd_per_1m": "0.8",
            "agreement": "single",
            "others": [],
            "hour_utc": None,
            "effective_on": "2026-06-01",
            "observed_on": "2026-11-23",
            "source": "list",
            "source_url": None,
        },
    }
    assert whole["current"]["spelling"] == "glm-4.6"


def test_a_price_without_a_date_has_no_date() -> None:
    assert dossier(*FACTS)["current"]["price"]["effective_on"] is None


def test_a_tiny_price_is_written_without_an_exponent() -> None:
    facts = (*FACTS, price(OTHER, input_per_1k=Decimal("4E-8"), id=2))
    assert dossier(*facts)["proposed"]["price"]["input_usd_per_1m"] == "0.00004"


def test_every_part_of_the_score_is_kept_with_weight_and_contribution() -> None:
    score = dossier(*FACTS)["score"]
    assert score["benchmark"] == {
        "value": "1",
        "weight": "0.40",
        "contribution": "0.4",
        "reason": "at least 20 % better on 1 shared benchmark",
        "record_ids": [3, 4],
    }
    parts = [score[name] for name in ("price", "benchmark", "runtime", "sentiment")]
    assert sum(Decimal(part["contribution"]) for part in parts) == Decimal(score["total"])


def test_staying_is_told_beside_the_candidate() -> None:
    assert dossier(*FACTS)["staying"]["total"] == "0.675"


def test_a_compared_pair_is_told_with_key_and_figures() -> None:
    [pair] = dossier(*FACTS)["benchmarks"]
    assert pair["change_pct"] == "20"
    assert (pair["benchmark_name"], pair["unit"]) == ("SWE-bench Verified", "percent")
    assert pair["proposed"] == {
        "id": 4,
        "score": "60",
        "measured_on": "2026-05-01",
        "source": "board",
        "source_kind": "independent",
        "source_url": None,
    }
    assert pair["current"]["measured_on"] is None


def test_evidence_ids_are_told_by_kind_for_both_models() -> None:
    assert evidence_ids(dossier(*FACTS, *TELEMETRY, signal(OTHER, id=9))) == {
        "pricing": [1, 2],
        "benchmarks": [3, 4],
        "runtime_stats": [5, 6],
        "sentiment": [9],
    }


def test_the_runners_up_are_told_without_the_proposed() -> None:
    third = (model("glm-5"), price("glm-5", "0.0012"), result("glm-5", "60", id=8))
    whole = dossier(*FACTS, *third)
    assert [other["spelling"] for other in whole["alternatives"]] == ["glm-5"]
    assert (whole["candidates"], whole["excluded"]) == (2, 0)


def test_runners_up_that_were_measured_come_first() -> None:
    cheap = (model("glm-cheap"), price("glm-cheap", "0.0001"))
    worse = (model("glm-worse"), price("glm-worse", "0.0019"), result("glm-worse", "20", id=8))
    told = dossier(*FACTS, *cheap, *worse)["alternatives"]
    assert [other["spelling"] for other in told] == ["glm-worse", "glm-cheap"]
    assert Decimal(told[0]["total"]) < Decimal(told[1]["total"])


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ((), "is less likely to be better (58 %)"),
        ((result("glm-4.8", "60", key=KEYS[1], id=10),), "is more expensive"),
    ],
)
def test_a_runner_up_that_could_win_is_told_why_it_did_not(
    other: tuple[Fact, ...], reason: str
) -> None:
    twice = (result(key=KEYS[1], id=7), result(OTHER, "60", key=KEYS[1], id=8))
    third = (model("glm-4.8"), price("glm-4.8", "0.0009"))
    once = result("glm-4.8", "60", id=9, task_count=500)
    (told,) = dossier(*FACTS, *twice, *third, once, *other)["alternatives"]
    assert told["reason"] == reason


def test_of_those_that_were_not_measured_the_five_nearest_in_cost_are_told() -> None:
    prices = ("0.0001", "0.0002", "0.0006", "0.0009", "0.0011", "0.0012", "0.0019")
    others = [fact for usd in prices for fact in (model(f"at-{usd}"), price(f"at-{usd}", usd))]
    told = dossier(*FACTS, *others)["alternatives"]
    assert [other["spelling"] for other in told] == [
        f"at-{usd}" for usd in ("0.0011", "0.0009", "0.0012", "0.0006", "0.0019")
    ]


def test_at_most_ten_runners_up_are_told() -> None:
    others = [
        fact
        for n in range(12)
        for fact in (model(f"x{n}"), price(f"x{n}"), result(f"x{n}", "55", id=20 + n))
    ]
    assert len(dossier(*FACTS, *others)["alternatives"]) == 10


def test_what_is_not_known_is_said() -> None:
    unknowns = " ".join(dossier(*FACTS)["unknowns"])
    assert "There is no telemetry of both models" in unknowns
    assert "The quality figure comes from a single benchmark." in unknowns
    assert "context window" not in unknowns


def test_telemetry_answers_the_question_of_telemetry() -> None:
    assert "Your own traffic" not in " ".join(dossier(*FACTS, *TELEMETRY)["unknowns"])


def test_without_a_shared_benchmark_that_is_said() -> None:
    facts = [fact for fact in FACTS if fact not in (FACTS[2], FACTS[5])]
    unknowns = dossier(*facts, *TELEMETRY)["unknowns"]
    assert "No benchmark was run on both models in the same way." in unknowns


def test_another_provider_is_said() -> None:
    facts = (*FACTS, price(OTHER, "0.0001", provider="novita", id=12))
    low = {"min_chance_to_move": 0.5}
    unknowns = dossier(*facts, providers=("zai", "novita"), limits=low)["unknowns"]
    assert any(line.startswith("The provider changes: ") for line in unknowns)


def test_benchmarks_of_one_kind_are_said() -> None:
    more = key(benchmark_name="LiveCodeBench")
    pair = (result(key=more, id=7), result(OTHER, "60", key=more, id=8))
    unknowns = dossier(*FACTS, *pair)["unknowns"]
    assert "All shared benchmarks test one kind of task (code)." in unknowns
    assert any("number of tasks is not published" in line for line in unknowns)


def test_the_same_decision_has_the_same_digest_whatever_its_runners_up() -> None:
    third = (model("glm-5"), price("glm-5", "0.0012"), result("glm-5", "60", id=8))
    assert digest(dossier(*FACTS)) == digest(dossier(*FACTS, *third))


def test_a_new_days_telemetry_that_says_the_same_is_the_same_decision() -> None:
    tomorrow = (stats(CURRENT, "0.8", id=15), stats(OTHER, "0.95", id=16))
    assert digest(dossier(*FACTS, *TELEMETRY)) == digest(dossier(*FACTS, *tomorrow))


@pytest.mark.parametrize(
    "changed",
    [
        (stats(CURRENT, "0.8", id=5), stats(OTHER, "0.85", id=6)),
        (price(OTHER, "0.0007", id=12),),
        (result(OTHER, "61", id=14, task_count=500),),
        (signal(OTHER),),
        (signal(CURRENT, "negative"),),
    ],
    ids=["telemetry", "price", "benchmark", "opinion", "opinion of the current"],
)
def test_other_evidence_is_another_decision(changed: tuple[Fact, ...]) -> None:
    replaced = {(type(one), getattr(one, "model_id", None)) for one in changed}
    kept = [f for f in FACTS if (type(f), getattr(f, "model_id", None)) not in replaced]
    before = (*FACTS, *TELEMETRY)
    after = (*kept, *TELEMETRY, *changed)
    assert digest(dossier(*before)) != digest(dossier(*after))


def test_an_opinion_in_other_words_is_another_decision() -> None:
    before, after = (
        dossier(*FACTS, signal(OTHER, snippet=words)) for words in ("Faster.", "Much faster.")
    )
    assert digest(before) != digest(after)


def test_another_use_case_is_another_decision() -> None:
    assert digest(dossier(*FACTS)) != digest(dossier(*FACTS, use_case="doctor_cheap"))


def test_a_stored_copy_has_the_digest_of_the_original() -> None:
    whole = dossier(*FACTS, *TELEMETRY)
    assert digest(json.loads(json.dumps(whole))) == digest(whole)
