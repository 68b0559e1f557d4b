"""How likely one model is better than another: one ability for each model, from all results.

A score's logit is slope of the board * (ability + effort offset) - difficulty of the board +
errors. `estimate` finds all of these; this module holds the values and answers questions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce
from math import erf, sqrt
from operator import add
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from model_intelligence.stats.gaussian import Array

# `share`: solved tasks of all tasks, 0 to 1. `elo`: 400 points are odds of 10 to 1. `index`: a
# number of the publisher's own without a natural zero. Elo and index count by their differences.
Scale = Literal["share", "elo", "index"]
TOLERATED_POINTS = 2.0
LOGITS_PER_POINT = 0.05  # 1 point where 72 % of the tasks are solved: 0.01 / (0.72 * 0.28)
SLACK = TOLERATED_POINTS * LOGITS_PER_POINT
Z_95 = 1.96


@dataclass(frozen=True, slots=True)
class Result:
    """One published score; higher is better.

    `board` names what is comparable: benchmark, edition and harness. `effort` is None where the
    publisher does not state it, which is a class of its own. `standard_error` is in the score's
    unit, where it is published; a share's follows from `tasks`.
    """

    model: str
    publisher: str
    board: str
    kind: str
    effort: str | None
    score: float
    tasks: int | None = None
    scale: Scale = "share"
    standard_error: float | None = None


@dataclass(frozen=True, slots=True)
class Lineage:
    """What is known of a model before any result; two models that share it are expected alike.

    A line is of one maker.
    """

    model: str
    maker: str
    tier: str
    line: str
    released: date | None


@dataclass(frozen=True, slots=True)
class FitSettings:
    """Variances in squared logits, times in years; chosen on forecasts made up to May 2025."""

    trend: float = 1.0  # of the ability gained in a year
    tier: float = 0.3
    maker: float = 0.2  # fades as two release dates move apart, as does `line`
    line: float = 0.1
    own: float = 0.03
    fades_in: float = 2.0
    board: float = 0.06  # how a board differs from others of the same ability, for one model
    publisher: float = 0.06  # an error that a publisher's boards of one kind share for one model
    difficulty: float = 9.0
    effort: float = 0.5
    slope_ridge: float = 20.0  # how much evidence it takes to move a slope from 1
    later_board: float = 0.15  # of a lead on a board that is published later
    assumed_tasks: int = 150  # where a board does not publish how many tasks it has


DEFAULT = FitSettings()


@dataclass(frozen=True, slots=True)
class FittedBoard:
    """How a board turns ability into a score: logit = slope * ability - difficulty."""

    slope: float
    difficulty: float


class Effort(NamedTuple):
    """A maker's setting: `high` is not the same at two makers. None where a board states none."""

    maker: str
    effort: str | None


@dataclass(frozen=True, slots=True)
class Interval:
    """An ability in logits above the average measured model, with its 95 % interval."""

    mean: float
    low: float
    high: float


class Chances(NamedTuple):
    """The chances that each model is better than one, and at most two points worse, by row.

    None where neither of the two has a result, and for the model itself.
    """

    better: Sequence[float | None]
    not_worse: Sequence[float | None]


class Kin(NamedTuple):
    """The models of one maker: their rows, and their covariance beyond what all models share."""

    rows: slice
    covariance: "Array"


@dataclass(frozen=True, eq=False)
class Abilities:
    """The estimated abilities, and how they vary together.

    `models` gives a model's row in everything else, `measured` the models with a result. Abilities
    vary together because they rest on errors that all models share, in `loadings` (models x
    independent errors of variance 1), and because makers resemble themselves, in `kin` by row.
    Effort offsets and boards are there to recompute the estimate.
    """

    models: Mapping[str, int]
    measured: Mapping[str, int]
    mean: "Array"
    variance: "Array"
    loadings: "Array"
    kin: Sequence[Kin]
    boards: Mapping[str, FittedBoard]
    efforts: Mapping[Effort, float]
    settings: FitSettings

    def chance_better(self, current: str, candidate: str) -> float | None:
        """The chance that a later board shows the candidate above, both at one effort.

        Rounded to two digits; None where neither model has a result.
        """
        return self._chance(current, candidate, 0.0)

    def chance_not_worse(self, current: str, candidate: str) -> float | None:
        """The chance that a later board shows the candidate at most 2 points below."""
        return self._chance(current, candidate, SLACK)

    def chances(self, current: str) -> Chances:
        """All models against `current`: the chances as they are for each alone."""
        from model_intelligence.stats.gaussian import chances_above_zero  # noqa: PLC0415  # numpy

        row = self.models[current]
        leads = self.mean - self.mean[row]
        variances = self.variance + self.variance[row] - 2 * self._covariances(row)
        variances += self.settings.later_board
        known = {*self._known_against(current).values()} - {row}

        def chances_with(slack: float) -> list[float | None]:
            chances = chances_above_zero(leads + slack, variances)
            return [chance if place in known else None for place, chance in enumerate(chances)]

        return Chances(chances_with(0.0), chances_with(SLACK))

    def lead(self, current: str, candidate: str) -> tuple[float, float] | None:
        """The mean and the variance of candidate - current, in logits."""
        if candidate not in self._known_against(current):
            return None
        ours, theirs = self.models[current], self.models[candidate]
        shared = self._covariances(ours)[theirs]
        variance = self.variance[ours] + self.variance[theirs] - 2 * shared
        return float(self.mean[theirs] - self.mean[ours]), float(variance)

    def interval(self, model: str) -> Interval:
        """Where the model stands among all, for charts."""
        row, rows = self.models[model], list(self.measured.values())
        mean = float(self.mean[row] - self.mean[rows].mean())
        shared = self._covariances_with_average
        variance = self.variance[row] - 2 * shared[row] + shared[rows].mean()
        half = Z_95 * sqrt(float(variance))
        return Interval(round(mean, 2), round(mean - half, 2), round(mean + half, 2))

    def _chance(self, current: str, candidate: str, slack: float) -> float | None:
        lead = self.lead(current, candidate)
        if lead is None:
            return None
        mean, variance = lead
        # To two digits, because the last bits of the estimate differ between machines.
        return round(normal_cdf((mean + slack) / sqrt(variance + self.settings.later_board)), 2)

    def _known_against(self, current: str) -> Mapping[str, int]:
        """The models that something is known of if `current` is the other: one has a result."""
        return self.models if current in self.measured else self.measured

    def _covariances(self, row: int) -> "Array":
        """Of that model's ability with everyone's."""
        kin, among_kin = self.kin[row]
        found: Array = self.loadings @ self.loadings[row]
        found[kin] += among_kin[row - kin.start]
        return found

    @cached_property
    def _covariances_with_average(self) -> "Array":
        """Of the average measured ability with everyone's."""
        among = [self._covariances(row) for row in self.measured.values()]
        return reduce(add, among) / len(among)


def normal_cdf(z: float) -> float:
    """The chance that a standard normal variable is below z."""
    return (1 + erf(z / sqrt(2))) / 2
