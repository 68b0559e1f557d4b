"""The worked example of docs/how-it-decides.md: each of its numbers, from the code."""

import re
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from statistics import NormalDist

import pytest

from model_intelligence.config.bot_yaml import Policy
from model_intelligence.decision import score as scoring
from model_intelligence.decision.benchmark_lead import ASSUMED_TASKS, error_change_pct, lead
from model_intelligence.decision.judgement import has_decided, judge_candidate
from model_intelligence.decision.values import Candidate, Upgrade
from model_intelligence.pricing.call_cost import shares, usd_per_call, usd_per_month
from model_intelligence.recommender import recommend
from model_intelligence.records import Price, RuntimeStats
from model_intelligence.stats.proportions import (
    CONFIDENCE,
    FEW_CALLS,
    FEWEST_CALLS,
    TOLERANCE,
    Rate,
    judge,
    p_value,
    wilson,
)
from tests.model_intelligence.build import NOW, TODAY, evidence, key, model, price, result, stats

PAGE = (Path(__file__).parents[2] / "docs" / "how-it-decides.md").read_text(encoding="utf-8")
NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d,]*(?:\.\d+)?")
FORMULA = re.compile(r"^    [^=\n]*$", re.MULTILINE)  # the two without figures
CALLS = {"old": (360, 400), "new": (228, 240), "spare": (180, 200), "other": (205, 240)}
PRICES = {"old": ("3", "15", "0.3"), "new": ("2", "12", "0.2")}


def policy() -> Policy:
    return Policy.model_validate(
        {
            "use_case": "builder",
            "paths": [["builder"]],
            "role": "builder",
            "providers": ["zai"],
            "task_types": ["code", "agentic"],
            "requires": {"context_window_tokens": 100_000},
        }
    )


def asked(name: str) -> Price:
    """In dollars per million; `spare` and `other` ask what `old` does."""
    input_, output, cached = (Decimal(usd) / 1000 for usd in PRICES.get(name, PRICES["old"]))
    return price(
        name, id=len(name), input_per_1k=input_, output_per_1k=output, cache_read_per_1k=cached
    )


def traffic(name: str) -> RuntimeStats:
    """Twenty days of calls, each of 6,000, 2,000 and 1,000 tokens."""
    successes, calls = CALLS[name]
    return stats(
        name,
        id=len(name),
        role="builder",
        window_start=NOW - timedelta(days=20),
        calls=calls,
        outcomes=calls,
        success_rate=Decimal(successes) / calls,
        total_tokens=calls * 9_000,
        input_uncached_tokens=calls * 6_000,
        cache_read_tokens=calls * 2_000,
        output_tokens=calls * 1_000,
        est_cost_usd=calls * sum(usd_of(name), Decimal(0)),
    )


def usd_of(name: str) -> list[Decimal]:
    terms = zip((6_000, 2_000, 1_000), ("input", "cache_read", "output"), strict=True)
    return [tokens * getattr(asked(name), f"{term}_per_1k") / 1000 for tokens, term in terms]


@cache
def decision() -> Upgrade:
    second = {"key": key(benchmark_name="Second"), "task_type": "agentic", "task_count": 50}
    found = recommend(
        policy(),
        "old",
        evidence(
            *(model(name, context_window_tokens=200_000) for name in CALLS),
            model("silent"),
            *(asked(name) for name in (*CALLS, "silent")),
            *(traffic(name) for name in CALLS),
            result("old", "60", id=1, task_count=500),
            result("new", "69", id=2, task_count=500),
            result("old", "80", id=3, **second),
            result("new", "84", id=4, **second),
        ),
        TODAY,
    )
    assert isinstance(found, Upgrade), found
    return found


def new() -> Candidate:
    best = decision().candidate
    assert best.spelling == "new"
    return best


def section(title: str) -> str:
    body = PAGE.partition(f"\n### {title}\n")[2]
    return FORMULA.sub("", re.split(r"^##", body, flags=re.MULTILINE)[0])


def numbers(title: str) -> list[str]:
    return NUMBER.findall(section(title))


def pct(share: float, places: int = 1) -> str:
    return f"{100 * share:.{places}f}"


def signed(points: float) -> str:
    return f"{points:+.1f}"


def test_the_gate_says_why_of_the_model_that_does_not_tell() -> None:
    [out] = decision().assessment.excluded
    assert f"`{out.model_id}`" in section("Gates")
    assert out.reason in section("Gates").replace("\n", " ")
    asked_for = policy().requires.context_window_tokens
    assert numbers("Gates") == [f"{asked_for:,}", "200,000", f"{asked_for:,}"]


def test_the_cost_of_a_call() -> None:
    seen = decision().assessment
    bills = {name: shares(asked(name), seen.mix) for name in PRICES}
    expected = ["6,000", "2,000", "1,000"]
    expected += [f"{part.usd_per_1k * 1000:.2f}" for bill in bills.values() for part in bill]
    for old, other in zip(*bills.values(), strict=True):
        for part in (old, other):
            price_ = f"{part.usd_per_1k * 1000:.2f}"
            expected += [f"{part.tokens:,.0f}", price_, "1,000,000", f"{part.usd:.4f}"]
    before, after = (f"{usd_per_call(asked(name), seen.mix):.4f}" for name in PRICES)
    assert new().cost_delta_pct is not None
    expected += [before, after, after, before, before, f"{new().cost_delta_pct:.1f}"]
    assert seen.mix.calls_a_month is not None
    expected += [str(seen.mix.calls), str(seen.mix.window_days), f"{seen.mix.calls_a_month:.0f}"]
    expected += [f"{usd_per_month(asked(name), seen.mix):.2f}" for name in PRICES]
    assert numbers("The cost of a call") == expected


