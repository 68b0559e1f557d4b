"""Each day of telemetry folded once into partials, and again only when its calls changed.

Whoever writes calls leaves a mark of its own on their days (a trigger). A day's marks go and its
partials come in one transaction, marks first: what is written meanwhile leaves a mark that stays.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Engine, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from model_intelligence.db import copy_rows, take_turns, transaction
from model_intelligence.models import (
    TelemetryDaily,
    TelemetryFold,
    TelemetryHistogram,
    TelemetrySpan,
    TelemetryStaleDay,
)
from model_intelligence.naming.snapshots import pinned_names
from model_intelligence.telemetry.engines import Events, FoldedRow
from model_intelligence.telemetry.engines.fold_sql import COLUMNS, FOLD, KEY, LOOK, LOOKED_AT, SUMS
from model_intelligence.telemetry.engines.postgres import ALONE, PostgresEvents

DAY = timedelta(days=1)
AT_ONCE = 2  # connections that fold a backlog: a server that also serves others keeps the rest
DAYS_A_TURN = 8
# A price that starts at midnight UTC needs no cut, because every day is folded by itself. Costs are
# only ever counted in dollars.
NO_MIDNIGHT = "currency = 'USD' AND effective_at <> date_trunc('day', effective_at, 'UTC')"
# Without a cut, the calls of a morning would be billed at the price of that day's evening.
CUTS = f"""
SELECT DISTINCT effective_at FROM model_pricing
WHERE {NO_MIDNIGHT} AND effective_at >= :since AND effective_at < :until
ORDER BY effective_at
"""
# Prices that became known after the day was folded, and are of a model that was called then.
UNCUT = f"""
SELECT DISTINCT f.day FROM model_pricing p
JOIN telemetry_folds f ON f.day = CAST(p.effective_at AT TIME ZONE 'UTC' AS date)
    AND NOT p.effective_at = ANY (f.cuts)
