"""A decision as plain data: what is stored with a recommendation and what its body is made of.

Everything a reader sees comes from here, so a body can be rendered again, byte for byte, from the
stored copy.
"""

import hashlib
import json
from collections.abc import Mapping
from itertools import islice
from typing import Any

from model_intelligence.decision import score
from model_intelligence.decision.values import Assessment, Candidate, Upgrade
from model_intelligence.explanation import caveats, dossier_values
from model_intelligence.explanation.compatibility import what_may_break
from model_intelligence.explanation.evidence_age import evidence_age
from model_intelligence.explanation.headline import headline
from model_intelligence.explanation.recommendation import Dossier
from model_intelligence.pricing.call_cost import price_ratio
from model_intelligence.records import Model

VERSION = 4  # of the stored format; 1 to 3 were never released
ALTERNATIVES = 10
UNMEASURED = 5  # of them at most: all that is known of these is their price
# What makes a decision the same or another one. Runners-up change from day to day and do not.
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


def compile_dossier(upgrade: Upgrade) -> Dossier:
    """The upgrade as JSON-ready data."""
    assessment, best = upgrade.assessment, upgrade.candidate
    return {
        "version": VERSION,
        "use_case": assessment.use_case,
        "reasoning": upgrade.reasoning,
        "reason_class": upgrade.reason_class,
        "verdict": headline(upgrade),
        "objection": upgrade.objection,
        "current": dossier_values.side(
            assessment.current_spelling, assessment.current, assessment.current_price
        ),
        "proposed": dossier_values.side(best.spelling, best.model, best.price),
        "deadline": dossier_values.deadline(upgrade.deadline) if upgrade.deadline else None,
        "advised": upgrade.is_advised,
        "score": dossier_values.score(best.score),
        "staying": dossier_values.score(assessment.staying),
        "confidence": str(best.score.confidence),
        "cost_delta_pct": dossier_values.number(best.cost_delta_pct),
        "quality_delta_pct": dossier_values.number(best.quality_delta_pct),
        "quality": dossier_values.quality(best),
        "chance": dossier_values.chance(best.outlook),
        "cost": dossier_values.cost(assessment, best),
        "traffic": {
            "current": dossier_values.traffic(assessment.runtime),
            "proposed": dossier_values.traffic(best.runtime),
        },
        "telemetry": dossier_values.telemetry(best.verdict) if best.verdict else None,
        "gates": dossier_values.passed_gates(assessment, best),
        "evidence_age": f"{evidence_age(upgrade)} (as of {assessment.today})",
        "benchmarks": [dossier_values.pair(*pair) for pair in score.in_order(best.compared)],
        "not_comparable": [
            dossier_values.not_comparable(entry) for entry in upgrade.not_comparable
        ],
        "other_work": [dossier_values.pair(*pair) for pair in score.in_order(upgrade.other_work)],
        "signals": [dossier_values.signal(signal) for signal in best.signals],
        "unknowns": list(caveats.unknown(upgrade)),
        "against": list(caveats.against(upgrade)),
        "worst_case": list(caveats.worst_case(upgrade)),
        "breaks": list(what_may_break(assessment, best)),
        "alternatives": [
            dossier_values.alternative(other, assessment, best)
            for other in _runners_up(assessment, best)
        ],
        "records": _records(assessment.current, best.model),
        "candidates": len(assessment.candidates),
        "excluded": len(assessment.excluded),
        "regression": dossier_values.regression(upgrade.regression, best)
        if upgrade.regression
        else None,
    }


def digest(dossier: Mapping[str, Any]) -> str:
    """SHA-256 of the material values; equal digests mean the same decision."""
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
    """The rows on the two models; not material, as another source may state the same."""
    known = [model for model in models if model is not None]
    return {
        "facts": [model.fact_id for model in known if model.fact_id],
        "ends": [model.lifecycle_id for model in known if model.lifecycle_id],
    }


def _runners_up(assessment: Assessment, best: Candidate) -> list[Candidate]:
    """Measured candidates, best first, then unmeasured ones, the closest in cost first."""
    measured = assessment.those(lambda each: each.is_measured)
    found = list(islice((each for each in measured if each is not best), ALTERNATIVES))
    unmeasured = (place for place, each in enumerate(assessment.ranked) if not each.is_measured)
    near = sorted(
        unmeasured, key=lambda place: price_ratio(assessment.ranked[place].cost_delta_pct)
    )
    others = (
        assessment.candidates[place] for place in near if assessment.candidates[place] is not best
    )
    return found + list(islice(others, min(UNMEASURED, ALTERNATIVES - len(found))))
