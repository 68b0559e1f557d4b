"""Results of both models that cannot be compared with each other, and why. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from model_intelligence.decision.score import RATIO_UNITS, Pair
from model_intelligence.decision.values import NotComparable
from model_intelligence.records import BenchmarkKey, BenchmarkResult

DIFFERING = ("dataset_version", "harness", "effort", "unit")


def not_comparable(
    current: Sequence[BenchmarkResult],
    candidate: Sequence[BenchmarkResult],
    compared: Iterable[Pair],
    task_types: Collection[str],
) -> tuple[NotComparable, ...]:
    """The benchmarks that both models ran but that were not compared, by name."""
    done = {pair[0].key.benchmark_name for pair in compared}
    mine, theirs = _by_name(current), _by_name(candidate)
    shared = sorted(mine.keys() & theirs.keys() - done)
    return tuple(_entry(name, mine[name], theirs[name], task_types) for name in shared)


def _by_name(results: Iterable[BenchmarkResult]) -> dict[str, list[BenchmarkResult]]:
    by_name: dict[str, list[BenchmarkResult]] = defaultdict(list)
    for result in results:
        by_name[result.key.benchmark_name].append(result)
    return by_name


def _entry(
    name: str,
    mine: Sequence[BenchmarkResult],
    theirs: Sequence[BenchmarkResult],
    task_types: Collection[str],
) -> NotComparable:
    # The first of each is enough to name a reason: no other pair of them was comparable either.
    current, candidate = mine[0], theirs[0]
    scores = f"{_figure(current)} and {_figure(candidate)}"
    reason = _reason(current, candidate, task_types)
    return NotComparable(name, scores, reason, (current.id, candidate.id))


def _figure(result: BenchmarkResult) -> str:
    return f"{result.score.normalize():f} {result.key.unit}"


def _reason(
    current: BenchmarkResult, candidate: BenchmarkResult, task_types: Collection[str]
) -> str:
    if current.task_type not in task_types:
        return f"{current.task_type} does not count for this use case"
    if current.key.unit not in RATIO_UNITS:
        return f"the unit ({current.key.unit}) has no true zero, so no percentage is meaningful"
    differences = list(_differences(current.key, candidate.key))
    if differences:
        return f"run differently: {'; '.join(differences)}"
    return "the scores are not shares of solved tasks"


def _differences(current: BenchmarkKey, candidate: BenchmarkKey) -> Iterator[str]:
    for name in DIFFERING:
        before, after = getattr(current, name), getattr(candidate, name)
        if before != after:
            label = name.replace("_", " ")
            yield f"{label} {before or 'not stated'} versus {after or 'not stated'}"
