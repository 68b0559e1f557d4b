"""What leaderboards show of two models: a lead in points with its interval. Pure.

Each shared result is a difference of two shares with Newcombe's interval. Runs of one board at
several efforts have the same tasks and count as one; several boards are averaged by who measured
them, and their intervals combined by the method of variance estimates recovery (Zou
and Donner, Statistics in Medicine 27, 2008).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from typing import Literal

from model_intelligence.decision.score import Pair, board_of, runs_by_board, weight_of
from model_intelligence.records import BenchmarkKey, BenchmarkResult
from model_intelligence.stats.proportions import TOLERANCE, Rate, newcombe

# The units in which a score is a share of solved tasks, and what the whole is.
SHARES: Mapping[str, Decimal] = {
    "percent": Decimal(100),
    "fraction": Decimal(1),
    "pass@1": Decimal(1),
}
ASSUMED_TASKS = 150  # where the size is not published: what most of LiveBench's categories have

LeadKind = Literal["better", "non_inferior", "worse", "inconclusive"]


@dataclass(frozen=True, slots=True)
class Lead:
    """Proposed - current in points (1 point = 1 % of the tasks), with its 95 % interval.

    `assumed` counts the boards among `boards` whose number of tasks is not published.
    """

    points: float
    low: float
    high: float
    boards: int
    assumed: int

    @property
    def kind(self) -> LeadKind:
        """What it amounts to, beyond chance."""
        if self.low > 0:
            return "better"
        if self.high < 0:
            return "worse"
        return "non_inferior" if self.low > -100 * TOLERANCE else "inconclusive"

    def __str__(self) -> str:
        return self.on("shared")

    def on(self, kind: str) -> str:
        """In words: `+4.2 percentage points on 2 KIND benchmarks (95 % interval -0.3 to +8.7)`."""
        benchmarks = f"{self.boards} {kind} benchmark{'' if self.boards == 1 else 's'}"
        interval = f"95 % interval {self.low:+.1f} to {self.high:+.1f}"
        return f"{self.points:+.1f} percentage points on {benchmarks} ({interval})"


def lead(pairs: Sequence[Pair]) -> Lead | None:
    """The mean lead over the pairs that are shares of solved tasks; None without one."""
    boards: dict[BenchmarkKey, list[Pair]] = defaultdict(list)
    for pair in filter(_is_share, pairs):
        boards[board_of(pair)].append(pair)
    if not boards:
        return None
    found = [(_on_one_board(runs), _weight(runs)) for runs in boards.values()]
    weights = sum(weight for _, weight in found)
    points = sum(one.points * weight for one, weight in found) / weights
    down = sqrt(sum((weight * (one.points - one.low)) ** 2 for one, weight in found)) / weights
    up = sqrt(sum((weight * (one.high - one.points)) ** 2 for one, weight in found)) / weights
    assumed = sum(one.assumed for one, _ in found)
    return Lead(points, points - down, points + up, len(found), assumed)


def _on_one_board(runs: Sequence[Pair]) -> Lead:
    """The mean over several efforts; the tasks are the same, so it is as uncertain as one of them.

    Which tasks a model happens to solve at one effort it tends to solve at the next.
    """
    leads = [_difference(pair) for pair in runs]
    points, low, high = (
        sum(getattr(one, name) for one in leads) / len(leads) for name in ("points", "low", "high")
    )
    return Lead(points, low, high, 1, max(one.assumed for one in leads))


def _weight(runs: Sequence[Pair]) -> float:
    return sum(float(weight_of(pair)) for pair in runs) / len(runs)


def solved_pct(pairs: Sequence[Pair]) -> tuple[float, float] | None:
    """The mean share of tasks that each of the two solves, weighted as in `lead`, in percent."""
    shares = [pair for pair in pairs if _is_share(pair)]
    if not shares:
        return None
    runs = runs_by_board(shares)
    weighted = [(pair, float(weight_of(pair)) / runs[board_of(pair)]) for pair in shares]
    weights = sum(weight for _, weight in weighted)
    current = sum(weight * _rate(pair[0]).share for pair, weight in weighted)
    candidate = sum(weight * _rate(pair[1]).share for pair, weight in weighted)
    return 100 * current / weights, 100 * candidate / weights


def error_change_pct(pair: Pair) -> float | None:
    """The change in percent of the share that is not solved; None where nothing was left to solve.

    Beside the change of the score itself, of which "+20 %" cannot be reached from above 83.3 %.
    """
    if not _is_share(pair):
        return None
    before, after = (1 - _rate(result).share for result in pair)
    return 100 * (after - before) / before if before > 0 else None


def leads_by_type(pairs: Sequence[Pair]) -> dict[str, Lead]:
    """The lead in each kind of task."""
    grouped: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        grouped[pair[0].task_type].append(pair)
    leads = {task_type: lead(group) for task_type, group in sorted(grouped.items())}
    return {task_type: found for task_type, found in leads.items() if found is not None}


def _is_share(pair: Pair) -> bool:
    whole = SHARES.get(pair[0].key.unit)
    return whole is not None and all(0 <= result.score <= whole for result in pair)


def _difference(pair: Pair) -> Lead:
    """The lead on one board; where lower is better, what is solved is what is not failed."""
    current, candidate = (_rate(result) for result in pair)
    low, high = newcombe(current, candidate)
    points = 100 * (candidate.share - current.share)
    assumed = any(result.task_count is None for result in pair)
    return Lead(points, 100 * low, 100 * high, 1, int(assumed))


def _rate(result: BenchmarkResult) -> Rate:
    tasks = result.task_count or ASSUMED_TASKS
    share = float(result.score / SHARES[result.key.unit])
    return Rate((share if result.higher_is_better else 1 - share) * tasks, tasks)
