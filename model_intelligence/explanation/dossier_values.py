"""The values of a decision as plain data, in the shape in which they are stored. Pure.

Numbers are strings, exactly as decided on.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from model_intelligence.decision import score as scoring
from model_intelligence.decision.benchmarks.lead import (
    error_change_pct,
    lead,
    leads_by_type,
    solved_pct,
)
from model_intelligence.decision.gates import Gate, gates
from model_intelligence.decision.values import (
    Assessment,
    Candidate,
    Deadline,
    NotComparable,
    Outlook,
    Part,
    Regression,
    Score,
)
from model_intelligence.explanation.track_record import past_proposals
from model_intelligence.explanation.why_not_chosen import why_not
from model_intelligence.naming.makers import cites_a_maker
from model_intelligence.pricing.call_cost import (
    shares,
    tier_for,
    total,
    usd_per_call,
    usd_per_month,
)
from model_intelligence.records import (
    UNDATED,
    BenchmarkResult,
    Model,
    Price,
    RuntimeStats,
    Signal,
    TokenMix,
)
from model_intelligence.stats.proportions import Verdict, in_points

LEAD_WORDS = {
    "better": "better",
    "non_inferior": "not worse",
    "worse": "worse",
    "inconclusive": "inconclusive",
}
WEIGHTS = {
    "price": scoring.WEIGHT_PRICE,
    "benchmark": scoring.WEIGHT_BENCHMARK,
    "runtime": scoring.WEIGHT_RUNTIME,
    "sentiment": scoring.WEIGHT_SENTIMENT,
}
VERDICT_WORDS = {
    "better": "better",
    "non_inferior": "not worse",
    "worse": "worse",
    "inconclusive": "inconclusive",
    "no_evidence": "too few calls",
}


def side(spelling: str, model: Model | None, price: Price | None) -> dict[str, Any]:
    """One of the two models, with its price; prices are US dollars per million tokens."""
    return {
        "spelling": spelling,
        "model_id": model.model_id if model else None,
        "display_name": model.display_name if model else None,
        "provider": price.provider if price else model.provider if model else None,
        "context_window_tokens": model.context_window_tokens if model else None,
        "max_output_tokens": model.max_output_tokens if model else None,
        "retires_at": str(model.retires_at) if model and model.retires_at else None,
        "retirement_source": model.retirement_source if model else None,
        "is_noticed": cites_a_maker(model.retirement_source) if model else False,
        "price": _price(price) if price else None,
    }


def _price(price: Price) -> dict[str, Any]:
    return {
        "id": price.id,
        "provider": price.provider,
        "input_usd_per_1m": number(price.input_per_1k * 1000),
        "output_usd_per_1m": number(price.output_per_1k * 1000),
        "agreement": price.agreement,
        "others": [
            {
                "id": other.id,
                "source": other.source,
                "input_usd_per_1m": number(other.input_per_1k * 1000),
                "output_usd_per_1m": number(other.output_per_1k * 1000),
            }
            for other in price.others
        ],
        "hour_utc": price.hour_utc,
        "effective_on": None if price.effective_at == UNDATED else _day(price.effective_at),
        "observed_on": _day(price.observed_at),
        "source": price.source,
        "source_url": price.source_url,
    }


def score(score: Score) -> dict[str, Any]:
    """The published score in its parts; a value is from 0 to 1."""
    parts: dict[str, Any] = {name: _part(getattr(score, name), name) for name in WEIGHTS}
    return {**parts, "total": number(score.total)}


def _part(part: Part, name: str) -> dict[str, Any]:
    return {
        "value": number(part.value),
        "weight": str(WEIGHTS[name]),
        "contribution": number(part.value * WEIGHTS[name]),
        "reason": part.reason,
        "record_ids": list(part.record_ids),
    }


def chance(outlook: Outlook) -> dict[str, Any]:
    """How likely the candidate is better, what that is based on, and how often such came true."""
    record = None if outlook.better is None else past_proposals(outlook.better)
    return {
        "better": outlook.better,
        "not_worse": outlook.not_worse,
        "both_measured": outlook.both_measured,
        "released_at": outlook.released.isoformat() if outlook.released else None,
        "same_line": outlook.same_line,
        "record": None if record is None else str(record),
    }


def quality(best: Candidate) -> dict[str, Any]:
    """The lead on shared boards, over all of them and in each kind of task."""
    return {
        "overall": _lead(best.compared),
        "by_type": {
            task_type: _lead([pair for pair in best.compared if pair[0].task_type == task_type])
            for task_type in leads_by_type(best.compared)
        },
    }


def _lead(pairs: Sequence[scoring.Pair]) -> dict[str, Any] | None:
    """The shares of solved tasks in percent, and their difference in percentage points."""
    shared, solved = lead(pairs), solved_pct(pairs)
    if shared is None or solved is None:
        return None
    return {
        "current_pct": f"{solved[0]:.1f}",
        "proposed_pct": f"{solved[1]:.1f}",
        "points": f"{shared.points:.1f}",
        "low": f"{shared.low:.1f}",
        "high": f"{shared.high:.1f}",
        "boards": shared.boards,
        "assumed": shared.assumed,
        "verdict": LEAD_WORDS[shared.kind],
    }


def cost(assessment: Assessment, best: Candidate) -> dict[str, Any]:
    """The arithmetic of one call, for both models at the same mix of tokens."""
    mix, now = assessment.mix, assessment.current_price
    return {
        "basis": mix.basis,
        "calls": mix.calls,
        "window_days": mix.window_days,
        "calls_a_month": number(mix.calls_a_month and round(mix.calls_a_month, 0)),
        "current": _bill(now, mix) if now else None,
        "proposed": _bill(best.price, mix),
    }


def _bill(price: Price, mix: TokenMix) -> dict[str, Any]:
    parts = shares(price, mix)
    month = usd_per_month(price, mix)
    return {
        "shares": [
            {
                "label": part.label,
                "tokens": number(round(part.tokens, 1)),
                "usd_per_1m": number(part.usd_per_1k * 1000),
                "usd": number(part.usd),
                "note": part.note,
            }
            for part in parts
        ],
        "tier_above_tokens": tier_for(price, mix.prompt).above_prompt_tokens,
        "usd_per_call": number(total(parts)),
        "usd_per_month": None if month is None else f"{month:.2f}",
    }


def traffic(stats: RuntimeStats | None) -> dict[str, Any] | None:
    """What our own calls of a model showed, without what changes from day to day."""
    if stats is None:
        return None
    return {
        "id": stats.id,
        "calls": stats.calls,
        "from": _day(stats.window_start),
        "to": _day(stats.window_end),
        "usd_per_call": number(stats.usd_per_call),
        "usd_per_success": number(stats.usd_per_success),
        "p50_latency_ms": number(stats.p50_latency_ms),
        "p95_latency_ms": number(stats.p95_latency_ms),
        "p50_first_token_ms": number(stats.p50_first_token_ms),
    }


def passed_gates(assessment: Assessment, best: Candidate) -> list[dict[str, str | None]]:
    """What the policy requires, and what the candidate offers."""
    passed = gates(assessment.policy, best.model, best.price, best.cost_delta_pct, assessment.today)
    provider = Gate("provider", ", ".join(assessment.policy.providers), best.price.provider)
    return [gate._asdict() for gate in (provider, *passed)]


def not_comparable(entry: NotComparable) -> dict[str, Any]:
    """A pair of results that cannot be compared, and why."""
    return {**entry._asdict(), "record_ids": list(entry.record_ids)}


def pair(current: BenchmarkResult, proposed: BenchmarkResult) -> dict[str, Any]:
    """The same benchmark of both models, and its lead in points."""
    key = current.key
    errors = error_change_pct((current, proposed))
    return {
        **key._asdict(),
        "task_type": current.task_type,
        "task_count": current.task_count,
        "higher_is_better": current.higher_is_better,
        "change_pct": number(scoring.improvement_pct(current, proposed)),
        "error_change_pct": None if errors is None else f"{errors:.1f}",
        "lead": _lead([(current, proposed)]),
        "weight": str(scoring.weight_of((current, proposed))),
        "current": _result(current),
        "proposed": _result(proposed),
    }


def _result(result: BenchmarkResult) -> dict[str, Any]:
    return {
        "id": result.id,
        "score": number(result.score),
        "measured_on": str(result.measured_at) if result.measured_at else None,
        "source": result.source,
        "source_kind": result.source_kind,
        "source_url": result.source_url,
    }


def deadline(deadline: Deadline) -> dict[str, Any]:
    """Without the days left, which change while nothing else does."""
    return {
        "retires_at": str(deadline.retires_at),
        "has_ended": deadline.stage == "past",
        "source_url": deadline.source_url,
    }


def regression(found: Regression, best: Candidate) -> dict[str, Any]:
    """The loss that a proposal goes back from."""
    return {
        "to_replaced": best.model.model_id == found.replaced,
        "url": found.url,
        "days": found.days,
        "reasons": list(found.reasons),
        "records": list(found.records),
    }


def telemetry(verdict: Verdict) -> dict[str, Any]:
    """Task success in our own calls: shares, calls and the interval of the difference."""
    return {
        "verdict": VERDICT_WORDS[verdict.kind],
        "is_weak": verdict.is_weak,
        "current": {"share": f"{verdict.current.share:.4f}", "calls": verdict.current.calls},
        "proposed": {"share": f"{verdict.candidate.share:.4f}", "calls": verdict.candidate.calls},
        "interval": in_points(verdict),
    }


def signal(signal: Signal) -> dict[str, Any]:
    """One post, as it is shown."""
    names = ("id", "sentiment", "source", "source_url", "title", "snippet")
    return {name: getattr(signal, name) for name in names}


def alternative(other: Candidate, assessment: Assessment, best: Candidate) -> dict[str, Any]:
    """A runner-up, and why it is not the one proposed."""
    return {
        "spelling": other.spelling,
        "provider": other.price.provider,
        "total": number(other.score.total),
        "cost_delta_pct": number(other.cost_delta_pct),
        "quality_delta_pct": number(other.quality_delta_pct),
        "lead": _lead(other.compared),
        "usd_per_call": number(usd_per_call(other.price, assessment.mix)),
        "reason": why_not(other, assessment, best),
    }


def _day(moment: datetime | date) -> str:
    return moment.strftime("%Y-%m-%d")


def number(value: Decimal | None) -> str | None:
    """A plain decimal without exponent or trailing zeros, rounded to ten places."""
    if value is None:
        return None
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
