"""What the boards show of two models at work that a use case does not do. Pure."""

from collections.abc import Collection, Iterable

from model_intelligence.decision.benchmarks.editions import newest_editions
from model_intelligence.decision.score import Pair, comparable, newest_by_key
from model_intelligence.records import BenchmarkResult


def other_work(
    current: Iterable[BenchmarkResult],
    candidate: Iterable[BenchmarkResult],
    task_types: Collection[str],
) -> tuple[Pair, ...]:
    """Pairs run in the same way, of kinds of task that are not among `task_types`."""
    mine, theirs = newest_by_key(current), newest_by_key(candidate)
    others = {result.task_type for result in mine.values()}.difference(task_types)
    return newest_editions(comparable(mine, theirs, others))
