"""What the commands print for programs, beside its `version`. Pure.

docs/command-line.md shows each of them. Numbers that are exact are texts, times are ISO 8601 with
their offset.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from model_intelligence.decision.values import Candidate, Decision, Keep, Score, Upgrade
from model_intelligence.explanation.recommendation import Recommendation
from model_intelligence.explanation.why_not_chosen import reasons
from model_intelligence.naming.catalog_index import Names
from model_intelligence.naming.identify import NEVER, NameMatch, NoMatch
from model_intelligence.naming.review import Review, near
from model_intelligence.observations.benchmark_status import status_of
from model_intelligence.sources.source import BundledSource, Source

if TYPE_CHECKING:
    from model_intelligence.ingest.source_run import LastRun

PARTS = ("price", "benchmark", "runtime", "sentiment")


def stored(item: Recommendation) -> dict[str, Any]:
    """One stored recommendation, exactly as stored."""
    names = (name for name in Recommendation.__slots__ if name != "setting")
    fields = {name: getattr(item, name) for name in names}
    return {name: _plain(value) for name, value in fields.items()}


def decision(found: Decision, shown: Sequence[Upgrade], ids: Sequence[int]) -> dict[str, Any]:
    """What a use case should do; `ids` are of the shown candidates that were stored."""
    case = found.assessment
    keeps = isinstance(found, Keep)
    return {
        "use_case": case.use_case,
        "current_model": case.current_spelling,
        "decision": "keep" if keeps else "upgrade",
        "reason": found.reason if isinstance(found, Keep) else found.reasoning,
        "reason_class": None if isinstance(found, Keep) else found.reason_class,
        "staying": _score(case.staying),
        "recommendations": [
            {
                "id": ids[place] if ids else None,
                **_candidate(each.candidate),
                "objection": each.objection,
            }
            for place, each in enumerate(shown)
        ],
    }


def explanation(found: Decision) -> dict[str, Any]:
    """Every candidate, best first, and every model left out, each with the reason against it."""
    candidates = [{**_candidate(each), "reason": reason} for each, reason in reasons(found)]
    excluded = [
        {"model": each.model_id, "reason": each.reason} for each in found.assessment.excluded
    ]
    return {"candidates": candidates, "excluded": excluded}


def sources(
    live: Iterable[Source], bundled: Iterable[BundledSource], runs: Mapping[str, LastRun]
) -> list[dict[str, Any]]:
    """Every source, and the result of reading it last."""
    nothing: dict[str, Any] = {"needs": [], "last_run": None}
    return [
        *({**_source(each), "bundled": True, **nothing} for each in bundled),
        *(
            {
                **_source(each),
                "bundled": False,
                "needs": list(each.access.variables) if each.access else [],
                "last_run": _look(runs.get(each.name)),
            }
            for each in live
        ),
    ]


def resolution(name: str, found: NameMatch | NoMatch, names: Names) -> dict[str, Any]:
    """The model that a name means and the rule that found it, or why none did."""
    match, none = (found, None) if isinstance(found, NameMatch) else (None, found)
    return {
        "name": name,
        "model": match and match.model_id,
        "rule": match and match.rule,
        "effort": match and match.effort,
        "mode": match and match.mode,
        "reason": none and none.reason,
        "near": list(near(name, names)) if none and none.reason not in NEVER else [],
    }


def reviews(waiting: Iterable[Review]) -> list[dict[str, Any]]:
    """The names that wait for review, in their order."""
    return [
        {
            "name": each.waiting.name,
            "source": each.waiting.source,
            "reason": each.waiting.reason,
            "results": each.waiting.rows,
            "near": list(each.near),
            "can_have_alias": each.waiting.reason not in NEVER,
        }
        for each in waiting
    ]


def _candidate(each: Candidate) -> dict[str, Any]:
    return {
        "model": each.spelling,
        "provider": each.price.provider,
        "score": _score(each.score),
        "confidence": _plain(each.score.confidence),
        "cost_delta_pct": _change(each.cost_delta_pct),
        "quality_delta_pct": _change(each.quality_delta_pct),
        "chance_better": each.outlook.better,
        "chance_not_worse": each.outlook.not_worse,
        "price_record": f"price:{each.price.id}",
    }


def _score(score: Score) -> dict[str, Any]:
    parts = {name: getattr(score, name) for name in PARTS}
    return {
        "total": _plain(score.total),
        **{name: {"value": _plain(one.value), "reason": one.reason} for name, one in parts.items()},
    }


def _source(each: Source | BundledSource) -> dict[str, Any]:
    note = status_of(each.name)
    return {"name": each.name, "kind": each.kind, "licence": each.licence, "note": note}


def _look(run: LastRun | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "status": run.status,
        "started_at": run.started_at.isoformat(),
        "reason": run.reason,
        "rows": run.rows,
        "good_at": run.good_at and run.good_at.isoformat(),
    }


def _change(percent: Decimal | None) -> str | None:
    return None if percent is None else f"{percent:.4f}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, (str, int, dict)) else str(value)
