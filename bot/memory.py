"""What the database stores about proposals; GitHub is the authority on what became of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.plan.items import Outcome, Wanted
from bot.plan.plan import ProposalStatus
from bot.pull_request.marker import Marker
from model_intelligence import recommendations
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.db import transaction
from model_intelligence.decision.values import Decision, Keep, Upgrade
from model_intelligence.explanation.recommendation import Recommendation
from model_intelligence.scorecards import keep as scorekeeping
from model_intelligence.scorecards import store
from model_intelligence.scorecards.values import ScoreCard


def save(engine: Engine, decisions: Sequence[Decision]) -> list[Wanted]:
    """Stores each upgrade once, and says what every use case should have."""
    with transaction(engine) as session:
        return _saved(session, decisions)


def would_save(engine: Engine, decisions: Sequence[Decision]) -> list[Wanted]:
    """What `save` returns, with nothing stored."""
    with Session(engine) as session:  # never committed
        return _saved(session, decisions)


def _saved(session: Session, decisions: Sequence[Decision]) -> list[Wanted]:
    upgrades = [decision for decision in decisions if isinstance(decision, Upgrade)]
    stored = {item.use_case: item for item in recommendations.save(session, upgrades)}
    return [_wanted(decision, stored) for decision in decisions]


def _wanted(decision: Decision, stored: Mapping[str, Recommendation]) -> Wanted:
    seen, end = decision.assessment, decision.deadline
    if isinstance(decision, Keep):
        return Wanted(seen.use_case, seen.current_spelling, decision.reason, deadline=end)
    item = stored[seen.use_case]
    reason = item.decision["verdict"]
    since = decision.candidate.known_since
    return Wanted(seen.use_case, seen.current_spelling, reason, item, end, since)


def keep_score(
    engine: Engine, statuses: Sequence[ProposalStatus], config: BotConfig, now: datetime
) -> list[ScoreCard]:
    """The score cards of merged proposals, brought up to date."""
    merged = {
        proposal.marker.recommendation: proposal.at
        for proposal in statuses
        if proposal.status == "implemented" and proposal.at is not None
    }
    with transaction(engine) as session:
        return scorekeeping.keep_score(session, merged, config, now)


def read_score(engine: Engine) -> list[ScoreCard]:
    """The score cards as they are, with nothing stored."""
    with transaction(engine) as session:
        return store.cards(session)


def remember(engine: Engine, statuses: Sequence[ProposalStatus], now: datetime) -> None:
    """Stores what became of recommendations, as GitHub shows it."""
    with transaction(engine) as session:
        for proposal in statuses:
            _set_status(session, proposal.marker, proposal.status, proposal.url, now)


def remember_written(engine: Engine, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Stores which proposals GitHub shows now, and what their bodies were written from.

    Every run does so, even for a body that it left alone: an earlier one may have been stopped
    between GitHub and the database.
    """
    with transaction(engine) as session:
        for outcome in outcomes:
            proposal, pull = outcome.written_proposal, outcome.pull_request
            if proposal is not None and pull is not None:
                _set_status(session, proposal.marker, "proposed", pull.url, now)
                setting = proposal.setting.stored()
                recommendations.keep_setting(session, proposal.marker.recommendation, setting)


def _set_status(session: Session, marker: Marker, status: str, url: str, now: datetime) -> None:
    change = (marker.use_case, marker.from_model, marker.to_model)
    recommendations.set_status(session, marker.recommendation, status, url, now, change=change)
