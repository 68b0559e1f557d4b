"""Recommendations in the database: saved once per decision, and what became of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from model_intelligence.db import take_turns
from model_intelligence.decision.values import Upgrade
from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.explanation.dossier import compile_dossier, digest, evidence_ids
from model_intelligence.explanation.recommendation import Recommendation
from model_intelligence.ledger.revisions import Ledger
from model_intelligence.models import (
    RECOMMENDATION_STATUSES,
    ModelRecommendation,
    RecommendationStatus,
)

STATUSES = Ledger(RecommendationStatus, ("recommendation_id",), order="id")
UNTOLD: dict[str, Any] = {"status": "proposed", "pull_request_url": None}
_COLUMNS = [getattr(ModelRecommendation, name) for name in Recommendation.__slots__]


def save(session: Session, upgrades: Sequence[Upgrade]) -> list[Recommendation]:
    """One row per decision, in the given order; the same decision again is the same row.

    An older open recommendation for the same use case becomes `superseded`, and one that was
    superseded is `proposed` again when its evidence returns.
    """
    if not upgrades:
        return []
    take_turns(session)
    rows = [_columns(upgrade) for upgrade in upgrades]
    # The same use case and digest is the same decision: a run that changes nothing adds no row.
    made = insert(ModelRecommendation).values(rows).on_conflict_do_nothing()
    _note(session, session.scalars(made.returning(ModelRecommendation.id)).all(), "proposed")
    digests = {row["evidence_digest"]: row["use_case"] for row in rows}
    ours = ModelRecommendation.evidence_digest.in_(digests)
    _move(session, "superseded", "proposed", ours)
    others = ModelRecommendation.use_case.in_(digests.values()) & ~ours
    _move(session, "proposed", "superseded", others)
    found = session.execute(select(*_COLUMNS).where(ours)).all()
    by_digest = {row.evidence_digest: Recommendation(*row) for row in found}
    return [by_digest[row["evidence_digest"]] for row in rows]


def _move(session: Session, before: str, after: str, which: ColumnElement[bool]) -> None:
    moved = session.scalars(
        update(ModelRecommendation)
        .where(ModelRecommendation.status == before, which)
        .values(status=after, updated_at=func.now())
        .returning(ModelRecommendation.id)
        .execution_options(synchronize_session=False)
    )
    _note(session, moved.all(), after)


def _note(session: Session, ids: Sequence[int], status: str) -> None:
    """Keeps when a status was reached; the address of a pull request stays as it was."""
    if not ids:
        return
    row = ModelRecommendation
    told = select(row.id, literal(status), row.pull_request_url).where(row.id.in_(ids))
    columns = ["recommendation_id", "status", "pull_request_url"]
    session.execute(insert(RecommendationStatus).from_select(columns, told.order_by(row.id)))


def _columns(upgrade: Upgrade) -> dict[str, Any]:
    dossier = compile_dossier(upgrade)
    candidate = upgrade.candidate
    return {
        "use_case": upgrade.assessment.use_case,
        "current_model": upgrade.assessment.current_spelling,
        "recommended_model": candidate.spelling,
        "reasoning": upgrade.reasoning,
        "composite_score": candidate.score.total,
        "expected_cost_delta_pct": candidate.cost_delta_pct,
        "expected_quality_delta_pct": candidate.quality_delta_pct,
        "confidence": candidate.score.confidence,
        "evidence": evidence_ids(dossier),
        "decision": dossier,
        "evidence_digest": digest(dossier),
    }


def find(
    session: Session,
    *,
    use_case: str | None = None,
    status: str | None = None,
    latest: bool = False,
    limit: int | None = None,
    as_of: datetime | None = None,
) -> list[Recommendation]:
    """Stored recommendations, newest first; `latest` keeps the newest of each use case.

    `as_of` leaves out those that were made later, and shows each as it stood then.
    """
    query = select(*_COLUMNS)
    if as_of is not None:
        query = query.where(ModelRecommendation.created_at <= as_of)
    if use_case is not None:
        query = query.where(ModelRecommendation.use_case == use_case)
    rows = session.execute(query.order_by(ModelRecommendation.id.desc())).all()
    found = [Recommendation(*row) for row in rows]
    if as_of is not None:
        then = _statuses(session, as_of)
        found = [replace(item, **then.get(item.id, UNTOLD)) for item in found]
    if status is not None:
        found = [item for item in found if item.status == status]
    return (_latest(found) if latest else found)[:limit]


def _statuses(session: Session, as_of: datetime) -> dict[int, dict[str, Any]]:
    """id -> what had become of it by then."""
    return {
        row.recommendation_id: {"status": row.status, "pull_request_url": row.pull_request_url}
        for row in session.scalars(STATUSES.newest(seen_by=as_of))
    }


def _latest(found: Sequence[Recommendation]) -> list[Recommendation]:
    """Of each use case's newest batch the best, in the given order."""
    best: dict[str, Recommendation] = {}
    for item in sorted(found, key=_standing):
        best[item.use_case] = item
    return [item for item in found if best[item.use_case] is item]


def _standing(item: Recommendation) -> tuple[datetime, bool, Decimal, int]:
    """What is proposed stands before what a person asked for; then the score."""
    is_proposed = item.decision["objection"] is None
    return item.created_at, is_proposed, item.composite_score, -item.id


def get(session: Session, recommendation_id: int) -> Recommendation:
    """The recommendation of that id; ModelIntelligenceError when there is none."""
    row = session.execute(
        select(*_COLUMNS).where(ModelRecommendation.id == recommendation_id)
    ).one_or_none()
    if row is None:
        raise ModelIntelligenceError(
            f"no recommendation has the id {recommendation_id}; `model-intel report` lists them"
        )
    return Recommendation(*row)


def set_status(
    session: Session,
    recommendation_id: int,
    status: str,
    pull_request_url: str | None,
    now: datetime,
    *,
    change: tuple[str, str, str] | None = None,
) -> bool:
    """Records what became of a recommendation; True when that is news. An unknown id is left.

    `change` is (use case, current model, recommended model), if known: a database that is younger
    than the pull request gives its id to something else, which is left alone then.
    """
    if status not in RECOMMENDATION_STATUSES:
        raise ValueError(status)
    row = ModelRecommendation
    query = update(row).where(
        row.id == recommendation_id,
        (row.status != status) | row.pull_request_url.is_distinct_from(pull_request_url),
    )
    if change is not None:
        told = (row.use_case, row.current_model, row.recommended_model)
        query = query.where(*(column == value for column, value in zip(told, change, strict=True)))
    changed = session.scalars(
        query.values(status=status, pull_request_url=pull_request_url, updated_at=now)
        .returning(row.id)
        .execution_options(synchronize_session=False)
    ).first()
    if changed is None:
        return False
    session.add(
        RecommendationStatus(
            recommendation_id=changed,
            status=status,
            pull_request_url=pull_request_url,
            observed_at=now,
        )
    )
    session.flush()
    return True


def keep_setting(session: Session, recommendation_id: int, setting: dict[str, Any]) -> None:
    """Stores what the body of its pull request, as written last, shows besides the decision."""
    row = ModelRecommendation
    session.execute(
        update(row)
        .where(row.id == recommendation_id, row.setting.is_distinct_from(setting))
        .values(setting=setting)
    )
