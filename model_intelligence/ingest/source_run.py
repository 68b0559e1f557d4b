"""A run of a live source into the database: the rows of its list, and the outcome of the run.

A body whose shape changed or that lost many rows is refused whole: the earlier rows stay.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Literal

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from model_intelligence.config.aliases_yaml import Alias
from model_intelligence.errors import ShapeChanged
from model_intelligence.ingest.benchmarks import ingest_results
from model_intelligence.ingest.price_list import ingest_listings
from model_intelligence.ledger.revisions import Ledger
from model_intelligence.models import SourceRun
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped, Lifecycle, Listing, Release
from model_intelligence.observations.opinion import Opinion, Withdrawn
from model_intelligence.sentiment.ingest import ingest_opinions
from model_intelligence.sources.http import Fetched, FetchRecord, FetchResult, NotModified
from model_intelligence.sources.source import Skipped, Source

# LiteLLM's list lost 496 of some 3,200 keys within a month. A third at once is more likely to be a
# list that was cut short.
SMALLEST_SHARE = Decimal("0.7")  # of the rows of the last list that was stored
UNMATCHED = "a name that no model in the catalog has; `model-intel unmatched` lists them"
RUNS = Ledger(SourceRun, ("source",), seen="started_at", order="id")
Status = Literal["stored", "unchanged", "skipped"]


@dataclass(frozen=True, slots=True)
class _Stored:
    """How many rows were added or changed, and how many were kept out, by reason."""

    new: int
    kept_out: Mapping[str, int] = field(default_factory=dict)


_Store = Callable[[Sequence[object]], _Stored]


@dataclass(frozen=True, slots=True)
class SourceReport:
    """The outcome of one run: `rows` of its list, of which `new` were added or changed."""

    source: str
    status: Status
    reason: str | None = None
    rows: int = 0
    new: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest run of a source; `rows` and `good_at` are of its last good list."""

    source: str
    started_at: datetime
    status: str
    reason: str | None
    rows: int
    good_at: datetime | None


def previous_fetch(session: Session, source: str) -> FetchRecord | None:
    """How to ask the source only for what is newer than what is stored."""
    run = _last_good(session, source)
    return None if run is None else FetchRecord(run.digest, run.etag, run.last_modified)


def ingest_source(
    session: Session,
    source: Source,
    outcome: FetchResult,
    now: datetime,
    aliases: Sequence[Alias] = (),
) -> SourceReport:
    """Stores what was fetched and records the run; never raises for what the source contains.

    `aliases` are the names on leaderboards that people have looked up.
    """
    last = _last_good(session, source.name)
    if isinstance(outcome, Skipped):
        report = SourceReport(source.name, "skipped", outcome.reason)
    elif isinstance(outcome, NotModified) or _is_known(source, outcome, last):
        report = SourceReport(source.name, "unchanged", rows=last.rows if last else 0)
    else:
        store = partial(_store, session, source, now, aliases, version=outcome.digest)
        report = _ingest_body(session, source, outcome, last.rows if last else 0, store)
    _record(session, report, outcome, last, now)
    return report


def last_runs(session: Session, as_of: datetime | None = None) -> dict[str, LastRun]:
    """source -> its newest run, by `as_of` if it is given."""
    newest = RUNS.newest(seen_by=as_of)
    runs = session.scalars(newest).all()
    good = session.scalars(newest.where(SourceRun.status != "skipped"))
    lists = {run.source: (run.rows, run.started_at) for run in good}
    return {
        run.source: LastRun(
            run.source,
            run.started_at,
            run.status,
            run.reason,
            *lists.get(run.source, (0, None)),
        )
        for run in runs
    }


def refusal(rows: int, malformed: int, before: int) -> str | None:
    """Why a list of so many rows is not stored, or None; `before` is how many there were last."""
    if not rows:
        return "it has a new shape: no row could be read"
    if malformed > rows:
        return f"it has a new shape: {malformed:,} of {rows + malformed:,} rows could not be read"
    if rows < before * SMALLEST_SHARE:
        return f"it shrank from {before:,} to {rows:,} rows"
    return None


def _is_known(source: Source, fetched: Fetched, last: SourceRun | None) -> bool:
    """Whether the body is the last one that was stored, and would change nothing.

    A leaderboard's file given again may: somebody has reviewed names meanwhile.
    """
    if fetched.is_file and source.kind == "benchmarks":
        return False
    # By its digest, since not every server sends an ETag or answers 304.
    return last is not None and last.digest == fetched.digest


