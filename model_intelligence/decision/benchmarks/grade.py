"""One model's benchmark results against everybody's. Pure.

What is shown is exact. To rank, it is enough to know between which borders a mean lies, and
floating point tells that unless it comes very near to one; only then the exact figure is computed.
"""

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from model_intelligence.decision import score as scoring
from model_intelligence.decision.benchmarks.editions import edition, newest_editions, work_of
from model_intelligence.decision.score import Grade, Pair, board_of
from model_intelligence.records import BenchmarkKey, BenchmarkResult, SourceKind

BORDERS = [float(border) for border in scoring.IMPROVEMENT_BORDERS]
ERROR = 1e-12  # of a sum of some fractions, in their units: thousands of times what can happen


Weighed = tuple[float, float]  # how much a figure counts, and the figure times that


class Figures:
    """Everybody's result on one benchmark, by model; `largest` is the largest score among them."""

    def __init__(self, by_model: Mapping[str, BenchmarkResult]) -> None:
        self.by_model = by_model
        self.largest = max(abs(float(result.score)) for result in by_model.values())
        self._weighed: dict[SourceKind, Mapping[str, Weighed]] = {}

    def weighed(self, kind: SourceKind) -> Mapping[str, Weighed]:
        """Everybody's score, weighed as a pair with a result of that kind."""
        known = self._weighed.get(kind)
        if known is None:
            weights = {name: float(weight) for name, weight in scoring.PAIR_WEIGHTS[kind].items()}
            known = {
                model_id: (weights[one.source_kind], weights[one.source_kind] * float(one.score))
                for model_id, one in self.by_model.items()
            }
            self._weighed[kind] = known
        return known


def figures_of(results: Mapping[str, scoring.Newest]) -> Mapping[BenchmarkKey, Figures]:
    """The results of all models, by way of measuring."""
    found: dict[BenchmarkKey, dict[str, BenchmarkResult]] = {}
    for model_id, newest in results.items():
        for key, result in newest.items():
            found.setdefault(key, {})[model_id] = result
    return {key: Figures(by_model) for key, by_model in found.items()}


class _Measure(NamedTuple):
    """One benchmark, on which a score is worth `score * slope - sign`, a share of ours.

    `work` is the same for all editions of a benchmark run in one way, of which only the newest
    counts; `board` for all efforts at which it was run, which count together as much as one.
    """

    board: int
    work: int
    slope: float
    sign: float
    weighed: Mapping[str, Weighed]


class Comparison:
    """The results of one model that count, each with everybody's on the same benchmark."""

    def __init__(
        self, mine: Iterable[BenchmarkResult], everybody: Mapping[BenchmarkKey, Figures]
    ) -> None:
        newest_first = sorted(mine, key=lambda result: edition(result.key), reverse=True)
        self._mine = [(result, everybody[result.key]) for result in newest_first]
        self._shared_with = frozenset[str]().union(*(each.by_model for _, each in self._mine))
        numbers: dict[BenchmarkKey, int] = {}

        def number(key: BenchmarkKey) -> int:
            return numbers.setdefault(key, len(numbers))

        measures = [
            _measure(number(board_of((result, result))), number(work_of(result.key)), *each)
            for each in self._mine
            for result in each[:1]
        ]
        measures.sort(key=lambda one: (one.board, one.work))  # editions stay in their order
        self._boards = [tuple(group) for _, group in groupby(measures, key=lambda one: one.board)]
        with_share = [each for each in self._mine if each[0].score > 0]
        self._error = 100 * ERROR * sum(_largest_term(*each) for each in with_share)

    def pairs(self, model_id: str) -> tuple[Pair, ...]:
        """What both models were measured by, in the same way."""
        shared = ((mine, figures.by_model.get(model_id)) for mine, figures in self._mine)
        return newest_editions((mine, theirs) for mine, theirs in shared if theirs is not None)

    def grade(self, model_id: str) -> tuple[Grade | None, int]:
        """The grade of the mean improvement, None without one; and how many boards are shared."""
        heard = whole = 0.0
        shared = 0
        if model_id not in self._shared_with:
            return None, shared
        for measures in self._boards:
            runs, met, weights, worth = _on_board(measures, model_id)
            shared += met
            if runs:
                heard += weights / runs
                whole += worth / runs
        return (self._graded(100 * whole / heard, model_id) if heard else None), shared

    def _graded(self, mean_pct: float, model_id: str) -> Grade:
        place = bisect(BORDERS, mean_pct - self._error)
        if place == bisect(BORDERS, mean_pct + self._error):
            return scoring.IMPROVEMENT_GRADES[place]
        exact, _ = scoring.mean_improvement_pct(self.pairs(model_id))
        assert exact is not None  # noqa: S101  # there is a mean, or this were not asked
        return scoring.grade_improvement(exact)


def _on_board(measures: Sequence[_Measure], model_id: str) -> tuple[int, bool, float, float]:
    """How many runs count, whether there is any at all, and the sums of weights and of worth."""
    runs, done = 0, -1
    heard = whole = 0.0
    for _, work, slope, sign, weighed in measures:
        found = weighed.get(model_id)
        if found is not None and work != done:
            weight, score = found
            done = work
            runs += weight > 0
            heard += weight
            whole += score * slope - weight * sign
    return runs, done >= 0, heard, whole


def _measure(board: int, work: int, mine: BenchmarkResult, figures: Figures) -> _Measure:
    """Where ours is not above zero no share of it exists: a pair, but one that weighs nothing."""
    sign = 1.0 if mine.higher_is_better else -1.0
    if mine.score <= 0:
        return _Measure(board, work, 0.0, sign, dict.fromkeys(figures.by_model, (0.0, 0.0)))
    return _Measure(board, work, sign / float(mine.score), sign, figures.weighed(mine.source_kind))


def _largest_term(mine: BenchmarkResult, figures: Figures) -> float:
    """The most that anybody's score can be worth, whoever measured it."""
    return float(max(scoring.KIND_WEIGHTS.values())) * (1 + figures.largest / float(mine.score))
