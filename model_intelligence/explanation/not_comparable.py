"""Results of both models that say nothing about them together, and why. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from model_intelligence.decision.score import RATIO_UNITS, Pair
from model_intelligence.decision.values import Apart
from model_intelligence.records import BenchmarkKey, BenchmarkResult

DIFFERING = ("dataset_version", "harness", "effort", "unit")


def apart(
    current: Sequence[BenchmarkResult],
    candidate: Sequence[BenchmarkResult],
    compared: Iterable[Pair],
    task_types: Collection[str],
) -> tuple[Apart, ...]:
    """The benchmarks that both models ran but that were not compared, by name."""
    done = {pair[0].key.benchmark_name for pair in compared}
    mine, theirs = _by_name(current), _by_name(candidate)
    shared = sorted(mine.keys() & theirs.keys() - done)
    return tuple(_entry(name, mine[name], theirs[name], task_types) for name in shared)


def _by_name(results: Iterable[BenchmarkResult]) -> dict[str, list[BenchmarkResult]]:
    found: dict[str, list[BenchmarkResult]] = defaultdict(list)
    for result in results:
        found[result.key.benchmark_name].append(result)
    return found


def _entry(
    name: str,
    mine: Sequence[BenchmarkResult],
    theirs: Sequence[BenchmarkResult],
    task_types: Collection[str],
) -> Apart:
    one, other = mine[0], theirs[0]
    scores = f"{_figure(one)} and {_figure(other)}"
    return Apart(name, scores, _reason(one, other, task_types), (one.id, other.id))


def _figure(result: BenchmarkResult) -> str:
    return f"{result.score.normalize():f} {result.key.unit}"


def _reason(one: BenchmarkResult, other: BenchmarkResult, task_types: Collection[str]) -> str:
    if one.task_type not in task_types:
        return f"{one.task_type} does not count for this use case"
    if one.key.unit not in RATIO_UNITS:
        return f"{one.key.unit} has no natural zero, so no share of it means anything"
    differing = list(_differences(one.key, other.key))
    return f"run in another way: {'; '.join(differing)}" if differing else "not a share"


def _differences(one: BenchmarkKey, other: BenchmarkKey) -> Iterator[str]:
    for name in DIFFERING:
        before, after = getattr(one, name), getattr(other, name)
        if before != after:
            label = name.replace("_", " ")
            yield f"{label} {before or 'not told'} against {after or 'not told'}"
