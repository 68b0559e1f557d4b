"""How good stated chances were: how often what was said with 90 % came true. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from model_intelligence.backtest.hindsight import mean


class Stated(NamedTuple):
    """A chance that was stated, and whether it came true."""

    chance: float
    came_true: bool


class ReliabilityBin(NamedTuple):
    """Chances of one tenth: their mean, and how many of `n` came true."""

    floor: float
    said: float
    came_true: int
    n: int

    @property
    def share(self) -> float:
        """The share that came true."""
        return self.came_true / self.n


@dataclass(frozen=True, slots=True)
class Reliability:
    """Chances against what came of them; the Brier score is 0 at best.

    `best_constant` is the Brier score of whoever always says the share that came true.
    """

    n: int
    came_true: float
    brier: float
    best_constant: float
    bins: tuple[ReliabilityBin, ...]


def brier(stated: Sequence[Stated]) -> float:
    """The mean squared distance between what was said and what came."""
    return mean([(chance - came_true) ** 2 for chance, came_true in stated])


def reliability(stated: Sequence[Stated]) -> Reliability | None:
    """The table of stated chances by tenths; None of none."""
    if not stated:
        return None
    share = mean([float(came_true) for _, came_true in stated])
    tenths: dict[int, list[Stated]] = defaultdict(list)
    for each in stated:
        tenths[min(int(each.chance * 10), 9)].append(each)
    bins = tuple(
        ReliabilityBin(
            tenth / 10,
            mean([chance for chance, _ in members]),
            sum(came_true for _, came_true in members),
            len(members),
        )
        for tenth, members in sorted(tenths.items())
    )
    return Reliability(len(stated), share, brier(stated), share * (1 - share), bins)
