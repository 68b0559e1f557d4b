"""What the database keeps of proposals. GitHub is the truth about them; this is its memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.plan.items import Wanted
from bot.plan.plan import ProposalStatus
from bot.pull_request.body import setting_or_none
from model_intelligence import recommendations
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.db import transaction
from model_intelligence.decision.values import Decision, Keep, Upgrade
from model_intelligence.explanation.recommendation import Recommendation
from model_intelligence.scorecards import keep as scorekeeping
from model_intelligence.scorecards import store
from model_intelligence.scorecards.values import ScoreCard


def save(
    engine: Engine, decisions: Sequence[Decision], config: BotConfig, files: Mapping[str, str]
) -> list[Wanted]:
    """Stores the upgrades, each once with what its body needs, and says what should stand.

    `files` is path -> text, of every file that the config names.
    """
    with transaction(engine) as session:
        return _saved(session, decisions, config, files)


def would_save(
    engine: Engine, decisions: Sequence[Decision], config: BotConfig, files: Mapping[str, str]
) -> list[Wanted]:
    """What `save` says, with nothing stored."""
    # Through the same code as `save`, so that what is shown is what a run would store.
    with Session(engine) as session:  # never committed
        return _saved(session, decisions, config, files)


def _saved(
    session: Session, decisions: Sequence[Decision], config: BotConfig, files: Mapping[str, str]
) -> list[Wanted]:
    upgrades = [decision for decision in decisions if isinstance(decision, Upgrade)]
    settings = [_setting(upgrade, config, files) for upgrade in upgrades]
    saved = recommendations.save(session, upgrades, settings)
    stored = {item.use_case: item for item in saved}
    return [_wanted(decision, stored) for decision in decisions]


def _setting(
    upgrade: Upgrade, config: BotConfig, files: Mapping[str, str]
) -> dict[str, Any] | None:
    seen = upgrade.assessment
    change = (seen.use_case, seen.current_spelling, upgrade.candidate.spelling)
    setting = setting_or_none(*change, config, files[config.file_of(seen.use_case)])
    return None if setting is None else setting.stored()


def _wanted(decision: Decision, stored: Mapping[str, Recommendation]) -> Wanted:
    seen, end = decision.assessment, decision.deadline
    if isinstance(decision, Keep):
        return Wanted(seen.use_case, seen.current_spelling, decision.reason, deadline=end)
    item = stored[seen.use_case]
    reason = item.decision["verdict"]
    since = decision.candidate.known_since
    return Wanted(seen.use_case, seen.current_spelling, reason, item, end, since)


def keep_score(
    engine: Engine, known: Sequence[ProposalStatus], config: BotConfig, now: datetime
) -> list[ScoreCard]:
    """The score cards of merged proposals, brought up to date."""
    merged = {
        fate.marker.recommendation: fate.at
        for fate in known
        if fate.status == "implemented" and fate.at is not None
    }
    with transaction(engine) as session:
        return scorekeeping.keep_score(session, merged, config, now)


def read_score(engine: Engine) -> list[ScoreCard]:
    """The score cards as they are, with nothing stored."""
    with transaction(engine) as session:
        return store.cards(session)


def remember(engine: Engine, known: Sequence[ProposalStatus], now: datetime) -> None:
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
