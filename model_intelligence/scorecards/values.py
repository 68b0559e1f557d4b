"""What a merged proposal promised, and what our own calls show since, as values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from model_intelligence.records import RuntimeStats
from model_intelligence.stats.proportions import FEWEST_CALLS

CHECKS = (7, 14, 30)  # whole UTC days, from the day after the merge
HUNDRED = Decimal(100)

ScoreCardOutcome = Literal[
    "as_promised",
    "better",
    "missed",
    "regressed",
    "not_attributable",
    "undecided",
    "too_few_calls",
    "not_promised",
]
Basis = Literal["own calls", "list price", "no worse than before", "nothing"]


class Measure(NamedTuple):
    """What is promised, and by how much it must be worse for anybody to notice.

    `noticeable` is a share of the figure before, or of 1 for a share.
    """

    label: str
    less_is_better: bool
    noticeable: Decimal


MEASURES: Mapping[str, Measure] = {
    "usd_per_call": Measure("Cost of a call", True, Decimal("0.05")),
    "success_rate": Measure("Success", False, Decimal("0.01")),
    "p50_latency_ms": Measure("Latency, median", True, Decimal("0.1")),
    "p95_latency_ms": Measure("Latency, 95th percentile", True, Decimal("0.1")),
}


class Figure(NamedTuple):
    """A value with its 95 % interval, which is None where it is not known."""

    value: Decimal
    low: Decimal | None = None
    high: Decimal | None = None


class Conditions(NamedTuple):
    """What has to stay as it was for a comparison to be fair; None is unknown.

    Prompt tokens are a mean per call, `cached` is the share of them that was read from a cache,
    prices are US dollars per million tokens.
    """

    prompt_tokens: Decimal | None = None
    cached: Decimal | None = None
    input_usd_per_1m: Decimal | None = None
    output_usd_per_1m: Decimal | None = None
    prompt_versions: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What our own calls of one model showed over one window."""

    stats: RuntimeStats
    figures: Mapping[str, Figure]

    def figure(self, measure: str) -> Figure | None:
        """Of enough calls only."""
        return self.figures.get(measure) if self.stats.calls >= FEWEST_CALLS else None


@dataclass(frozen=True, slots=True)
class Prediction:
    """One promised figure, and that of the model before; None is not known, so not promised."""

    measure: str
    basis: Basis
    before: Figure | None
    predicted: Figure | None
    before_stats_id: int | None = None
    predicted_stats_id: int | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Actual:
    """What came of one prediction. `reasons` say why nothing follows from it."""

    measure: str
    calls: int
    figure: Figure | None
    outcome: ScoreCardOutcome
    reasons: tuple[str, ...] = ()
    stats_id: int | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """The actuals of so many days after the merge."""

    days: int
    actuals: tuple[Actual, ...]

    def of(self, measure: str) -> Actual:
        """The actual of that measure."""
        return next(each for each in self.actuals if each.measure == measure)

    @property
    def says_something(self) -> bool:
        """Whether there is any figure to show."""
        return any(each.figure is not None for each in self.actuals)


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """One merged proposal with all that was promised, and the checks that are due, in order.

    Models are spelled as in the file; `replaced` is the id of the one before.
    """

    recommendation_id: int
    use_case: str
    from_model: str
    to_model: str
    replaced: str | None
    url: str
    merged_at: datetime
    predictions: tuple[Prediction, ...]
    checks: tuple[Check, ...] = field(default=())

    @property
    def newest(self) -> Check | None:
        """The last check that is due."""
        return self.checks[-1] if self.checks else None


def window_after(merged_at: datetime, days: int) -> tuple[datetime, datetime]:
    """So many whole UTC days from the day after the merge; the end is exclusive."""
    midnight = datetime.combine(merged_at.date(), time(), tzinfo=merged_at.tzinfo)
    start = midnight + timedelta(days=1)
    return start, start + timedelta(days=days)


def due(merged_at: datetime, now: datetime) -> list[int]:
    """The checks whose days are over."""
    return [days for days in CHECKS if window_after(merged_at, days)[1] <= now]
