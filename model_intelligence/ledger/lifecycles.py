"""The ledger of announced ends, promises and deprecations: appended when a source changes one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from model_intelligence.db import add_rows
from model_intelligence.ledger.revisions import Ledger
from model_intelligence.models import ModelCatalog, ModelLifecycle
from model_intelligence.naming.lineage import line_of
from model_intelligence.naming.makers import cites_a_maker
from model_intelligence.observations.listing import Lifecycle
from model_intelligence.observations.origin import Origin
from model_intelligence.records import UNDATED

# The lists that come with the program, the newer first; every other source is live.
BUNDLED = ("llmshift", "modeldeprecations (bundled)")
LEDGER = Ledger(ModelLifecycle, ("model_id", "source"))
_FACTS = ("retires_at", "not_before", "is_deprecated", "replacement", "source_url")


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
    not_before: date | None = None
    is_deprecated: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the source took back what it had said."""
        return self.retires_at is None and self.not_before is None and not self.is_deprecated


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
    rows = LEDGER.further(stated, before, _FACTS)
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
    """The one to believe: the maker's page before collectors, live before bundled, then the first.

    The order knows only who speaks, never which date is newer: two sources that differ do not take
    turns. A date counts before a deprecation without one, and that before a promise; what another
    source calls a promise is none. One that took its date back says nothing. Of several that name
    the same date, the one that also names a replacement, of the model's own line if there is one.
    """
    known = sorted((each for each in said if not each.is_empty), key=_rank)
    promises = {each.not_before for each in known}
    dated = [each for each in known if each.retires_at is not None and _announces(each, promises)]
    if dated:
        agreeing = (each for each in dated if each.retires_at == dated[0].retires_at)
        return min(agreeing, key=_advice)
    undated = (each for each in known if each.retires_at is None)
    # LiteLLM, say, repeats promises without the replacements that others know.
    return min(undated, key=lambda end: (not end.is_deprecated, not end.replacement), default=None)


def _announces(one: Ending, promises: Collection[date | None]) -> bool:
    return one.retires_at not in promises or cites_a_maker(one.source_url)


def _advice(one: Ending) -> tuple[bool, bool]:
    """Advice before none; a successor in the model's own line before another one."""
    if one.replacement is None:
        return True, True
    return False, line_of(one.replacement, "") != line_of(one.model_id, "")


def _rank(one: Ending) -> tuple[bool, int, int]:
    # A collector's date that cites nobody is often a slip, and lasts; what a maker moves is on its
    # page, which live lists cite as well.
    bundled = BUNDLED.index(one.source) + 1 if one.source in BUNDLED else 0
    return not cites_a_maker(one.source_url), bundled, one.first_id


def _is_to_come(one: Ending, today: date) -> bool:
    day = one.retires_at or one.not_before
    return day is not None and day > today


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
        "not_before": end.not_before if end else None,
        "is_deprecated": end is not None and end.is_deprecated,
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
    columns = (ModelCatalog.model_id, ModelCatalog.lifecycle_id, ModelCatalog.is_deprecated)
    rows = session.execute(select(*columns).where(ModelCatalog.model_id.in_(ends)))
    shown = {row.model_id: row for row in rows}
    changes = [
        _catalog(model_id, end, is_deprecated=shown[model_id].is_deprecated)
        for model_id, end in ends.items()
        if shown[model_id].lifecycle_id != (end.id if end else None)
    ]
    if changes:
        session.execute(update(ModelCatalog), changes)
    return {change["model_id"] for change in changes}


def _catalog(model_id: str, end: Ending | None, *, is_deprecated: bool) -> dict[str, Any]:
    return {
        "model_id": model_id,
        "lifecycle_id": end.id if end else None,
        "is_deprecated": is_deprecated or (end is not None and end.is_deprecated),
        "retires_at": end.retires_at if end else None,
        "retires_not_before": end.not_before if end else None,
        "retirement_source": end.source_url if end else None,
        "replacement": end.replacement if end else None,
    }
