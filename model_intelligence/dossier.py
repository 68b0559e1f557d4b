"""A decision as plain data: what is stored with a recommendation and what its body is made of.

Everything a reader sees comes from here, so a body can be rendered again, byte for byte, from the
stored copy. Numbers are strings, exactly as decided on.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from model_intelligence import scoring
from model_intelligence.records import (
    UNDATED,
    Assessment,
    BenchmarkResult,
    Candidate,
    Deadline,
    Model,
    Part,
    Price,
    Score,
    Signal,
    Upgrade,
)
from model_intelligence.verdicts import Verdict, in_points

ALTERNATIVES = 5
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
        "use_case": seen.use_case,
        "reasoning": upgrade.reasoning,
        "verdict": _verdict(upgrade),
        "current": _side(seen.current_spelling, seen.current, seen.current_price),
        "proposed": _side(best.spelling, best.model, best.price),
        "deadline": _deadline(upgrade.deadline) if upgrade.deadline else None,
        "score": _score(best.score),
        "staying": _score(seen.staying),
        "confidence": str(best.score.confidence),
        "cost_delta_pct": _number(best.cost_delta_pct),
        "quality_delta_pct": _number(best.quality_delta_pct),
        "benchmarks": [_pair(*pair) for pair in best.compared],
        "signals": [_signal(signal) for signal in best.signals],
        "telemetry": _telemetry(best.verdict) if best.verdict else None,
        "unknowns": list(_unknowns(seen, best)),
        "alternatives": [_alternative(other) for other in _runners_up(seen, best)],
        "candidates": len(seen.candidates),
        "excluded": len(seen.excluded),
    }


def digest(dossier: Mapping[str, Any]) -> str:
    """SHA-256 of what the decision rests on; equal digests mean the same decision."""
    material = {name: dossier[name] for name in MATERIAL}
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


def _runners_up(seen: Assessment, best: Candidate) -> list[Candidate]:
    return [other for other in seen.candidates if other is not best][:ALTERNATIVES]


def _side(spelling: str, model: Model | None, price: Price | None) -> dict[str, Any]:
    return {
        "spelling": spelling,
        "model_id": model.model_id if model else None,
        "display_name": model.display_name if model else None,
        "context_window_tokens": model.context_window_tokens if model else None,
        "price": _price(price) if price else None,
    }


def _price(price: Price) -> dict[str, Any]:
    return {
        "id": price.id,
        "provider": price.provider,
        "input_usd_per_1m": _number(price.input_per_1k * 1000),
        "output_usd_per_1m": _number(price.output_per_1k * 1000),
        "blended_usd_per_1m": _number(scoring.blended_usd_per_1k(price) * 1000),
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


def _pair(current: BenchmarkResult, proposed: BenchmarkResult) -> dict[str, Any]:
    key = current.key
    return {
        **key._asdict(),
        "task_type": current.task_type,
        "task_count": current.task_count,
        "higher_is_better": current.higher_is_better,
        "change_pct": _number(scoring.improvement_pct(current, proposed)),
        "current": _result(current),
        "proposed": _result(proposed),
    }


def _result(result: BenchmarkResult) -> dict[str, Any]:
    return {
        "id": result.id,
        "score": _number(result.score),
        "measured_on": str(result.measured_at) if result.measured_at else None,
        "source": result.source,
        "source_url": result.source_url,
    }


def _verdict(upgrade: Upgrade) -> str:
    """The one sentence that a reviewer reads first."""
    seen, best = upgrade.assessment, upgrade.candidate
    cost, quality = best.cost_delta_pct, best.quality_delta_pct
    price = "price change unknown" if cost is None else f"{_signed(cost)} in price"
    shared = (
        "no shared benchmark" if quality is None else f"{_signed(quality)} on shared benchmarks"
    )
    score = f"scores {best.score.total:.3f} where staying scores {seen.staying.total:.3f}"
    text = f"{best.spelling} instead of {seen.current_spelling}: {shared}, {price}; it {score}"
    if upgrade.deadline is None:
        return text
    return f"{seen.current_spelling} ends on {upgrade.deadline.retires_at}. {text}"


def _signed(percent: Decimal) -> str:
    return "no change" if abs(percent) < Decimal("0.05") else f"{percent:+.1f} %"


def _deadline(deadline: Deadline) -> dict[str, Any]:
    """Without the days left, which change while nothing else does."""
    return {"retires_at": str(deadline.retires_at), "source_url": deadline.source_url}


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


def _unknowns(seen: Assessment, best: Candidate) -> Iterable[str]:
    """What a reviewer should know that the figures do not say. Never empty."""
    if best.verdict is not None:
        yield (
            "The success rates are observational: traffic was not split at random, so the calls "
            "may differ in kind."
        )
    elif not best.score.runtime.record_ids:
        yield (
            "Your own traffic says nothing yet: there is no telemetry of both models in this role, "
            "so whether the new one does your work as well is not measured."
        )
    if len(best.compared) == 1:
        yield "The quality rests on a single benchmark."
    elif best.compared and len({pair[0].task_type for pair in best.compared}) == 1:
        yield f"All shared benchmarks are of one kind ({best.compared[0][0].task_type})."
    if not best.compared:
        yield "No benchmark was run on both models in the same way."
    if any(result.task_count is None for pair in best.compared for result in pair):
        yield "For some benchmarks the number of tasks is not published, so their noise is unknown."
    if seen.current_price and seen.current_price.provider != best.price.provider:
        yield "Another provider: its terms, data handling, limits and latency are not compared."
    if best.model.context_window_tokens is None:
        yield "The context window of the proposed model is not published."
    yield (
        "Latency, and what may behave differently in code (sampling parameters, tool calls, "
        "prompt caching, tokenizer), are not compared."
    )


def _alternative(candidate: Candidate) -> dict[str, Any]:
    return {
        "spelling": candidate.spelling,
        "provider": candidate.price.provider,
        "total": _number(candidate.score.total),
        "cost_delta_pct": _number(candidate.cost_delta_pct),
        "quality_delta_pct": _number(candidate.quality_delta_pct),
    }


def _day(moment: datetime | date) -> str:
    return moment.strftime("%Y-%m-%d")


def _number(value: Decimal | None) -> str | None:
    """A plain decimal without exponent or trailing zeros, rounded to ten places."""
    if value is None:
        return None
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
