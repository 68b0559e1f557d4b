"""Editions of one benchmark: which have the same tasks, and which is the newest.

Editions overlap in their tasks, so a model's results on several of them are no independent
evidence: of one way of running only the newest counts. Two with almost the same tasks are one.
Pure.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from model_intelligence.decision.score import Pair, board_of
from model_intelligence.records import BenchmarkKey, BenchmarkResult

SAME_TASKS = 0.8  # more of the common rows than this are equal: a release adds models, not tasks
LEAST_COMMON = 5  # rows; fewer may be equal by chance

Results = Mapping[str, tuple[BenchmarkResult, ...]]  # model -> its results
_Board = tuple[str, BenchmarkKey]  # the publisher, and what all editions and efforts share
_Rows = dict[tuple[str, str | None], BenchmarkResult]  # by model and effort


def with_shared_editions(results: Results) -> Results:
    """The results, editions with the same tasks under the newest one's version.

    Of a model that is in several of them the figure of the newest stays.
    """
    newest = _newest_with_the_same_tasks(results)
    return {model_id: _renamed(rows, newest) for model_id, rows in results.items()}


def _renamed(
    results: Iterable[BenchmarkResult], newest: Mapping[tuple[_Board, str], str]
) -> tuple[BenchmarkResult, ...]:
    kept: dict[tuple[object, ...], BenchmarkResult] = {}
    in_order = sorted(results, key=lambda result: edition(result.key))
    for result in in_order:
        version = result.key.dataset_version
        shared = newest.get((_board(result), version)) if version else None
        if shared is None:
            kept[result.id, result.key] = result
        else:
            key = result.key._replace(dataset_version=shared)
            kept[_board(result), key] = replace(result, key=key)
    return tuple(kept.values())


def _newest_with_the_same_tasks(results: Results) -> dict[tuple[_Board, str], str]:
    """(board, version) -> the newest version with the same tasks, where there is another."""
    boards: dict[_Board, dict[str, _Rows]] = defaultdict(lambda: defaultdict(dict))
    for rows in results.values():
        for row in rows:
            if row.key.dataset_version is not None:
                editions = boards[_board(row)]
                editions[row.key.dataset_version][row.model_id, row.key.effort] = row
    return {
        (board, version): group[-1]
        for board, editions in boards.items()
        for group in _groups(editions)
        for version in group
        if len(group) > 1
    }


def _groups(editions: Mapping[str, _Rows]) -> Sequence[Sequence[str]]:
    """The versions that share their tasks, each group and the groups from old to new."""
    groups: list[list[str]] = []
    for version in sorted(editions, key=_order):
        same = (each for each in groups if _share_tasks(editions[each[-1]], editions[version]))
        group = next(same, None)
        if group is None:
            groups.append([version])
        else:
            group.append(version)
    return groups


def _share_tasks(older: _Rows, newer: _Rows) -> bool:
    common = older.keys() & newer.keys()
    equal = sum(older[row].score == newer[row].score for row in common)
    return len(common) >= LEAST_COMMON and equal > SAME_TASKS * len(common)


def _board(result: BenchmarkResult) -> _Board:
    return result.source, board_of((result, result))


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
    return _order(key.dataset_version or "")


def _order(version: str) -> tuple[tuple[int, str], ...]:
    parts = re.findall(r"\d+|[^\W\d_]+", version)
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
