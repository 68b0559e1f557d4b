"""docs/how-it-decides.md: each of its numbers, from the code."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from math import exp, sqrt
from statistics import NormalDist

from model_intelligence.config.bot_yaml import Limits, Policy, Retirement
from model_intelligence.decision import judgement, replacement
from model_intelligence.decision import score as scoring
from model_intelligence.decision.ability import (
    DEFAULT,
    LOGITS_PER_POINT,
    TOLERATED_POINTS,
    Abilities,
    Effort,
    Lineage,
    Result,
)
from model_intelligence.decision.benchmarks.editions import SAME_TASKS
from model_intelligence.decision.benchmarks.lead import ASSUMED_TASKS, error_change_pct, lead
from model_intelligence.decision.chances import lineage_of
from model_intelligence.decision.estimate.layout import layout_of
from model_intelligence.decision.estimate.prior import DAYS_PER_YEAR, covariances, mean_date
from model_intelligence.decision.estimate.scores import scores_of
from model_intelligence.decision.evidence_index import Lookup
from model_intelligence.decision.judgement import has_decided, judge_candidate
from model_intelligence.decision.values import Candidate, Decision, Keep, Upgrade
from model_intelligence.pricing.call_cost import shares, usd_per_call, usd_per_month
from model_intelligence.recommender import SLACK, recommend
from model_intelligence.records import BenchmarkResult, Evidence, Price, RuntimeStats
from model_intelligence.scorecards.values import CHECKS
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
from tests.conftest import ROOT
from tests.model_intelligence.build import NOW, TODAY, evidence, key, model, price, result, stats

PAGE = (ROOT / "docs" / "how-it-decides.md").read_text(encoding="utf-8")
RECORD = (ROOT / "docs" / "adr" / "0014-ability.md").read_text(encoding="utf-8")
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:,\d{3})*(?:\.\d+)?")
# No figures of ours: blocks and names of code, addresses, formulas without a result.
NO_FIGURES = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)]*\)|^    [^=\n]*$", re.DOTALL | re.MULTILINE)
RELEASES = {
    "atlas-1": date(2025, 11, 1),
    "orion-1": date(2026, 2, 1),
    "atlas-2": date(2026, 5, 1),
    "atlas-mini-2": date(2026, 6, 1),
}
CALLS = {
    "atlas-1": (360, 400),
    "atlas-2": (228, 240),
    "atlas-mini-2": (180, 200),
    "orion-1": (205, 240),
}
PRICES = {"atlas-1": ("3", "15", "0.3"), "atlas-2": ("2", "12", "0.2")}
LIMITS, RETIREMENT = Limits(), Retirement()


def policy() -> Policy:
    return Policy.model_validate(
        {
            "use_case": "builder",
            "paths": [["builder"]],
            "role": "builder",
            "providers": ["acme"],
            "task_types": ["code"],
            "requires": {"context_window_tokens": 100_000},
        }
    )


def asked(name: str) -> Price:
    """In dollars per million; a model without a price of its own costs what `atlas-1` does."""
    per_million = PRICES.get(name, PRICES["atlas-1"])
    input_, output, cached = (Decimal(usd) / 1000 for usd in per_million)
    return price(
        name,
        id=len(name),
        provider="acme",
        input_per_1k=input_,
        output_per_1k=output,
        cache_read_per_1k=cached,
    )


def traffic(name: str, *, outcomes: bool) -> RuntimeStats:
    """Twenty days of calls, each of 6,000, 2,000 and 1,000 tokens."""
    successes, calls = CALLS[name]
    return stats(
        name,
        id=len(name),
        provider="acme",
        role="builder",
        window_start=NOW - timedelta(days=20),
        calls=calls,
        outcomes=calls if outcomes else 0,
        success_rate=Decimal(successes) / calls if outcomes else None,
        total_tokens=calls * 9_000,
        input_uncached_tokens=calls * 6_000,
        cache_read_tokens=calls * 2_000,
        output_tokens=calls * 1_000,
        est_cost_usd=calls * sum(usd_of(name), Decimal(0)),
    )


def usd_of(name: str) -> list[Decimal]:
    terms = zip((6_000, 2_000, 1_000), ("input", "cache_read", "output"), strict=True)
    return [tokens * getattr(asked(name), f"{term}_per_1k") / 1000 for tokens, term in terms]


def results(solved: tuple[int, int]) -> Iterator[BenchmarkResult]:
    """`solved` is what `atlas-2` solves on the two boards, in percent."""
    second = {"task_count": 50, "key": key(benchmark_name="Second")}
    high = {"task_count": 50, "key": key(benchmark_name="Second", effort="high")}
    yield result("atlas-1", "60", id=1, task_count=500)
    yield result("orion-1", "64", id=2, task_count=500)
    yield result("atlas-2", str(solved[0]), id=3, task_count=500)
    yield result("atlas-1", "80", id=4, **second)
    yield result("orion-1", "90", id=5, **high)
    yield result("atlas-2", str(solved[1]), id=6, **second)


def known(*, outcomes: bool, solved: tuple[int, int] = (69, 84)) -> Evidence:
    return evidence(
        *(
            model(name, provider="acme", released_at=day, context_window_tokens=200_000)
            for name, day in RELEASES.items()
        ),
        model("atlas-3", provider="acme"),
        *(asked(name) for name in (*RELEASES, "atlas-3")),
        *(traffic(name, outcomes=outcomes) for name in CALLS),
        *results(solved),
    )


@cache
def decision(*, outcomes: bool, solved: tuple[int, int] = (69, 84)) -> Decision:
    return recommend(policy(), "atlas-1", known(outcomes=outcomes, solved=solved), TODAY)


def candidate(name: str = "atlas-2", *, outcomes: bool = False) -> Candidate:
    assessment = decision(outcomes=outcomes).assessment
    return next(each for each in assessment.candidates if each.spelling == name)


@cache
def abilities() -> Abilities:
    return Lookup(known(outcomes=False), TODAY).abilities


def lineages() -> list[Lineage]:
    everything = known(outcomes=False)
    return [lineage_of(everything.models[name], everything) for name in RELEASES]


def section(title: str) -> str:
    body = re.split(rf"^###? {re.escape(title)}\n", PAGE, flags=re.MULTILINE)[1]
    return re.split(r"^##", body, flags=re.MULTILINE)[0]


def numbers(title: str) -> list[str]:
    return NUMBER.findall(NO_FIGURES.sub("", section(title)))


def words(title: str) -> str:
    return " ".join(section(title).split())


def pct(share: float, places: int = 1) -> str:
    return f"{100 * share:.{places}f}"


def signed(points: float) -> str:
    return f"{points:+.1f}"


def test_the_rule() -> None:
    slack = f"{SLACK:.2f}"
    assert numbers("The rule") == [
        str(LIMITS.minimum_remaining_days),
        str(FEWEST_CALLS),
        pct(judgement.VETO, 0),
        *(str(FEW_CALLS), str(FEW_CALLS)),
        str(judgement.MAX_INCREASE_PCT),
        *(str(LIMITS.min_saving_pct), f"{TOLERATED_POINTS:.0f}"),
        str(RETIREMENT.propose_days),
        *(f"{LIMITS.min_chance:.2f}", f"{LIMITS.min_chance_to_move:.2f}"),
        *(slack, slack),
        *(str(LIMITS.cooldown_days), str(LIMITS.minimum_age_days)),
    ]


def test_where_the_chance_comes_from() -> None:
    assert numbers("Where the chance comes from") == [
        "1",
        f"{TOLERATED_POINTS:.0f}",
        pct(SAME_TASKS, 0),
        pct(CONFIDENCE, 0),
        str(ASSUMED_TASKS),
    ]
    assert DEFAULT.assumed_tasks == ASSUMED_TASKS


def test_the_gate_says_why_of_the_model_that_does_not_tell() -> None:
    [out] = decision(outcomes=False).assessment.excluded
    assert f"`{out.model_id}`" in section("Gates")
    assert out.reason in words("Gates")
    asked_for = policy().requires.context_window_tokens
    assert numbers("Gates") == [f"{asked_for:,}", "200,000", f"{asked_for:,}"]


def test_the_cost_of_a_call() -> None:
    seen = decision(outcomes=False).assessment
    bills = {name: shares(asked(name), seen.mix) for name in PRICES}
    expected = ["6,000", "2,000", "1,000"]
    expected += [f"{part.usd_per_1k * 1000:.2f}" for bill in bills.values() for part in bill]
    for old, other in zip(*bills.values(), strict=True):
        for part in (old, other):
            price_ = f"{part.usd_per_1k * 1000:.2f}"
            expected += [f"{part.tokens:,.0f}", price_, "1,000,000", f"{part.usd:.4f}"]
    before, after = (f"{usd_per_call(asked(name), seen.mix):.4f}" for name in PRICES)
    expected += [before, after, after, before, before, f"{candidate().cost_delta_pct:.1f}"]
    assert seen.mix.calls_a_month is not None
    expected += [str(seen.mix.calls), str(seen.mix.window_days), f"{seen.mix.calls_a_month:.0f}"]
    expected += [f"{usd_per_month(asked(name), seen.mix):.2f}" for name in PRICES]
    assert numbers("The cost of a call") == expected


def test_the_results() -> None:
    expected = ["500", "50"]
    for row in results((69, 84)):
        assert row.task_count is not None
        solved = int(row.score * row.task_count / 100)
        share = (solved + 0.5) / (row.task_count + 1)
        logit, variance = in_logits(row)
        expected += [str(row.score), str(solved), "0.5", str(row.task_count + 1), f"{share:.4f}"]
        expected += [f"{logit:.4f}", f"{variance:.4f}"]
    expected += ["1", "1", f"{DEFAULT.board}", f"{DEFAULT.publisher}"]
    assert numbers("The results") == expected


def in_logits(row: BenchmarkResult) -> tuple[float, float]:
    """The logit and the sampling variance of a result."""
    share, tasks = float(row.score) / 100, row.task_count
    only = Result(row.model_id, row.source, "board", row.task_type, None, share, tasks)
    scores = scores_of(layout_of([only], lineages()), DEFAULT, TODAY)
    return float(scores.logits[0]), float(scores.variances[0]) - DEFAULT.board


def test_before_any_result() -> None:
    text, some = section("Before any result"), lineages()
    origin = mean_date([each for each in some if each.model in abilities().measured])
    prior = covariances(some, DEFAULT, origin)
    years = {}
    expected = []
    for each in some:
        assert each.released is not None
        assert re.search(rf"`{each.model}` .* {each.tier} \| `{each.line}` ", text)
        years[each.model] = (each.released - origin).days / DAYS_PER_YEAR
        expected += [*str(each.released).split("-"), f"{years[each.model]:+.3f}"]
    old, new = years["atlas-1"], years["atlas-2"]
    kin = DEFAULT.maker + DEFAULT.line
    expected += [
        *(f"{DEFAULT.tier}", f"{DEFAULT.maker}", f"{DEFAULT.line}", f"{DEFAULT.fades_in:.0f}"),
        f"{DEFAULT.own}",
        *(f"{DEFAULT.trend * old * new:.4f}", f"{DEFAULT.tier}", f"{kin:.1f}"),
        *(f"{exp((old - new) / DEFAULT.fades_in):.4f}", f"{prior[0, 2]:.4f}"),
        *(f"{value:.4f}" for value in right_of_the_diagonal(prior.tolist())),
        *(f"{DEFAULT.effort}", f"{DEFAULT.difficulty:.0f}"),
    ]
    assert numbers("Before any result") == expected


def right_of_the_diagonal(rows: list[list[float]]) -> Iterator[float]:
    """The models' variances and, right of each, its covariances with those that follow."""
    for place, row in enumerate(rows):
        yield from row[place:]


