"""Seconds, of the wall and of the processor, and how they grow."""

import gc
import time
from collections.abc import Callable, Sequence
from math import log


def seconds(work: Callable[[], object]) -> float:
    """Wall seconds of one call: for work that waits for a server or another process."""
    return _measured(work, time.perf_counter)


def processor_seconds(work: Callable[[], object]) -> float:
    """Processor seconds of one call: for what is computed here, whoever else uses the machine."""
    return _measured(work, time.process_time)


def _measured(work: Callable[[], object], clock: Callable[[], float]) -> float:
    gc.collect()  # what earlier measurements left is not this one's to clear away
    start = clock()
    work()
    return clock() - start


def best(
    rounds: int, clock: Callable[[Callable[[], object]], float], *works: Callable[[], object]
) -> list[float]:
    """The fewest seconds of each, measured in turns so that a slow moment meets all of them."""
    measured = [[clock(work) for work in works] for _ in range(rounds)]
    return [min(times) for times in zip(*measured, strict=True)]


def slope(sizes: Sequence[int], times: Sequence[float]) -> float:
    """Of log time over log size, by least squares: 1 is proportional, 2 is quadratic."""
    xs, ys = [log(size) for size in sizes], [log(each) for each in times]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    rise = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    return rise / sum((x - middle_x) ** 2 for x in xs)
