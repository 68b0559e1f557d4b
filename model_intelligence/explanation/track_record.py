"""How often past proposals came true that were stated with about the same chance.

The counts are those of docs/track-record.md and are written with it, by a backtest.
"""

import json
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_FILE = files("model_intelligence.explanation") / "track_record.json"


class PastProposals(NamedTuple):
    """Of `n` past proposals with a chance in the tenth from `floor` on, how many came true."""

    floor: float
    came_true: int
    n: int

    def __str__(self) -> str:
        least = round(100 * self.floor)
        chance = f"{least} % or more" if least == 90 else f"{least} to {least + 9} %"
        return f"Of past proposals at {chance}, {self.came_true} of {self.n} came true"


def past_proposals(chance: float) -> PastProposals | None:
    """The record of the chance's own tenth; None if nothing was proposed with such a chance."""
    tenth = min(int(chance * 10), 9)
    return next((each for each in _record() if round(10 * each.floor) == tenth), None)


@cache
def _record() -> tuple[PastProposals, ...]:
    return tuple(PastProposals(**tenth) for tenth in json.loads(_FILE.read_text("utf-8")))