def test_the_fit() -> None:
    found = abilities()
    high = f"{found.efforts[Effort('acme', 'high')]:.4f}"
    boards = [found.boards[f"board/{name}/percent"] for name in ("SWE-bench Verified", "Second")]
    printed = [
        " ".join(["abilities", *(f"{found.mean[found.models[name]]:.4f}" for name in RELEASES)]),
        f"high {high}",
        " ".join(["difficulties", *(f"{board.difficulty:.4f}" for board in boards)]),
        " ".join(["slopes", *(f"{board.slope:.4f}" for board in boards)]),
        *("lead {:.4f} variance {:.4f}".format(*ahead(name)) for name in others()),
    ]
    code, output = (block(kind, section("The fit")) for kind in ("python", "text"))
    assert output.splitlines() == printed
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == output
    ridge = f"{DEFAULT.slope_ridge:.0f}"
    assert numbers("The fit") == ["1", "1", ridge, "90", high]


def block(kind: str, text: str) -> str:
    [code] = re.findall(rf"^```{kind}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return str(code)


def others() -> list[str]:
    return [name for name in RELEASES if name != "atlas-1"]


def ahead(name: str) -> tuple[float, float]:
    lead = abilities().lead("atlas-1", name)
    assert lead is not None
    return lead


def test_the_chances() -> None:
    later, slack = f"{DEFAULT.later_board:.2f}", f"{TOLERATED_POINTS * LOGITS_PER_POINT:.2f}"
    expected = [later, slack, later, slack, later]
    for name in others():
        mean, variance = ahead(name)
        spread = sqrt(variance + DEFAULT.later_board)
        outlook = candidate(name).outlook
        expected += [f"{mean:.4f}", f"{variance:.4f}"]
        expected += [f"{mean / spread:.3f}", f"{outlook.better:.2f}"]
        expected += [f"{(mean + float(slack)) / spread:.3f}", f"{outlook.not_worse:.2f}"]
    assert numbers("The chances") == expected


def test_the_benchmarks() -> None:
    compared = candidate().compared
    first, second = (lead([pair]) for pair in compared)
    both, errors = lead(compared), error_change_pct(compared[0])
    assert first
    assert second
    assert both
    assert errors is not None
    assert both.kind == "non_inferior"
    assert len(candidate("orion-1").compared) == 1
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


def test_the_decision_without_outcomes() -> None:
    kept, best, rival = decision(outcomes=False), candidate().outlook, candidate("orion-1").outlook
    assert isinstance(kept, Keep)
    assert f'**kept**: "{kept.reason}"' in words("The decision")
    assert best.better is not None
    assert best.not_worse is not None
    assert rival.better is not None
    assert not candidate("atlas-mini-2").outlook.same_line
    assert not candidate("atlas-mini-2").outlook.same_tier
    bar, least = pct(best.not_worse, 0), pct(LIMITS.min_chance, 0)
    better = decision(outcomes=False, solved=(73, 88))
    assert isinstance(better, Upgrade)
    assert better.reason_class == "quality"
    shown, likely = lead(better.candidate.compared), better.candidate.outlook.better
    assert shown
    assert likely is not None
    assert numbers("The decision") == [
        *(f"{-(candidate().cost_delta_pct or 0):.1f}", str(LIMITS.min_saving_pct)),
        *(f"{TOLERATED_POINTS:.0f}", bar, pct(best.better, 0), least, pct(rival.better, 0)),
        *NUMBER.findall(kept.reason),
        *("73", "88", signed(shown.points), signed(shown.low), signed(shown.high)),
        pct(likely, 0),
    ]


def test_your_own_calls() -> None:
    old = Rate(*CALLS["atlas-1"])
    verdicts = {name: judge(old, Rate(*CALLS[name])) for name in others()}
    alone, p = verdicts["atlas-2"], {name: p_value(one) for name, one in verdicts.items()}
    assert alone.kind == "better"
    together = candidate(outcomes=True).verdict
    assert together is not None
    assert together.kind == "non_inferior"  # after Holm
    pooled = (360 + 228) / (400 + 240)
    z = NormalDist().inv_cdf(1 - p["atlas-2"] / 2)
    bounds = [pct(bound) for rate in (old, Rate(228, 240)) for bound in wilson(rate)]
    alpha = f"{1 - CONFIDENCE:.2f}"
    chance = candidate().outlook.not_worse
    assert chance is not None
    assert numbers("Your own calls") == [
        *(f"{100 * TOLERANCE:.0f}", str(FEWEST_CALLS), str(FEW_CALLS), str(FEW_CALLS)),
        *("360", "400", "90.0", "228", "240", "95.0"),
        *bounds,
        *("+5.0", signed(100 * alone.low), signed(100 * alone.high)),
        *("588", "640", f"{pooled:.5f}"),
        *("0.05", f"{pooled:.5f}", f"{1 - pooled:.5f}", "1", "400", "1", "240"),
        *(f"{z:.3f}", f"{p['atlas-2']:.4f}"),
        *("205", "240", f"{p['orion-1']:.4f}", "180", "200", f"{p['atlas-mini-2']:.4f}"),
        *(alpha, "3", f"{float(alpha) / 3:.4f}", f"{p['atlas-2']:.4f}"),
        f"{-100 * TOLERANCE:.0f}",
        *(f"{-(candidate().cost_delta_pct or 0):.1f}", pct(chance, 0)),
    ]


def test_the_decision_with_outcomes() -> None:
    found = decision(outcomes=True)
    assert isinstance(found, Upgrade)
    assert found.candidate.spelling == "atlas-2"
    assert has_decided(found.candidate)
    judged = judge_candidate(found.candidate, found.assessment)
    assert judged.reason_class == found.reason_class == "cost"
    assert "a **cost** proposal" in words("Your own calls")


def test_the_published_score() -> None:
    best, staying = candidate(outcomes=True), decision(outcomes=True).assessment.staying
    score = best.score
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
        *(f"{scoring.CONFIDENCE_WITH_TELEMETRY}", f"{scoring.CONFIDENCE_WITHOUT_TELEMETRY}"),
    ]
    assert score.runtime.reason == "higher success rate and lower cost per token"


