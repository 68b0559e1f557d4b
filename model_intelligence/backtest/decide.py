"""One decision for each current model, kind of work and scope, by the product's rule. Pure."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, get_args

from model_intelligence.backtest.pack import CurrentModel, task_types
from model_intelligence.config.bot_yaml import Policy
from model_intelligence.decision.values import RankedCandidate, Upgrade
from model_intelligence.recommender import recommend
from model_intelligence.records import Evidence

Scope = Literal["own", "all"]
SCOPES: tuple[Scope, ...] = get_args(Scope)


@dataclass(frozen=True, slots=True)
class PastDecision:
    """What is decided on a day.

    `scope` says which providers could be called: `own` is the current model's, `all` is any.
    `probability` is the stated chance that `target` is better.
    """

    observed_at: date
    kind: str
    scope: Scope
    current: str
    decision: Literal["propose", "keep"]
    target: str | None = None
    reason_class: str | None = None
    probability: float | None = None


def decide(
    evidence: Evidence, currents: Iterable[CurrentModel], day: date
) -> Iterator[PastDecision]:
    """The decisions of that day, with the default limits."""
    sellers = sorted({provider for _, provider in evidence.prices})
    for current in currents:
        others = (provider for provider in sellers if provider != current.provider)
        providers = {"own": (current.provider,), "all": (current.provider, *others)}
        for kind in current.kinds:
            for scope in SCOPES:
                policy = _policy(kind, providers[scope])
                yield _decide(policy, evidence, current.model, scope, day)


def as_line(decision: PastDecision) -> str:
    """The decision as one line of JSON, with the fields that a pack's README names."""
    return json.dumps(asdict(decision), default=date.isoformat, ensure_ascii=False)


def from_line(line: str) -> PastDecision:
    """The decision in such a line; raises ValueError, KeyError or TypeError."""
    cells: dict[str, Any] = json.loads(line)
    return PastDecision(**cells | {"observed_at": date.fromisoformat(cells["observed_at"])})


def _decide(
    policy: Policy, evidence: Evidence, current: str, scope: Scope, day: date
) -> PastDecision:
    decided, kind = recommend(policy, current, evidence, day), policy.use_case
    if isinstance(decided, Upgrade):
        target, reason_class = decided.candidate, decided.reason_class
        model_id, better = target.model.model_id, target.outlook.better
        return PastDecision(day, kind, scope, current, "propose", model_id, reason_class, better)
    # The surest candidate is named although it is not proposed, so that its chance is judged, too.
    surest = max(decided.assessment.ranked, key=_surest_last, default=None)
    if surest is None or surest.outlook.better is None:
        return PastDecision(day, kind, scope, current, "keep")
    model_id, better = surest.model.model_id, surest.outlook.better
    return PastDecision(day, kind, scope, current, "keep", model_id, None, better)


def _surest_last(each: RankedCandidate) -> tuple[float, str]:
    chance = each.outlook.better
    return (-1 if chance is None else chance), each.model.model_id


@cache
def _policy(kind: str, providers: tuple[str, ...]) -> Policy:
    return Policy(
        use_case=kind, paths=(("model",),), providers=providers, task_types=task_types(kind)
    )
