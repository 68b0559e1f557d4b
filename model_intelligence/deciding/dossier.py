"""A decision as plain data: what is stored with a recommendation and what its body is made of.

Everything a reader sees comes from here, so a body can be rendered again, byte for byte, from the
stored copy. Numbers are strings, exactly as decided on.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from model_intelligence.deciding import caveats, scoring
from model_intelligence.deciding.breaking import what_may_break
from model_intelligence.deciding.call_cost import (
    shares,
    tier_for,
    times_apart,
    total,
    usd_per_call,
    usd_per_month,
)
from model_intelligence.deciding.gates import Gate, gates
from model_intelligence.deciding.judgement import judge_candidate
from model_intelligence.deciding.passed_over import why_not
from model_intelligence.deciding.quality import Lead, error_change_pct, lead, leads_by_type
from model_intelligence.ending import cites_a_maker
from model_intelligence.records import (
    UNDATED,
    Apart,
    Assessment,
    BenchmarkResult,
    Candidate,
    Deadline,
    Model,
    Part,
    Price,
    Regression,
    RuntimeStats,
    Score,
    Signal,
    TokenMix,
    Upgrade,
)
from model_intelligence.verdicts import Verdict, in_points

VERSION = 3  # of the shape of what is stored; an older one is rendered by what it has
ALTERNATIVES = 10
UNMEASURED = 5  # of them at most: all that is known of these is their price
LEAD_WORDS = {
    "better": "better",
    "non_inferior": "not worse",
    "worse": "worse",
    "inconclusive": "undecided",
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
    "inconclusive": "undecided",
    "no_evidence": "too few calls",
}
# What a decision rests on. The runners-up may change from day to day without changing it.
MATERIAL = (
    "use_case",
    "reason_class",
    "current",
    "proposed",
    "deadline",
    "score",
    "staying",
    "benchmarks",
    "signals",
)

Dossier = dict[str, Any]


def compile_dossier(upgrade: Upgrade) -> Dossier:
    """The upgrade as JSON-ready data."""
    seen, best = upgrade.assessment, upgrade.candidate
    return {
        "version": VERSION,
        "use_case": seen.use_case,
        "reasoning": upgrade.reasoning,
        "reason_class": upgrade.reason_class,
        "verdict": _verdict(upgrade),
        "current": _side(seen.current_spelling, seen.current, seen.current_price),
        "proposed": _side(best.spelling, best.model, best.price),
        "deadline": _deadline(upgrade.deadline) if upgrade.deadline else None,
        "advised": _is_advised(upgrade),
        "score": _score(best.score),
        "staying": _score(seen.staying),
        "confidence": str(best.score.confidence),
        "cost_delta_pct": _number(best.cost_delta_pct),
        "quality_delta_pct": _number(best.quality_delta_pct),
        "quality": _quality(best),
        "cost": _cost(seen, best),
        "traffic": {"current": _traffic(seen.runtime), "proposed": _traffic(best.runtime)},
        "telemetry": _telemetry(best.verdict) if best.verdict else None,
        "gates": _gates(seen, best),
        "benchmarks": [_pair(*pair) for pair in scoring.in_order(best.compared)],
        "apart": [_apart(entry) for entry in upgrade.apart],
        "other_work": [_pair(*pair) for pair in scoring.in_order(upgrade.other_work)],
        "signals": [_signal(signal) for signal in best.signals],
        "unknowns": list(caveats.unknown(upgrade)),
        "against": list(caveats.against(upgrade)),
        "worst_case": list(caveats.worst_case(upgrade)),
        "breaks": list(what_may_break(seen, best)),
        "alternatives": [_alternative(other, seen, best) for other in _runners_up(seen, best)],
        "records": _records(seen.current, best.model),
        "candidates": len(seen.candidates),
        "excluded": len(seen.excluded),
        "regression": _regression(upgrade.regression, best) if upgrade.regression else None,
    }


def digest(dossier: Mapping[str, Any]) -> str:
    """SHA-256 of what the decision rests on; equal digests mean the same decision."""
    material = {name: dossier[name] for name in MATERIAL}
    if dossier["regression"]:
        material["regression"] = dossier["regression"]
    for name in ("score", "staying"):  # each day's window has new records that may say the same
        runtime = {**material[name]["runtime"], "record_ids": []}
        material[name] = {**material[name], "runtime": runtime}
    text = json.dumps(material, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def evidence_ids(dossier: Mapping[str, Any]) -> dict[str, list[int]]:
    """Record ids by kind, for both models."""
    kinds = {
        "pricing": "price",
        "benchmarks": "benchmark",
        "runtime_stats": "runtime",
        "sentiment": "sentiment",
    }
    return {kind: dossier["score"][part]["record_ids"] for kind, part in kinds.items()}


def _records(*models: Model | None) -> dict[str, list[int]]:
    """The rows on the two models themselves; not material, for they may be another's same words."""
    known = [model for model in models if model is not None]
    return {
        "facts": [model.fact_id for model in known if model.fact_id],
        "ends": [model.lifecycle_id for model in known if model.lifecycle_id],
    }


