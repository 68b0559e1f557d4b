"""Keeping score of merged proposals: promises frozen at the merge, measured when days are over."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.orm import Session

from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.evidence.load import load_evidence
from model_intelligence.naming import resolve
from model_intelligence.records import Evidence
from model_intelligence.scorecards import outcomes, store
from model_intelligence.scorecards.measure import Whose, conditions, scope_of, seen_since, seen_then
from model_intelligence.scorecards.store import Merged, Promise
from model_intelligence.scorecards.values import ScoreCard, window_after


def keep_score(
    session: Session, merged: Mapping[int, datetime], config: BotConfig, now: datetime
) -> list[ScoreCard]:
    """Freezes what newly merged proposals promised, measures what is due, and returns all cards.

    `merged` is recommendation id -> when it was merged (aware UTC). The same again is no write.
    """
    for item in store.not_frozen(session, merged):
        if item.use_case in config.use_cases:
            _freeze(session, item, config, now)
    owed = store.owed(session, now)
    if owed:
        known = _Known(config, load_evidence(session, now), now)
        for item, days in owed:
            if item.use_case in config.use_cases:
                _measure(session, item, days, known)
    return store.cards(session)


class _Known(NamedTuple):
    """What checks are measured with."""

    config: BotConfig
    evidence: Evidence
    now: datetime


def _freeze(session: Session, item: Merged, config: BotConfig, now: datetime) -> None:
    decision = item.decision
    traffic = decision.get("traffic", {})  # older decisions lack it, and the cost
    ids = ((traffic.get(side) or {}).get("id") for side in ("current", "proposed"))
    before, candidate = (seen_then(session, stats_id) for stats_id in ids)
    price = decision["proposed"]["price"]
    told = (price.get(f"{kind}_usd_per_1m") for kind in ("input", "output"))
    taken = conditions(session, candidate or before, *map(_decimal, told))
    tolerated = config.policy(item.use_case).limits.max_quality_loss_points
    cost = decision.get("cost", {"basis": "guide"})
    promised = outcomes.predictions(cost, before, candidate, tolerated)
    kept = Promise(scope_of(before or candidate), taken, promised)
    store.freeze(session, item, kept, now)


def _decimal(usd: str | None) -> Decimal | None:
    return None if usd is None else Decimal(usd)


def _measure(session: Session, item: Merged, days: int, known: _Known) -> None:
    policy, side = known.config.policy(item.use_case), item.decision["proposed"]
    kept = store.promise(session, item.id)
    names = resolve.index(known.evidence.models, known.evidence.other_names)
    whose = Whose(side["model_id"], policy, kept.scope, names)
    seen = seen_since(session, window_after(item.merged_at, days), whose, known.now)
    price = known.evidence.prices.get((side["model_id"], side["price"]["provider"]))
    asked = (price.input_per_1k * 1000, price.output_per_1k * 1000) if price else (None, None)
    changed = outcomes.changes(kept.conditions, conditions(session, seen, *asked))
    tolerated = policy.limits.max_quality_loss_points
    found = outcomes.actuals(kept.predictions, seen, changed, tolerated)
    store.append(session, item.id, days, found, known.now)