def test_the_published_score() -> None:
    score, staying, best = new().score, decision().assessment.staying, new()
    weights = [
        scoring.WEIGHT_PRICE,
        scoring.WEIGHT_BENCHMARK,
        scoring.WEIGHT_RUNTIME,
        scoring.WEIGHT_SENTIMENT,
    ]
    parts = [score.price, score.benchmark, score.runtime, score.sentiment]
    tail = [
        [f"{part.value:.3f}", f"{weight:.2f}", f"{part.value * weight:.4f}"]
        for part, weight in zip(parts, weights, strict=True)
    ]
    first, second = (scoring.improvement_pct(*pair) for pair in best.compared)
    cost, quality = best.cost_delta_pct, best.quality_delta_pct
    assert cost is not None
    assert quality is not None
    assert first is not None
    assert second is not None
    stay = [staying.price, staying.benchmark, staying.runtime, staying.sentiment]
    adds = [part.value * weight for part, weight in zip(stay, weights, strict=True)]
    margin = policy().margin
    assert numbers("The published score") == [
        *(f"{cost:.1f}", *tail[0]),
        *(f"{first:+.1f}", "60", "69", f"{second:+.1f}", "80", "84", f"{quality:+.1f}", *tail[1]),
        *("+5.0", "0.75", f"{cost:.1f}", "1.00", *tail[2]),
        *tail[3],
        f"{score.total:.4f}",
        *(f"{part.value:.2f}" for part in stay),
        *(f"{add:.2f}" for add in adds[:3]),
        f"{adds[3]:.3f}",
        f"{staying.total:.4f}",
        *(f"{margin}", f"{staying.total + margin:.4f}", f"{score.total:.4f}"),
    ]
    assert score.runtime.reason == "higher success rate and lower cost per token"


def test_the_benchmarks() -> None:
    first, second = (lead([pair]) for pair in new().compared)
    both, errors = lead(new().compared), error_change_pct(new().compared[0])
    assert first
    assert second
    assert both
    assert errors is not None
    assert both.kind == "non_inferior"
    bounds = [pct(bound) for solved in (300, 345) for bound in wilson(Rate(solved, 500))]
    assert numbers("The benchmarks") == [
        *("500", "60", "69"),
        f"{NormalDist().inv_cdf(0.5 + CONFIDENCE / 2):.2f}",
        *bounds,
        *(signed(first.points), signed(first.low), signed(first.high)),
        *("40", "31", f"{errors:.1f}"),
        *("50", "80", "84", signed(second.points), signed(second.low), signed(second.high)),
        *(f"{first.points:.1f}", f"{second.points:.1f}"),
        *(signed(both.points), signed(both.low), signed(both.high)),
    ]


def test_your_own_calls() -> None:
    old = Rate(*CALLS["old"])
    verdicts = {name: judge(old, Rate(*CALLS[name])) for name in ("new", "other", "spare")}
    alone, p = verdicts["new"], {name: p_value(one) for name, one in verdicts.items()}
    assert alone.kind == "better"
    together = new().verdict
    assert together is not None
    assert together.kind == "non_inferior"  # after Holm
    pooled = (360 + 228) / (400 + 240)
    z = NormalDist().inv_cdf(1 - p["new"] / 2)
    bounds = [pct(bound) for rate in (old, Rate(228, 240)) for bound in wilson(rate)]
    alpha = f"{1 - CONFIDENCE:.2f}"
    assert numbers("Your own calls") == [
        *("360", "400", "90.0", "228", "240", "95.0"),
        *bounds,
        *("+5.0", signed(100 * alone.low), signed(100 * alone.high)),
        *("588", "640", f"{pooled:.5f}"),
        *("0.05", f"{pooled:.5f}", f"{1 - pooled:.5f}", "1", "400", "1", "240"),
        *(f"{z:.3f}", f"{p['new']:.4f}"),
        *("205", "240", f"{p['other']:.4f}", "180", "200", f"{p['spare']:.4f}"),
        *(alpha, "3", f"{float(alpha) / 3:.4f}", f"{p['new']:.4f}"),
        f"{-100 * TOLERANCE:.0f}",
    ]


def test_the_decision() -> None:
    seen, limits = decision().assessment, policy().limits
    judged = judge_candidate(new(), seen.current, seen.current_price, limits)
    assert has_decided(new())
    assert judged.quality is None
    assert judged.is_clear
    assert decision().reason_class == "cost"
    assert "a **cost** proposal" in section("The decision").replace("\n", " ")
    assert new().cost_delta_pct is not None
    saved = f"{-(new().cost_delta_pct or 0):.1f}"
    assert numbers("The decision") == [str(FEW_CALLS), saved, str(limits.min_saving_pct)]


def test_no_number_of_the_example_is_left_out() -> None:
    example = PAGE.partition("## A worked example")[2]
    titles = re.findall(r"^### (.+)$", example, re.MULTILINE)
    assert titles == [
        "Gates",
        "The cost of a call",
        "The published score",
        "The benchmarks",
        "Your own calls",
        "The decision",
    ]
    opening = example.partition("\n### ")[0]
    assert NUMBER.findall(opening) == ["400", "240"]


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("Fewer than {} calls count as no evidence", FEWEST_CALLS),
        ("with fewer than {}, benchmarks are considered too", FEW_CALLS),
        ("as noisy as one of {} tasks", ASSUMED_TASKS),
        ("cheaper by {} % or more", policy().limits.min_saving_pct),
        ("rests for {} days", policy().limits.cooldown_days),
    ],
)
def test_a_limit_is_the_one_in_force(sentence: str, number: object) -> None:
    assert sentence.format(number) in " ".join(PAGE.split())
