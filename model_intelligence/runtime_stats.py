"""Our own traffic over a window: the sum of its days, one row per model and role or use case."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from model_intelligence.db import add_rows
from model_intelligence.ledger.runtime import LEDGER
from model_intelligence.models import ModelRuntimeStats
from model_intelligence.telemetry.aggregate import window as telemetry_window
from model_intelligence.telemetry.aggregate.answered_by import drifts
from model_intelligence.telemetry.aggregate.days import NOTHING, FoldReport, fold_new_days
from model_intelligence.telemetry.aggregate.figures import Group, figures
from model_intelligence.telemetry.engines import Events

_Figures = Mapping[Group, Mapping[str, Any]]  # the columns of each group's row


@dataclass(frozen=True, slots=True)
class RuntimeReport:
    """What a run did, over which window (aware UTC, the end exclusive).

    `drifts` are sentences on models that answered under another name than was asked for.
    """

    window_start: datetime
    window_end: datetime
    new: int
    changed: int
    folded: FoldReport = NOTHING
    drifts: tuple[str, ...] = ()


def window(now: datetime, window_days: int) -> tuple[datetime, datetime]:
    """The last `window_days` whole UTC days up to and including today."""
    end = datetime.combine(now.date(), time(), tzinfo=now.tzinfo) + timedelta(days=1)
    return end - timedelta(days=window_days), end


def compute_runtime_stats(
    session: Session, *, window_days: int, now: datetime, events: Events | None = None
) -> RuntimeReport:
    """Folds what is new and sums the window; the same calls again add no row, others a revision.

    `events` are where the calls are, `llm_usage_events` by default. Costs are USD at the price in
    force when the call was made (the recorded cost where no price is known), success is the
    application's verdict where there is one, else the transport's.
    """
    start, end = window(now, window_days)
    folded = fold_new_days(session, now, events=events, between=(start, end))
    sums = telemetry_window.priced_sums(session, start, end)
    found = figures(sums, telemetry_window.histograms(session, start, end))
    added = _append(session, start, end, found, now)
    return RuntimeReport(start, end, added[True], added[False], folded, drifts(sums))


def store(
    session: Session, start: datetime, end: datetime, found: _Figures, now: datetime
) -> dict[Group, ModelRuntimeStats]:
    """Keeps what a window showed of some groups, and returns their rows."""
    _append(session, start, end, found, now)
    held = _held(session, start, end)
    rows = {Group(*key[2:]): row for key, row in held.items()}
    return {group: rows[group] for group in found}


def _append(
    session: Session, start: datetime, end: datetime, found: _Figures, now: datetime
) -> Counter[bool]:
    """Appends what is new or other than before; how many rows are of a group not seen before."""
    window = {"window_start": start, "window_end": end, "computed_at": now}
    rows = [{**window, **group._asdict(), **columns} for group, columns in found.items()]
    figures = list(next(iter(found.values()), ()))  # each group has the same
    added = LEDGER.further(rows, _held(session, start, end) if found else {}, figures)
    add_rows(session, ModelRuntimeStats, added)
    return Counter(row["revision"] == 1 for row in added)


def _held(
    session: Session, start: datetime, end: datetime
) -> dict[tuple[Any, ...], ModelRuntimeStats]:
    """The newest revision of each group over that window."""
    table = ModelRuntimeStats
    return LEDGER.by_key(session, table.window_start == start, table.window_end == end)
