"""Which of the announced ends of a model holds, when sources say different things. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from model_intelligence.naming.makers import cites_a_maker

BUNDLED = "llmshift"  # the dates that come with the program; every other source is live


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
