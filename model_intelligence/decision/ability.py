"""How likely one model is better than another: one ability for each model, from all results.

A score's logit is slope of the board * (ability + effort offset) - difficulty of the board +
errors. `estimate` finds all of these; this module holds the values and answers questions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import erf, sqrt
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from model_intelligence.stats.gaussian import Array

# `share`: solved tasks of all tasks, 0 to 1. `elo`: 400 points are odds of 10 to 1. `index`: a
# number of the publisher's own without a natural zero. Elo and index count by their differences.
Scale = Literal["share", "elo", "index"]
TOLERATED_POINTS = 2.0
LOGITS_PER_POINT = 0.05  # 1 point where 72 % of the tasks are solved: 0.01 / (0.72 * 0.28)
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
    """What is known of a model before any result; two models that share it are expected alike."""

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
    """The chances that a model is better than another, and at most two points worse."""

    better: float
    not_worse: float


@dataclass(frozen=True, slots=True, eq=False)
class Abilities:
    """The estimated abilities, and how they vary together.

    `measured` gives a model's column and `models` its row in `covariance`; `mean` and `variance`
    are by row. Effort offsets and boards are there to recompute the estimate.
    """

    models: Mapping[str, int]
    measured: Mapping[str, int]
    mean: "Array"
    variance: "Array"
    covariance: "Array"
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
        return self._chance(current, candidate, TOLERATED_POINTS * LOGITS_PER_POINT)

    def chances(self, current: str) -> Mapping[str, Chances]:
        """Every model with a chance against `current`: both chances, rounded as each is alone."""
        row, column = self.models[current], self.measured.get(current)
        if column is None:
            rows = {name: self.models[name] for name in self.measured}
            shared = self.covariance[row, list(self.measured.values())]
        else:
            rows = dict(self.models)
            shared = self.covariance[list(rows.values()), column]
        at = list(rows.values())
        means = self.mean[at] - self.mean[row]
        variances = self.variance[at] + self.variance[row] - 2 * shared
        leads = zip(rows, means.tolist(), variances.tolist(), strict=True)
        slack = TOLERATED_POINTS * LOGITS_PER_POINT
        return {
            name: Chances(self._above(mean, variance), self._above(mean + slack, variance))
            for name, mean, variance in leads
            if name != current
        }

    def lead(self, current: str, candidate: str) -> tuple[float, float] | None:
        """The mean and the variance of candidate - current, in logits."""
        if not {current, candidate} & self.measured.keys():
            return None
        ours, theirs = self.models[current], self.models[candidate]
        variance = (
            self.variance[ours] + self.variance[theirs] - 2 * self._shared(current, candidate)
        )
        return float(self.mean[theirs] - self.mean[ours]), float(variance)

    def interval(self, model: str) -> Interval:
        """Where the model stands among all, for charts."""
        row, columns = self.models[model], list(self.measured.values())
        rows = [self.models[other] for other in self.measured]
        mean = float(self.mean[row] - self.mean[rows].mean())
        average = float(self.covariance[rows][:, columns].mean())
        variance = self.variance[row] - 2 * self.covariance[row, columns].mean() + average
        half = Z_95 * sqrt(float(variance))
        return Interval(round(mean, 2), round(mean - half, 2), round(mean + half, 2))

    def _chance(self, current: str, candidate: str, slack: float) -> float | None:
        lead = self.lead(current, candidate)
        return None if lead is None else self._above(lead[0] + slack, lead[1])

    def _above(self, mean: float, variance: float) -> float:
        # To two digits, because the last bits of the estimate differ between machines.
        return round(normal_cdf(mean / sqrt(variance + self.settings.later_board)), 2)

    def _shared(self, one: str, other: str) -> float:
        if other not in self.measured:
            one, other = other, one
        return float(self.covariance[self.models[one], self.measured[other]])


def normal_cdf(z: float) -> float:
    """The chance that a standard normal variable is below z."""
    return (1 + erf(z / sqrt(2))) / 2
