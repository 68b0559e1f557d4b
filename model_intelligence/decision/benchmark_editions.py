"""Of several editions of one benchmark, the newest: their tasks overlap, so they are no two boards.

Pure.
"""

import re
from collections.abc import Iterable

from model_intelligence.decision.score import Pair
from model_intelligence.records import BenchmarkKey


def newest_editions(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """The pairs without those of which a newer version was run in the same way, too."""
    newest: dict[BenchmarkKey, Pair] = {}
    for pair in pairs:
        key = pair[0].key
        known = newest.get(work_of(key))
        if known is None or edition(key) > edition(known[0].key):
            newest[work_of(key)] = pair
    return tuple(newest.values())


def work_of(key: BenchmarkKey) -> BenchmarkKey:
    """What all editions of a benchmark have in common."""
    return key._replace(dataset_version=None)


def edition(key: BenchmarkKey) -> tuple[tuple[int, str], ...]:
    """An order in which `V10` comes after `V9`, and an unnamed edition before any."""
    parts = re.findall(r"\d+|[^\W\d_]+", key.dataset_version or "")
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
