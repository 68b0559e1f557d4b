"""The estimate of abilities, effort offsets, difficulties and slopes; loads numpy."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from model_intelligence.decision.ability import (
    DEFAULT,
    Abilities,
    Effort,
    FitSettings,
    FittedBoard,
    Lineage,
    Result,
)
from model_intelligence.decision.estimate.prior import Prior
from model_intelligence.decision.estimate.scores import Scores, scores_of
from model_intelligence.stats.gaussian import Array, Index, Posterior, posterior, whitened

ROUNDS = 3  # abilities given the slopes, then slopes given the abilities, and again
STEEPEST, FLATTEST = 2.5, 0.3  # slopes beyond are taken for chance

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, eq=False)
class _Layout:
    """The unknowns in their order (abilities, effort offsets, difficulties), and each result's."""

    models: tuple[str, ...]
    efforts: tuple[Effort, ...]
    boards: tuple[str, ...]
    model: Index
    effort: Index
    board: Index
    group: Index  # of results that share a publisher's error


@dataclass(frozen=True, slots=True, eq=False)
class _Estimate:
    """The posterior of the unknowns in their order, and the slopes that it rests on."""

    layout: _Layout
    found: Posterior
    slopes: Array


def abilities_of(
    results: Iterable[Result], lineages: Iterable[Lineage], settings: FitSettings = DEFAULT
) -> Abilities:
    """One ability for each model of `lineages`, which has every model of `results`.

    The order of results and of lineages does not matter.
    """
    # Sorted, because the order in which numbers are added changes their last bits.
    rows = sorted(set(results), key=_order)
    known = {lineage.model: lineage for lineage in lineages}
    layout = _layout(rows, known)
    measured = [known[model] for model in layout.models]
    unmeasured = [known[model] for model in sorted(known.keys() - set(layout.models))]
    prior = Prior.of(measured, settings)
    scores = scores_of(rows, layout.model, layout.board, prior.covariance, settings)
    estimate = _alternate(layout, scores, prior)
    return _abilities(estimate, prior, unmeasured)


def _order(row: Result) -> tuple[str, ...]:
    shared = (row.model, row.publisher, row.kind, row.effort or "")
    return (*shared, row.board, f"{row.score:.9f}", str(row.tasks))


def _layout(rows: Sequence[Result], known: Mapping[str, Lineage]) -> _Layout:
    models, model = _numbered([row.model for row in rows])
    efforts, effort = _numbered([Effort(known[row.model].maker, row.effort) for row in rows])
    boards, board = _numbered([row.board for row in rows])
    _, group = _numbered([(row.model, row.publisher, row.kind, row.effort) for row in rows])
    return _Layout(models, efforts, boards, model, effort, board, group)


def _numbered(keys: Sequence[Key]) -> tuple[tuple[Key, ...], Index]:
    """The distinct keys in the order of their first appearance, and the number of each key."""
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return tuple(numbers), np.array([numbers[key] for key in keys], dtype=np.intp)


def _alternate(layout: _Layout, scores: Scores, prior: Prior) -> _Estimate:
    precision = _precision(layout, prior)
    slopes = np.ones(len(layout.boards))
    found = _given_slopes(layout, scores, slopes, precision, prior.settings)
    for _ in range(ROUNDS - 1):
        slopes = _slopes(layout, scores, found.mean, prior.settings)
        found = _given_slopes(layout, scores, slopes, precision, prior.settings)
    return _Estimate(layout, found, slopes)


def _precision(layout: _Layout, prior: Prior) -> Array:
    models, efforts = len(layout.models), len(layout.efforts)
    size = models + efforts + len(layout.boards)
    precision = np.zeros((size, size))
    precision[:models, :models] = np.linalg.inv(prior.covariance)
    others = np.full(size - models, 1 / prior.settings.difficulty)
    others[:efforts] = 1 / prior.settings.effort
    precision[range(models, size), range(models, size)] = others
    return precision


def _given_slopes(
    layout: _Layout, scores: Scores, slopes: Array, precision: Array, settings: FitSettings
) -> Posterior:
    values = scores.logits[:, None]
    rows = np.hstack([_design(layout, slopes), values])
    rows = whitened(rows, scores.variances, layout.group, settings.publisher)
    return posterior(rows[:, :-1], rows[:, -1], precision)


def _design(layout: _Layout, slopes: Array) -> Array:
    """One row for each result: slope * (ability + effort offset) - difficulty.

    Results without a stated effort are the reference: their offset is no unknown, but zero.
    """
    models, efforts = len(layout.models), len(layout.efforts)
    rows = np.arange(len(layout.model))
    stated = np.array([effort.effort is not None for effort in layout.efforts])[layout.effort]
    design = np.zeros((len(rows), models + efforts + len(layout.boards)))
    design[rows, layout.model] = slopes[layout.board]
    design[rows, models + layout.effort] = slopes[layout.board] * stated
    design[rows, models + efforts + layout.board] = -1
    return design


def _slopes(layout: _Layout, scores: Scores, unknowns: Array, settings: FitSettings) -> Array:
    """Each board's slope given the abilities: a regression that holds on to 1."""
    abilities = unknowns[layout.model] + unknowns[len(layout.models) + layout.effort]
    weights = 1 / scores.variances

    def sums(values: Array) -> Array:
        return np.bincount(layout.board, values * weights).astype(np.float64)

    total = sums(np.ones_like(weights))
    away = abilities - (sums(abilities) / total)[layout.board]
    logits = scores.logits - (sums(scores.logits) / total)[layout.board]
    ridge = settings.slope_ridge
    # Ridge regression towards 1: a board with few models keeps a slope near 1.
    slopes = (ridge + sums(away * logits)) / (ridge + sums(away * away))
    clipped: Array = np.clip(slopes, FLATTEST, STEEPEST)
    return clipped


def _abilities(estimate: _Estimate, prior: Prior, unmeasured: Sequence[Lineage]) -> Abilities:
    layout, unknowns = estimate.layout, estimate.found.mean
    count, offsets = len(layout.models), len(layout.models) + len(layout.efforts)
    mean, covariance = unknowns[:count], estimate.found.covariance[:count, :count]
    weights, variances = prior.weights(unmeasured)
    # What the results taught about the measured models, passed on by the weights: an unmeasured
    # model's variance shrinks by as much.
    learned = ((weights @ (prior.covariance - covariance)) * weights).sum(axis=1)
    names = (*layout.models, *(lineage.model for lineage in unmeasured))
    return Abilities(
        models={name: row for row, name in enumerate(names)},
        measured={name: column for column, name in enumerate(layout.models)},
        mean=np.concatenate([mean, weights @ mean]),
        variance=np.concatenate([covariance.diagonal(), variances - learned]),
        covariance=np.vstack([covariance, weights @ covariance]),
        boards=_boards(layout.boards, estimate.slopes, unknowns[offsets:]),
        efforts=dict(zip(layout.efforts, unknowns[count:offsets].tolist(), strict=True)),
        settings=prior.settings,
    )


def _boards(names: Sequence[str], slopes: Array, difficulties: Array) -> dict[str, FittedBoard]:
    columns = zip(names, slopes.tolist(), difficulties.tolist(), strict=True)
    return {name: FittedBoard(slope, difficulty) for name, slope, difficulty in columns}
