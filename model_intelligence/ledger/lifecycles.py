"""The ledger of announced ends: appended when a source moves one or takes it back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from model_intelligence.db import add_rows
from model_intelligence.ledger.revisions import Ledger
from model_intelligence.models import ModelCatalog, ModelLifecycle
from model_intelligence.naming.makers import cites_a_maker
from model_intelligence.observations.listing import Lifecycle
from model_intelligence.observations.origin import Origin
from model_intelligence.records import UNDATED

BUNDLED = "llmshift"  # the dates that come with the program; every other source is live
LEDGER = Ledger(ModelLifecycle, ("model_id", "source"))


@dataclass(frozen=True, slots=True)
class Ending:
    """The newest that one source says of a model's end; `first_id` is its first row on it."""

    id: int
    model_id: str
    source: str
    revision: int
    retires_at: date | None
    replacement: str | None
    source_url: str | None
    first_id: int


@dataclass(frozen=True, slots=True)
class StatedEnds:
    """What one list says: model id -> its end, and whether what it leaves out is taken back."""

    ends: Mapping[str, Lifecycle]
    is_whole: bool


def store_ends(session: Session, origin: Origin, said: StatedEnds, now: datetime) -> set[str]:
    """Appends what is new, and the ids of the models whose end in the catalog it changed.

    A source that no longer lists an end that is still to come took it back. One that has passed
    stays: lists drop the models that are gone.
    """
    before = {LEDGER.key_of(end): end for end in endings(session) if end.source == origin.source}
    first = said.ends.keys() - {end.model_id for end in before.values()}
    stated = [_row(id_, end, origin, now, is_first=id_ in first) for id_, end in said.ends.items()]
    if said.is_whole:
        stated += [
            _row(end.model_id, None, origin, now, is_first=False)
            for end in before.values()
            if end.model_id not in said.ends and _is_to_come(end, now.date())
        ]
    rows = LEDGER.further(stated, before, ("retires_at", "replacement", "source_url"))
    if not rows:
        return set()
    add_rows(session, ModelLifecycle, rows)
    return _show(session, {row["model_id"] for row in rows})


def endings(session: Session, seen_by: datetime | None = None) -> list[Ending]:
    """The newest that each source had said of each model by `seen_by`, or by now."""
    row = ModelLifecycle
    # A window function is evaluated before DISTINCT ON, so it sees all revisions, not the newest
    # alone.
    first = func.min(row.id).over(partition_by=[row.model_id, row.source]).label("first_id")
    columns = [getattr(row, name) for name in Ending.__slots__ if name != "first_id"]
    found = session.execute(LEDGER.newest(*columns, first, seen_by=seen_by))
    return [Ending(**ending._asdict()) for ending in found]


def held(said: Iterable[Ending]) -> dict[str, Ending | None]:
    """model id -> the end that holds."""
    by_model: dict[str, list[Ending]] = defaultdict(list)
    for one in said:
        by_model[one.model_id].append(one)
    return {model_id: which_holds(each) for model_id, each in by_model.items()}


def which_holds(said: Iterable[Ending]) -> Ending | None:
    """The one to believe: live before bundled, the maker's page before collectors, then the first.

    The order knows only who speaks, never which date is newer: two sources that differ do not take
    turns. One that took its date back says nothing, and the next one's holds. Of several that name
    the same date, the one that also names a replacement.
    """
    ranked = sorted((one for one in said if one.retires_at is not None), key=_rank)
    agreeing = (one for one in ranked if one.retires_at == ranked[0].retires_at)
    return min(agreeing, key=lambda one: one.replacement is None, default=None)


def _rank(one: Ending) -> tuple[bool, bool, int]:
    return one.source == BUNDLED, not cites_a_maker(one.source_url), one.first_id


def _is_to_come(one: Ending, today: date) -> bool:
    return one.retires_at is not None and one.retires_at > today


def _row(
    model_id: str, end: Lifecycle | None, origin: Origin, now: datetime, *, is_first: bool
) -> dict[str, Any]:
    announced = end.announced_on if end else None
    # An end that is seen for the first time may have been announced long ago; a change of it is
    # news.
    undated = UNDATED if is_first else now
    return {
        "model_id": model_id,
        "source": origin.source,
        "retires_at": end.retires_at if end else None,
        "replacement": end.replacement if end else None,
        "source_url": end.source_url if end else None,
        "source_version": origin.version,
        "raw": end.raw if end else None,
        "effective_at": datetime.combine(announced, time(), UTC) if announced else undated,
        "observed_at": now,
    }


def _show(session: Session, models: set[str]) -> set[str]:
    """Brings the catalog in line with the ledger; the ids of the models that it changed."""
    ends = {model: end for model, end in held(endings(session)).items() if model in models}
    columns = (ModelCatalog.model_id, ModelCatalog.lifecycle_id)
    rows = session.execute(select(*columns).where(ModelCatalog.model_id.in_(ends)))
    shown = {row.model_id: row.lifecycle_id for row in rows}
    changes = [
        _catalog(model_id, end)
        for model_id, end in ends.items()
        if shown[model_id] != (end.id if end else None)
    ]
    if changes:
        session.execute(update(ModelCatalog), changes)
    return {change["model_id"] for change in changes}


def _catalog(model_id: str, end: Ending | None) -> dict[str, Any]:
    return {
        "model_id": model_id,
        "lifecycle_id": end.id if end else None,
        "retires_at": end.retires_at if end else None,
        "retirement_source": end.source_url if end else None,
        "replacement": end.replacement if end else None,
    }