def test_when_a_model_is_retired() -> None:
    cheapest = f"{1 + replacement.CHEAPEST_PCT / 100}"
    most = f"{1 + replacement.DEAREST_PCT / 100:.0f}"
    assert numbers("When a model is retired") == [
        *(str(RETIREMENT.notice_days), str(RETIREMENT.propose_days), str(RETIREMENT.urgent_days)),
        str(replacement.LASTING.days),
        *("1", cheapest, most, "2", most),
        *("3", cheapest, most, "4", most),
        *("5", cheapest, most, "6", "7"),
        pct(judgement.VETO, 0),
    ]


def test_after_the_merge() -> None:
    assert numbers("After the merge") == [str(days) for days in CHECKS]


def test_limits_are_those_that_were_measured() -> None:
    """The measurements are in the record; what chance allows of 0 in 21 is computed."""
    allowed = pct(wilson(Rate(0, 21))[1], 0)
    measured = ["2025", "0", "21", "2025", "2025", "154", "2", "59", "2026"]
    later = ["60", "80", "16", "21", "31", "2026", "14"]
    assert numbers("Limits of the method") == [
        *(f"{LIMITS.min_chance:.2f}", *measured[:3], allowed),
        *(*measured[3:], *later),
    ]
    assert {*measured, *later} <= set(NUMBER.findall(RECORD))


def test_every_section_with_figures_is_tested() -> None:
    titles = re.findall(r"^###? (.+)$", PAGE, re.MULTILINE)
    assert titles == [
        "The rule",
        "Where the chance comes from",
        "A worked example",
        "Gates",
        "The cost of a call",
        "The results",
        "Before any result",
        "The fit",
        "The chances",
        "The benchmarks",
        "The decision",
        "Your own calls",
        "The published score",
        "When a model is retired",
        "After the merge",
        "Limits of the method",
    ]
    assert not NUMBER.findall(PAGE.partition("\n## ")[0])
    assert numbers("A worked example") == ["400"]
