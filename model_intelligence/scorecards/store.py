"""Score cards in the database: promises frozen at the merge, actuals appended when they change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from model_intelligence.db import add_rows
from model_intelligence.ledger.revisions import Ledger
from model_intelligence.models import (
    MergedProposal,
    ModelRecommendation,
    ProposalActual,
    ProposalPrediction,
)
from model_intelligence.scorecards import values as scorecard
from model_intelligence.scorecards.values import (
    Actual,
    Check,
    Conditions,
    Figure,
    Prediction,
    ScoreCard,
    window_after,
)

ACTUALS = Ledger(ProposalActual, ("recommendation_id", "days", "measure"))

CHECKED = """
SELECT m.recommendation_id, a.days FROM merged_proposals m
JOIN proposal_actuals a USING (recommendation_id) GROUP BY 1, 2
"""
FOLDED_AT = "SELECT max(folded_at) FROM telemetry_folds WHERE day >= :first AND day < :after"


@dataclass(frozen=True, slots=True)
class Merged:
    """A recommendation that was merged; `decision` is the stored dossier."""

    id: int
    use_case: str
    merged_at: datetime
    decision: Mapping[str, Any]


class Promise(NamedTuple):
    """What a merged proposal promised: of whose calls, under which conditions, which figures."""

    scope: str | None
    conditions: Conditions
    predictions: Sequence[Prediction]


def not_frozen(session: Session, merged: Mapping[int, datetime]) -> list[Merged]:
    """Those of the merged recommendations whose promises are not kept yet."""
    row = ModelRecommendation
    frozen = select(MergedProposal.recommendation_id)
    query = select(row.id, row.use_case, row.decision).where(
        row.id.in_(merged), row.status == "implemented", row.id.not_in(frozen)
    )
    return [
        Merged(one.id, one.use_case, merged[one.id], one.decision)
        for one in session.execute(query.order_by(row.id))
    ]


def freeze(session: Session, item: Merged, kept: Promise, now: datetime) -> None:
    """Keeps what was promised, for ever as it was then."""
    session.execute(
        insert(MergedProposal).values(
            recommendation_id=item.id,
            merged_at=item.merged_at,
            scope=kept.scope,
            conditions=_stored(kept.conditions),
            observed_at=now,
        )
    )
    rows = [
        {
            "recommendation_id": item.id,
            "measure": each.measure,
            "basis": each.basis,
            **_columns("before", each.before),
            "before_stats_id": each.before_stats_id,
            **_columns("predicted", each.predicted),
            "predicted_stats_id": each.predicted_stats_id,
            "observed_at": now,
        }
        for each in kept.predictions
    ]
    add_rows(session, ProposalPrediction, rows)


def promise(session: Session, recommendation_id: int) -> Promise:
    """What was kept of a merged proposal."""
    row = session.get_one(MergedProposal, recommendation_id)
    predicted = predictions(session, [recommendation_id])[recommendation_id]
    return Promise(row.scope, _restored(row.conditions), predicted)


def _stored(conditions: Conditions) -> dict[str, Any]:
    versions = conditions.prompt_versions
    plain = {
        name: None if value is None else str(value)
        for name, value in conditions._asdict().items()
        if name != "prompt_versions"
    }
    return {**plain, "prompt_versions": None if versions is None else sorted(versions)}


def _restored(stored: Mapping[str, Any]) -> Conditions:
    versions = stored["prompt_versions"]
    plain = {
        name: None if value is None else Decimal(value)
        for name, value in stored.items()
        if name != "prompt_versions"
    }
    return Conditions(**plain, prompt_versions=None if versions is None else frozenset(versions))


def _columns(name: str, figure: Figure | None) -> dict[str, Decimal | None]:
    value, low, high = figure or (None, None, None)
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def owed(session: Session, now: datetime) -> list[tuple[Merged, int]]:
    """The checks whose days are over and that are not stored, or whose calls changed since."""
    checked: dict[int, set[int]] = defaultdict(set)
    for recommendation_id, days in session.execute(text(CHECKED)):
        checked[recommendation_id].add(days)
    row, merge = ModelRecommendation, MergedProposal
    query = select(merge.merged_at, merge.looked_at, row.id, row.use_case, row.decision)
    found = []
    for one in session.execute(query.join(merge, merge.recommendation_id == row.id)):
        item = Merged(one.id, one.use_case, one.merged_at, one.decision)
        found += [
            (item, days)
            for days in scorecard.due(one.merged_at, now)
            if days not in checked[one.id] or _changed(session, item, days, one.looked_at)
        ]
    return found


def _changed(session: Session, item: Merged, days: int, looked_at: datetime) -> bool:
    start, end = window_after(item.merged_at, days)
    folded = session.scalar(text(FOLDED_AT), {"first": start.date(), "after": end.date()})
    # Late calls make a day stale, and it is folded again.
    return folded is not None and folded > looked_at


def append(
    session: Session, recommendation_id: int, days: int, found: Iterable[Actual], now: datetime
) -> None:
    """Adds what is new or other than its newest revision."""
    check = {"recommendation_id": recommendation_id, "days": days}
    stored = _newest(session, [recommendation_id], None, days)
    before = {ACTUALS.key_of(row): row for row in stored}
    figures: list[str] = []
    rows = []
    for actual in found:
        values = {
            "calls": actual.calls,
            **_columns("actual", actual.figure),
            "stats_id": actual.stats_id,
            "outcome": actual.outcome,
            "reasons": list(actual.reasons),
        }
        figures = list(values)
        rows.append({**check, "measure": actual.measure, "observed_at": now, **values})
    add_rows(session, ProposalActual, ACTUALS.further(rows, before, figures))
    # Also if nothing changed, or the same calls would be compared on every run.
    looked = update(MergedProposal).where(MergedProposal.recommendation_id == recommendation_id)
    session.execute(looked.values(looked_at=now))


def cards(
    session: Session, *, use_case: str | None = None, as_of: datetime | None = None
) -> list[ScoreCard]:
    """All score cards, the newest merge first; `as_of` sees only what had been stored by then."""
    row, merge = ModelRecommendation, MergedProposal
    query = select(row, merge.merged_at).join(merge, merge.recommendation_id == row.id)
    if use_case is not None:
        query = query.where(row.use_case == use_case)
    if as_of is not None:
        query = query.where(merge.observed_at <= as_of)
    found = session.execute(query.order_by(merge.merged_at.desc(), row.id.desc())).all()
    ids = [item.id for item, _ in found]
    promised, came = predictions(session, ids, as_of), _checks(session, ids, as_of)
    return [
        ScoreCard(
            recommendation_id=item.id,
            use_case=item.use_case,
            from_model=item.current_model,
            to_model=item.recommended_model,
            replaced=item.decision["current"]["model_id"],
            url=item.pull_request_url or "",
            merged_at=merged_at,
            predictions=tuple(promised[item.id]),
            checks=tuple(came[item.id]),
        )
        for item, merged_at in found
    ]


def predictions(
    session: Session, ids: Sequence[int], as_of: datetime | None = None
) -> Mapping[int, list[Prediction]]:
    """recommendation id -> what it promised."""
    row = ProposalPrediction
    query = select(row).where(row.recommendation_id.in_(ids)).order_by(row.id)
    if as_of is not None:
        query = query.where(row.observed_at <= as_of)
    found: dict[int, list[Prediction]] = defaultdict(list)
    for one in session.scalars(query):
        found[one.recommendation_id].append(
            Prediction(
                measure=one.measure,
                basis=one.basis,  # type: ignore[arg-type]  # written by `freeze`
                before=_figure(one, "before"),
                predicted=_figure(one, "predicted"),
                before_stats_id=one.before_stats_id,
                predicted_stats_id=one.predicted_stats_id,
                id=one.id,
            )
        )
    return found


def _figure(row: object, name: str) -> Figure | None:
    value, low, high = (getattr(row, f"{name}{end}") for end in ("", "_low", "_high"))
    return None if value is None else Figure(value, low, high)


def _checks(
    session: Session, ids: Sequence[int], as_of: datetime | None
) -> Mapping[int, list[Check]]:
    by_check: dict[tuple[int, int], list[Actual]] = defaultdict(list)
    order = list(scorecard.MEASURES)
    rows = _newest(session, ids, as_of)
    for one in sorted(rows, key=lambda one: (one.days, order.index(one.measure))):
        by_check[one.recommendation_id, one.days].append(
            Actual(
                measure=one.measure,
                calls=one.calls,
                figure=_figure(one, "actual"),
                outcome=one.outcome,  # type: ignore[arg-type]  # the table allows no other
                reasons=tuple(one.reasons),
                stats_id=one.stats_id,
                id=one.id,
            )
        )
    found: dict[int, list[Check]] = defaultdict(list)
    for (recommendation_id, days), listed in by_check.items():
        found[recommendation_id].append(Check(days, tuple(listed)))
    return found


def _newest(
    session: Session, ids: Sequence[int], as_of: datetime | None, days: int | None = None
) -> Sequence[ProposalActual]:
    """The newest revision of each actual."""
    row = ProposalActual
    query = ACTUALS.newest(seen_by=as_of).where(row.recommendation_id.in_(ids))
    return session.scalars(query if days is None else query.where(row.days == days)).all()
