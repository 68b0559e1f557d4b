"""What the database keeps of proposals. GitHub is the truth about them; this is its memory."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine

from bot.items import NoWish
from bot.plan import Fate
from bot.proposal import Wish
from model_intelligence import recommendations
from model_intelligence.db import transaction
from model_intelligence.records import Decision, Keep, Upgrade


def save(engine: Engine, decisions: Sequence[Decision]) -> list[Wish | NoWish]:
    """Stores the upgrades, each once, and says what should stand on GitHub."""
    upgrades = [decision for decision in decisions if isinstance(decision, Upgrade)]
    with transaction(engine) as session:
        stored = {item.use_case: item for item in recommendations.save(session, upgrades)}
    return [
        _no_wish(decision)
        if isinstance(decision, Keep)
        else Wish(
            stored[decision.assessment.use_case], decision.deadline, decision.candidate.known_since
        )
        for decision in decisions
    ]


def _no_wish(keep: Keep) -> NoWish:
    seen = keep.assessment
    return NoWish(seen.use_case, seen.current_spelling, keep.reason, keep.deadline)


def remember(engine: Engine, known: Sequence[Fate], now: datetime) -> None:
    """Stores what became of recommendations."""
    with transaction(engine) as session:
        for fate in known:
            recommendations.set_status(
                session,
                fate.marker.recommendation,
                fate.status,
                fate.url,
                now,
                change=(fate.marker.use_case, fate.marker.from_model, fate.marker.to_model),
            )