def _runners_up(seen: Assessment, best: Candidate) -> list[Candidate]:
    """Those that were measured, best first, then of the others those that cost about the same."""
    measured = seen.those(lambda each: each.is_measured)
    found = list(islice((each for each in measured if each is not best), ALTERNATIVES))
    unmeasured = (place for place, each in enumerate(seen.standings) if not each.is_measured)
    near = sorted(unmeasured, key=lambda place: times_apart(seen.standings[place].cost_delta_pct))
    others = (seen.candidates[place] for place in near if seen.candidates[place] is not best)
    return found + list(islice(others, min(UNMEASURED, ALTERNATIVES - len(found))))


def _side(spelling: str, model: Model | None, price: Price | None) -> dict[str, Any]:
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
        "input_usd_per_1m": _number(price.input_per_1k * 1000),
        "output_usd_per_1m": _number(price.output_per_1k * 1000),
        "agreement": price.agreement,
        "others": [
            {
                "id": other.id,
                "source": other.source,
                "input_usd_per_1m": _number(other.input_per_1k * 1000),
                "output_usd_per_1m": _number(other.output_per_1k * 1000),
            }
            for other in price.others
        ],
        "hour_utc": price.hour_utc,
        "effective_on": None if price.effective_at == UNDATED else _day(price.effective_at),
        "observed_on": _day(price.observed_at),
        "source": price.source,
        "source_url": price.source_url,
    }


def _score(score: Score) -> dict[str, Any]:
    parts: dict[str, Any] = {name: _part(getattr(score, name), name) for name in WEIGHTS}
    return {**parts, "total": _number(score.total)}


def _part(part: Part, name: str) -> dict[str, Any]:
    return {
        "value": _number(part.value),
        "weight": str(WEIGHTS[name]),
        "contribution": _number(part.value * WEIGHTS[name]),
        "reason": part.reason,
        "record_ids": list(part.record_ids),
    }


def _quality(best: Candidate) -> dict[str, Any]:
    """The lead on shared boards, over all of them and in each kind of task."""
    overall = lead(best.compared)
    by_type = leads_by_type(best.compared)
    return {
        "overall": _lead(overall) if overall else None,
        "by_type": {task_type: _lead(found) for task_type, found in by_type.items()},
    }


def _lead(found: Lead) -> dict[str, Any]:
    return {
        "points": f"{found.points:.1f}",
        "low": f"{found.low:.1f}",
        "high": f"{found.high:.1f}",
        "boards": found.boards,
        "assumed": found.assumed,
        "verdict": LEAD_WORDS[found.kind],
    }


def _cost(seen: Assessment, best: Candidate) -> dict[str, Any]:
    """The arithmetic of one call, for both models at the same mix of tokens."""
    mix, now = seen.mix, seen.current_price
    return {
        "basis": mix.basis,
        "calls": mix.calls,
        "window_days": mix.window_days,
        "calls_a_month": _number(mix.calls_a_month and round(mix.calls_a_month, 0)),
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
                "tokens": _number(round(part.tokens, 1)),
                "usd_per_1m": _number(part.usd_per_1k * 1000),
                "usd": _number(part.usd),
                "note": part.note,
            }
            for part in parts
        ],
        "tier_above_tokens": tier_for(price, mix.prompt).above_prompt_tokens,
        "usd_per_call": _number(total(parts)),
        "usd_per_month": None if month is None else f"{month:.2f}",
    }


def _traffic(stats: RuntimeStats | None) -> dict[str, Any] | None:
    """What our own calls of a model showed, without what changes from day to day."""
    if stats is None:
        return None
    return {
        "id": stats.id,
        "calls": stats.calls,
        "from": _day(stats.window_start),
        "to": _day(stats.window_end),
        "usd_per_call": _number(stats.usd_per_call),
        "usd_per_success": _number(stats.usd_per_success),
        "p50_latency_ms": _number(stats.p50_latency_ms),
        "p95_latency_ms": _number(stats.p95_latency_ms),
        "p50_first_token_ms": _number(stats.p50_first_token_ms),
    }


def _gates(seen: Assessment, best: Candidate) -> list[dict[str, str | None]]:
    asked = gates(seen.policy, best.model, best.price, best.cost_delta_pct, seen.today)
    provider = Gate("provider", ", ".join(seen.policy.providers), best.price.provider)
    return [gate._asdict() for gate in (provider, *asked)]


def _apart(entry: Apart) -> dict[str, Any]:
    return {**entry._asdict(), "record_ids": list(entry.record_ids)}