WHERE {NO_MIDNIGHT} AND EXISTS (
    SELECT FROM telemetry_daily d WHERE d.day = f.day AND d.provider = p.provider
        AND (
            lower(d.model) IN (lower(p.model_id), lower(p.provider_model_id))
            OR CAST(:pinned AS jsonb) ->> lower(d.model) = lower(p.model_id)
        )
)
"""
# Counting is much cheaper than folding: a place without marks is asked for these figures first, and
# only days whose counts differ are folded.
KNOWN = f"""
SELECT day, {", ".join(f"coalesce(sum({name}), 0)" for name in LOOKED_AT)}
FROM telemetry_daily WHERE day >= :first AND day < :after GROUP BY day
"""
GROUP = slice(0, 4)  # of a row: provider, model, role, use case
MEASURE, HISTOGRAM = COLUMNS.index("measure"), COLUMNS.index("histogram")
CALLS = COLUMNS.index("calls")


@dataclass(frozen=True, slots=True)
class FoldReport:
    """How many days were folded, with how many calls; `kept` have lost calls to retention."""

    days: int = 0
    calls: int = 0
    kept: tuple[date, ...] = ()

    def __add__(self, other: "FoldReport") -> "FoldReport":
        return FoldReport(self.days + other.days, self.calls + other.calls, self.kept + other.kept)


NOTHING = FoldReport()


def fold_new_days(
    session: Session,
    now: datetime,
    *,
    events: Events | None = None,
    between: tuple[datetime, datetime] | None = None,
) -> FoldReport:
    """Folds the days whose calls or price changes are not in the partials yet, oldest first.

    `events` are kept elsewhere than in the own table; those leave no marks, and are looked through
    `between` two midnights. Runs at once take turns.
    """
    take_turns(session)
    if events is None or between is None:
        source: Events = PostgresEvents(session.connection())
        stale = _marked(session)
    else:
        source, stale = events, _differing(session, events, *between)
    report = NOTHING
    for day in sorted(stale):
        report += _fold(session, source, day, now, own=events is None)
    return report


def catch_up(
    engine: Engine, now: datetime, after_each: Callable[[FoldReport], object] | None = None
) -> FoldReport:
    """Folds the own table's stale days, a transaction each: a kill costs a day's work or two.

    Other runs get their turn between DAYS_A_TURN; `after_each` day is told what was done so far.
    """
    report, days = NOTHING, [now.date()]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while days:
            with transaction(engine) as turn:
                take_turns(turn)
                days = sorted(_marked(turn))[:DAYS_A_TURN]
                for step in pool.map(lambda day: _fold_alone(engine, day, now), days):
                    report += step
                    if after_each:
                        after_each(report)
    return report


def _fold_alone(engine: Engine, day: date, now: datetime) -> FoldReport:
    with transaction(engine) as session:
        events = PostgresEvents(session.connection(), ALONE)
        return _fold(session, events, day, now, own=True)


def pieces(day: date, cuts: Sequence[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """A UTC day cut where prices change, so that all of a piece is priced alike."""
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    ends = (midnight, *cuts, midnight + DAY)
    yield from pairwise(ends)


def _marked(session: Session) -> set[date]:
    marked = session.scalars(select(TelemetryStaleDay.day).distinct())
    return {*marked, *_uncut(session)}


def _uncut(session: Session) -> set[date]:
    return set(session.scalars(text(UNCUT), {"pinned": json.dumps(pinned_names())}))


def _differing(session: Session, events: Events, start: datetime, end: datetime) -> set[date]:
    """Days whose counts there are not those of the partials; a day that is gone there is kept."""
    values = {"first": start.date(), "after": end.date()}
    known = {row[0]: _counts(row) for row in session.execute(text(KNOWN), values)}
    there = {
        start.date() + timedelta(days=row[0]): _counts(row) for row in events.run(LOOK, start, end)
    }
    uncut = _uncut(session) & there.keys()
    return {day for day, counts in there.items() if known.get(day) != counts} | uncut


def _counts(row: Sequence[Any]) -> tuple[int, ...]:
    return tuple(int(count or 0) for count in row[1:])


def _fold(session: Session, events: Events, day: date, now: datetime, *, own: bool) -> FoldReport:
    marks = delete(TelemetryStaleDay).where(TelemetryStaleDay.day == day)
    removed = not own or any(session.scalars(marks.returning(TelemetryStaleDay.removed)).all())
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    cuts = session.scalars(text(CUTS), {"since": midnight, "until": midnight + DAY}).all()
    found = [
        (since, row) for since, until in pieces(day, cuts) for row in _run(events, since, until)
    ]
    calls = sum(int(row[CALLS]) for _, row in found if row[MEASURE] is None)
    before = session.scalar(select(TelemetryFold.calls).where(TelemetryFold.day == day)) or 0
    kept = calls < before and not removed  # its calls were dropped, which leaves no mark
    if not kept:
        _replace(session, day, found)
    values = {"calls": before if kept else calls, "cuts": list(cuts), "folded_at": now}
    session.execute(
        insert(TelemetryFold)
        .values(day=day, **values)
        .on_conflict_do_update(index_elements=[TelemetryFold.day], set_=values)
    )
    return FoldReport(kept=(day,)) if kept else FoldReport(1, calls)


def _run(events: Events, since: datetime, until: datetime) -> Iterable[FoldedRow]:
    return events.run(FOLD, since, until)


def _replace(session: Session, day: date, found: Sequence[tuple[datetime, FoldedRow]]) -> None:
    # A span holds the sum of all its days. It is deleted with any of them, and merged again when a
    # window next needs it.
    spans = delete(TelemetrySpan).where(TelemetrySpan.first <= day, TelemetrySpan.after > day)
    session.execute(spans)
    for table in (TelemetryDaily, TelemetryHistogram):
        session.execute(delete(table).where(table.day == day))
    # FOLD returns two kinds of rows in one result: `measure` is NULL in a group's sums, and names
    # what was measured in a histogram.
    sums = [(day, since, *row[:MEASURE]) for since, row in found if row[MEASURE] is None]
    histograms = [
        (day, since, *row[GROUP], row[MEASURE], f"{{{row[HISTOGRAM]}}}")
        for since, row in found
        if row[MEASURE] is not None
    ]
    copy_rows(session, "telemetry_daily", ("day", "since", *KEY, *SUMS), sums)
    of_histograms = ("day", "since", *KEY[GROUP], "measure", "histogram")
    copy_rows(session, "telemetry_histograms", of_histograms, histograms)
