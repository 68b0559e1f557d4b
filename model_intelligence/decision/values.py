"""The values of a decision: scores, candidates, verdicts, Upgrade and Keep."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, Protocol

from model_intelligence.config.bot_yaml import Policy
from model_intelligence.decision.evidence_age import NO_RESULT, NewestResult
from model_intelligence.records import BenchmarkResult, Model, Price, RuntimeStats, Signal, TokenMix
from model_intelligence.stats.proportions import Verdict


@dataclass(frozen=True, slots=True)
class Part:
    """One component of the score: its value in 0..1, why, and the records it rests on."""

    value: Decimal
    reason: str
    record_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """The published score with every part kept.

    `settled` is the total with sentiment taken as neutral: what verdicts rest on.
    """

    price: Part
    benchmark: Part
    runtime: Part
    sentiment: Part
    total: Decimal
    settled: Decimal
    confidence: Decimal


class Outlook(NamedTuple):
    """How a candidate compares with the current model before anybody reads a single benchmark.

    `better` and `not_worse` are the estimated chances that it is better, and at most two points
    worse; None where neither model has a result. `age_days` is its release date minus the current
    model's, None where one of them is unknown. `moves` is what else would change.
    """

    better: float | None
    not_worse: float | None
    both_measured: bool
    released: date | None
    age_days: int | None
    moves: Literal["provider", "maker"] | None
    same_line: bool
    same_tier: bool
    fits_the_work: bool

    @property
    def is_older(self) -> bool:
        """Whether it was released before the current model, as far as that is known."""
        return self.age_days is not None and self.age_days < 0


UNKNOWN_OUTLOOK = Outlook(None, None, False, None, None, None, False, False, True)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that may be called, scored against the current one.

    Deltas are percentages of the current model's value: negative cost is cheaper, positive
    quality is better, `None` is not comparable. `known_since` is the earliest day on which the
    model is known to have existed. `verdict` is what our own traffic shows of task success.
    """

    model: Model
    price: Price
    spelling: str
    score: Score
    cost_delta_pct: Decimal | None
    quality_delta_pct: Decimal | None
    known_since: date | None
    compared: tuple[tuple[BenchmarkResult, BenchmarkResult], ...] = ()
    signals: tuple[Signal, ...] = ()
    verdict: Verdict | None = None
    runtime: RuntimeStats | None = None
    outlook: Outlook = UNKNOWN_OUTLOOK
    newest_result: NewestResult = NO_RESULT


class _Outlooks(Protocol):
    def of(self, other: Model, price: Price, /) -> Outlook: ...


class RankedCandidate(NamedTuple):
    """What decides about a candidate, without the words that explain it.

    `shared` counts the benchmarks that both models were measured by; `is_measured` is whether
    those, or enough of our own calls, tell its quality.
    """

    model: Model
    price: Price
    spelling: str
    usd_per_call: Decimal
    cost_delta_pct: Decimal | None
    total: Decimal
    settled: Decimal
    shared: int
    is_measured: bool
    runtime: RuntimeStats | None
    verdict: Verdict | None
    outlooks: _Outlooks | None

    @property
    def outlook(self) -> Outlook:
        """How it compares with the current model: worked out when it is asked for."""
        return self.outlooks.of(self.model, self.price) if self.outlooks else UNKNOWN_OUTLOOK


@dataclass(frozen=True, slots=True)
class Excluded:
    """A model that may not be proposed, and the sentence that says why."""

    model_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """One use case assessed: staying, the ranked candidates, and those left out.

    `ranked` are the same candidates in the same order, best first, in the short form that ranking
    needs.
    `snapshot` is the dated id by which the config names the current model, if it does; `advised` is
    the model that its maker names as its replacement; `points_to` what a rolling name means now.
    """

    policy: Policy
    today: date
    current_spelling: str
    current: Model | None
    current_price: Price | None
    staying: Score
    ranked: tuple[RankedCandidate, ...]
    candidates: Sequence[Candidate]
    excluded: tuple[Excluded, ...]
    mix: TokenMix
    runtime: RuntimeStats | None = None
    snapshot: str | None = None
    advised: str | None = None
    points_to: str | None = None
    newest_result: NewestResult = NO_RESULT

    @property
    def use_case(self) -> str:
        """The use case that the policy is of."""
        return self.policy.use_case

    def those(self, wanted: Callable[[RankedCandidate], bool]) -> Iterator[Candidate]:
        """The candidates that are wanted, best first, each built when it is asked for."""
        return (self.candidates[place] for place, s in enumerate(self.ranked) if wanted(s))


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of the current model: when, who says so, and how near it is.

    `stage` is `notice` (worth knowing), `propose`, `urgent`, or `past`.
    """

    model_id: str
    retires_at: date
    days_left: int
    stage: Literal["notice", "propose", "urgent", "past"]
    source_url: str | None


class NotComparable(NamedTuple):
    """A benchmark that cannot be compared, and why; `scores` as published, with their units."""

    benchmark: str
    scores: str
    reason: str
    record_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Regression:
    """A merged change that our own calls show to have made things worse, beyond what is chance.

    `replaced` is the id of the model that stood there before; `reasons` are sentences without a
    full stop, `records` the ids of the actuals they rest on.
    """

    replaced: str
    url: str
    days: int
    reasons: tuple[str, ...]
    records: tuple[int, ...]


ReasonClass = Literal["regression", "retirement", "quality", "successor", "cost", "requested"]


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A proposal: replace the current model by the candidate, and which kind of gain decides it.

    `not_comparable` are results of both models that were run differently, `other_work` pairs that
    were run in the same way on kinds of task which do not count for the use case. `objection` is
    why nothing proposes it, where a person asked for it all the same.
    """

    assessment: Assessment
    candidate: Candidate
    reasoning: str
    deadline: Deadline | None = None
    reason_class: ReasonClass = "quality"
    not_comparable: tuple[NotComparable, ...] = ()
    other_work: tuple[tuple[BenchmarkResult, BenchmarkResult], ...] = ()
    regression: Regression | None = None
    objection: str | None = None

    @property
    def is_advised(self) -> bool:
        """Whether it is what the current model's maker names as its replacement."""
        return self.candidate.model.model_id == self.assessment.advised


@dataclass(frozen=True, slots=True)
class Keep:
    """No proposal, and the sentence that says why."""

    assessment: Assessment
    reason: str
    deadline: Deadline | None = None


Decision = Upgrade | Keep