def _pair(current: BenchmarkResult, proposed: BenchmarkResult) -> dict[str, Any]:
    key = current.key
    found, errors = lead([(current, proposed)]), error_change_pct((current, proposed))
    return {
        **key._asdict(),
        "task_type": current.task_type,
        "task_count": current.task_count,
        "higher_is_better": current.higher_is_better,
        "change_pct": _number(scoring.improvement_pct(current, proposed)),
        "error_change_pct": None if errors is None else f"{errors:.1f}",
        "lead": _lead(found) if found else None,
        "weight": str(scoring.weight_of((current, proposed))),
        "current": _result(current),
        "proposed": _result(proposed),
    }


def _result(result: BenchmarkResult) -> dict[str, Any]:
    return {
        "id": result.id,
        "score": _number(result.score),
        "measured_on": str(result.measured_at) if result.measured_at else None,
        "source": result.source,
        "source_kind": result.source_kind,
        "source_url": result.source_url,
    }


def _verdict(upgrade: Upgrade) -> str:
    """The one sentence that a reviewer reads first: what changes, why, and at which price."""
    seen, best = upgrade.assessment, upgrade.candidate
    cost = best.cost_delta_pct
    price = "its cost is not known" if cost is None else f"{_signed(cost)} per call"
    change = f"{best.spelling} instead of {seen.current_spelling}"
    judged = judge_candidate(best, seen.current, seen.current_price, seen.policy.limits)
    if upgrade.regression is not None:
        return (
            f"{change}, to go back: since {upgrade.regression.url} {upgrade.regression.reasons[0]}"
        )
    if upgrade.deadline is not None:
        ends = "ended" if upgrade.deadline.stage == "past" else "ends"
        adviser = "its provider" if cites_a_maker(upgrade.deadline.source_url) else "a list"
        advised = f", as {adviser} advises" if _is_advised(upgrade) else ""
        end = f"{ends} on {upgrade.deadline.retires_at}{advised}"
        return f"{change}, which {end}: {_known_quality(best)}, {price}"
    if upgrade.reason_class == "cost":
        return f"{change}, to save: {price}, {_known_quality(best)}"
    return f"{change}, for its quality: {judged.quality or _known_quality(best)}; {price}"


def _known_quality(best: Candidate) -> str:
    if best.verdict is not None and best.verdict.kind != "no_evidence":
        return f"{VERDICT_WORDS[best.verdict.kind]} in your own calls, {in_points(best.verdict)}"
    found = lead(best.compared)
    if found is None:
        return "its quality is not measured"
    shared = f"{found.boards} shared board{'' if found.boards == 1 else 's'}"
    return f"{found} on {shared}"


def _is_advised(upgrade: Upgrade) -> bool:
    return upgrade.candidate.model.model_id == upgrade.assessment.advised


def _signed(percent: Decimal) -> str:
    return "no change" if abs(percent) < Decimal("0.05") else f"{percent:+.1f} %"


def _deadline(deadline: Deadline) -> dict[str, Any]:
    """Without the days left, which change while nothing else does."""
    return {
        "retires_at": str(deadline.retires_at),
        "has_ended": deadline.stage == "past",
        "source_url": deadline.source_url,
    }


def _regression(found: Regression, best: Candidate) -> dict[str, Any]:
    return {
        "to_replaced": best.model.model_id == found.replaced,
        "url": found.url,
        "days": found.days,
        "reasons": list(found.reasons),
        "records": list(found.records),
    }


def _telemetry(verdict: Verdict) -> dict[str, Any]:
    """Task success in our own calls: shares, calls and the interval of the difference."""
    return {
        "verdict": VERDICT_WORDS[verdict.kind],
        "is_weak": verdict.is_weak,
        "current": {"share": f"{verdict.current.share:.4f}", "calls": verdict.current.calls},
        "proposed": {"share": f"{verdict.candidate.share:.4f}", "calls": verdict.candidate.calls},
        "interval": in_points(verdict),
    }


def _signal(signal: Signal) -> dict[str, Any]:
    names = ("id", "sentiment", "source", "source_url", "title", "snippet")
    return {name: getattr(signal, name) for name in names}


def _alternative(other: Candidate, seen: Assessment, best: Candidate) -> dict[str, Any]:
    found = lead(other.compared)
    return {
        "spelling": other.spelling,
        "provider": other.price.provider,
        "total": _number(other.score.total),
        "cost_delta_pct": _number(other.cost_delta_pct),
        "quality_delta_pct": _number(other.quality_delta_pct),
        "lead": _lead(found) if found else None,
        "usd_per_call": _number(usd_per_call(other.price, seen.mix)),
        "reason": why_not(other, seen, best),
    }


def _day(moment: datetime | date) -> str:
    return moment.strftime("%Y-%m-%d")


def _number(value: Decimal | None) -> str | None:
    """A plain decimal without exponent or trailing zeros, rounded to ten places."""
    if value is None:
        return None
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