def _may_shrink(source: Source, fetched: Fetched) -> bool:
    """A search finds what there is; and an older edition of a leaderboard takes nothing back."""
    return source.kind == "opinions" or (source.kind == "benchmarks" and fetched.is_file)


def _ingest_body(
    session: Session, source: Source, fetched: Fetched, before: int, store: _Store
) -> SourceReport:
    try:
        parsed = list(source.parse(fetched.body))
    except ShapeChanged as error:
        return SourceReport(source.name, "skipped", f"it has a new shape: {error}")
    except Exception as error:  # a plug-in's parser may fail in any way
        told = f"{type(error).__name__}: {error}"
        return SourceReport(source.name, "skipped", f"its parser failed: {told}")
    rows = [row for row in parsed if not isinstance(row, Dropped)]
    gone = [row for row in parsed if isinstance(row, Dropped)]
    dropped = {**fetched.left_out, **Counter(row.reason for row in gone)}
    malformed = sum(row.malformed for row in gone)
    if source.kind == "opinions" and not malformed:  # no new post is no new shape
        reason = None
    else:
        reason = refusal(len(rows), malformed, 0 if _may_shrink(source, fetched) else before)
    if reason is None:
        done = _stored(session, rows, store)
        if isinstance(done, _Stored):
            all_out = {**dropped, **done.kept_out}
            return SourceReport(source.name, "stored", None, len(rows), done.new, all_out)
        reason = done.reason
    return SourceReport(source.name, "skipped", reason, len(rows), 0, dropped)


def _store(
    session: Session,
    source: Source,
    now: datetime,
    aliases: Sequence[Alias],
    rows: Sequence[object],
    *,
    version: str,
) -> _Stored:
    """Stores the rows by what they are; `version` is the digest that the run is recorded with."""
    if source.kind == "benchmarks":
        results = [row for row in rows if isinstance(row, BenchmarkRow)]
        report = ingest_results(session, source, results, now, aliases, version=version)
        unmatched = {UNMATCHED: len(report.unmatched)} if report.unmatched else {}
        return _Stored(report.new, {**report.dropped, **unmatched})
    if source.kind == "opinions":
        posts = [row for row in rows if isinstance(row, (Opinion, Withdrawn))]
        signals = ingest_opinions(session, source.name, posts, now, aliases)
        return _Stored(signals.new, signals.kept_out)
    known = [row for row in rows if isinstance(row, (Listing, Lifecycle, Release))]
    listed = ingest_listings(session, source.name, known, now, version)
    new = listed.models_new + listed.models_changed + listed.prices_new
    return _Stored(new, listed.dropped)


def _stored(session: Session, rows: Sequence[object], store: _Store) -> _Stored | Skipped:
    """Stores all rows or none, so that a source's failure touches no other source's rows."""
    try:
        with session.begin_nested():
            return store(rows)
    except (DataError, IntegrityError) as error:
        return Skipped(f"the database refused a value: {_first_line(error.orig)}")
    except ValueError as error:  # psycopg2 raises this for a text with a NUL
        return Skipped(f"the database refused a value: {_first_line(error)}")


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().partition("\n")[0]


def _record(
    session: Session,
    report: SourceReport,
    outcome: FetchResult,
    last: SourceRun | None,
    now: datetime,
) -> None:
    """Keeps the validators of the last good list unless this one is stored or the same."""
    run = SourceRun(
        source=report.source,
        started_at=now,
        status=report.status,
        reason=report.reason,
        rows=report.rows,
        dropped=dict(report.dropped),
    )
    if isinstance(outcome, Fetched):
        run.digest, run.etag = outcome.digest, outcome.etag
        run.last_modified = outcome.last_modified
    elif isinstance(outcome, NotModified) and last is not None:
        run.digest, run.etag, run.last_modified = last.digest, last.etag, last.last_modified
    session.add(run)
    session.flush()


def _last_good(session: Session, source: str) -> SourceRun | None:
    good: Iterable[SourceRun] = session.scalars(
        select(SourceRun)
        .where(SourceRun.source == source, SourceRun.status != "skipped")
        .order_by(SourceRun.id.desc())
        .limit(1)
    )
    return next(iter(good), None)
