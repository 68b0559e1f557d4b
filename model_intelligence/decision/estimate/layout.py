"""The unknowns of the estimate in order, and which of them are in each result; loads numpy."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, TypeVar

import numpy as np

from model_intelligence.decision.ability import Effort, Lineage, Result
from model_intelligence.stats.gaussian import Array, Index

Key = TypeVar("Key", bound=Hashable)
NOWHERE = slice(0, 0)


class Family(NamedTuple):
    """Where the models, the efforts and the results of one maker are.

    The first `measured` models have results.
    """

    models: slice
    efforts: slice
    results: slice
    measured: int


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Results and models, those of one maker together; efforts and boards.

    `model`, `effort` and `board` number those of each result, `group` the results that share a
    publisher's error.
    """

    rows: Sequence[Result]
    lineages: Sequence[Lineage]
    efforts: Sequence[Effort]
    boards: Sequence[str]
    families: Sequence[Family]
    model: Index
    effort: Index
    board: Index
    group: Index

    @property
    def measured(self) -> Sequence[int]:
        """The places of the models with a result."""
        places: list[int] = np.unique(self.model).tolist()
        return places

    def design(self, family: Family, slopes: Array, lineage: Array) -> tuple[Array, Array]:
        """One row for each result of a maker: slope * (ability + effort offset) - difficulty.

        First how much of what only this maker has is in it: the deviations of its measured models
        and its effort offsets. Then of what all share: the effects in `lineage` (models x effects)
        and the boards.
        """
        models, efforts, results, measured = family
        model, effort, board = (each[results] for each in (self.model, self.effort, self.board))
        rows, slope = np.arange(len(model)), slopes[board]
        # Results without a stated effort are the reference: their offset is no unknown, but zero.
        stated = np.array([row.effort is not None for row in self.rows[results]], dtype=float)
        effects = lineage.shape[1]
        own = np.zeros((len(rows), measured + efforts.stop - efforts.start))
        own[rows, model - models.start] = slope
        own[rows, measured + effort - efforts.start] = slope * stated
        shared = np.zeros((len(rows), effects + len(self.boards)))
        shared[:, :effects] = slope[:, None] * lineage[model]
        shared[rows, effects + board] = -1
        return own, shared


def layout_of(results: Iterable[Result], lineages: Iterable[Lineage]) -> Layout:
    """The layout of these results; their order and that of the lineages does not matter."""
    # Sorted, because the order in which numbers are added changes their last bits.
    given, known = set(results), set(lineages)
    measured = {row.model for row in given}
    models = sorted(known, key=lambda one: (one.maker, one.model not in measured, one.model))
    numbers = {lineage.model: number for number, lineage in enumerate(models)}
    rows = sorted(given, key=lambda row: (numbers[row.model], *_order(row)))
    model = np.array([numbers[row.model] for row in rows], dtype=np.intp)
    makers = [models[number].maker for number in model.tolist()]
    efforts, effort = _numbered(
        [Effort(maker, row.effort) for maker, row in zip(makers, rows, strict=True)]
    )
    boards, board = _numbered([row.board for row in rows])
    _, group = _numbered([(row.model, row.publisher, row.kind, row.effort) for row in rows])
    by_effort, by_result = _parts([effort.maker for effort in efforts]), _parts(makers)
    families = [
        Family(
            part,
            by_effort.get(maker, NOWHERE),
            by_result.get(maker, NOWHERE),
            sum(lineage.model in measured for lineage in models[part]),
        )
        for maker, part in _parts([lineage.maker for lineage in models]).items()
    ]
    return Layout(rows, models, efforts, boards, families, model, effort, board, group)


def _order(row: Result) -> tuple[str, ...]:
    shared = (row.publisher, row.kind, row.effort or "")
    return (*shared, row.board, f"{row.score:.9f}", str(row.tasks))


def _parts(makers: Iterable[str]) -> dict[str, slice]:
    """Where each maker is; it is in one place only."""
    parts, start = {}, 0
    for maker, same in groupby(makers):
        end = start + sum(1 for _ in same)
        parts[maker], start = slice(start, end), end
    return parts


def _numbered(keys: Sequence[Key]) -> tuple[tuple[Key, ...], Index]:
    """The distinct keys in the order of their first appearance, and the number of each key."""
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return tuple(numbers), np.array([numbers[key] for key in keys], dtype=np.intp)
