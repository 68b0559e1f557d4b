"""The estimate of abilities, effort offsets, difficulties and slopes; loads numpy.

Deviations and effort offsets of one maker have nothing to do with those of another, but for what
all share: trend, tiers and boards. So they are solved maker by maker, as functions of what is
shared, and that is solved once (block elimination). It is exact, and the time grows by the models
of one maker, not of all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from model_intelligence.decision.ability import (
    DEFAULT,
    Abilities,
    FitSettings,
    FittedBoard,
    Kin,
    Lineage,
    Result,
)
from model_intelligence.decision.estimate.layout import Family, Layout, layout_of
from model_intelligence.decision.estimate.prior import deviations, mean_date, shared_effects
from model_intelligence.decision.estimate.scores import Scores, scores_of
from model_intelligence.stats.gaussian import Array, whitened

ROUNDS = 3  # abilities given the slopes, then slopes given the abilities, and again
STEEPEST, FLATTEST = 2.5, 0.3  # slopes beyond are taken for chance


class _Maker(NamedTuple):
    """What is known of a maker's models before any result.

    `deviations` are their covariances, `weights` how much each of the measured ones tells of each
    (models x measured), `precision` that of the measured deviations and of the effort offsets.
    """

    deviations: Array
    weights: Array
    precision: Array


@dataclass(frozen=True, slots=True, eq=False)
class _Prior:
    """What is known before any result.

    `lineage` is how much of the shared effects is in each model's ability, `shared` the variances
    of these effects and of the boards' difficulties.
    """

    makers: Sequence[_Maker]
    lineage: Array
    shared: Array


class _Own(NamedTuple):
    """Measured deviations and effort offsets of a maker: `at_zero` - `slopes` @ what is shared."""

    at_zero: Array
    slopes: Array
    covariance: Array


@dataclass(frozen=True, slots=True, eq=False)
class _Estimate:
    """The unknowns given the boards' slopes; `covariance` is that of the shared ones."""

    slopes: Array
    own: Sequence[_Own]
    shared: Array
    covariance: Array


def abilities_of(
    results: Iterable[Result], lineages: Iterable[Lineage], settings: FitSettings = DEFAULT
) -> Abilities:
    """One ability for each model of `lineages`, which has every model of `results`.

    The order of results and of lineages does not matter.
    """
    layout = layout_of(results, lineages)
    origin = mean_date([layout.lineages[place] for place in layout.measured])
    scores = scores_of(layout, settings, origin)
    prior = _prior(layout, settings, origin)
    slopes = np.ones(len(layout.boards))
    estimate = _given_slopes(layout, scores, slopes, prior, settings)
    for _ in range(ROUNDS - 1):
        slopes = _slopes(layout, scores, estimate, prior, settings)
        estimate = _given_slopes(layout, scores, slopes, prior, settings)
    return _abilities(layout, estimate, prior, settings)


def _prior(layout: Layout, settings: FitSettings, origin: date) -> _Prior:
    lineage, variances = shared_effects(layout.lineages, settings, origin)
    boards = np.full(len(layout.boards), settings.difficulty)
    makers = [_maker(layout, family, settings, origin) for family in layout.families]
    return _Prior(makers, lineage, np.concatenate([variances, boards]))


def _maker(layout: Layout, family: Family, settings: FitSettings, origin: date) -> _Maker:
    known = family.measured
    covariance = deviations(layout.lineages[family.models], settings, origin)
    precision = np.eye(known + len(layout.efforts[family.efforts])) / settings.effort
    precision[:known, :known] = np.linalg.inv(covariance[:known, :known])
    return _Maker(covariance, covariance[:, :known] @ precision[:known, :known], precision)


def _given_slopes(
    layout: Layout, scores: Scores, slopes: Array, prior: _Prior, settings: FitSettings
) -> _Estimate:
    """What is shared, and each maker's own unknowns as functions of that."""
    own = []
    left = np.diag(np.append(1 / prior.shared, 0.0))  # precision; the last column is of the scores
    for family, (_, _, precision) in zip(layout.families, prior.makers, strict=True):
        rows = np.column_stack(
            [*layout.design(family, slopes, prior.lineage), scores.logits[family.results]]
        )
        groups, variances = layout.group[family.results], scores.variances[family.results]
        rows = whitened(rows, variances, groups, settings.publisher)
        mine, others = np.split(rows, [len(precision)], axis=1)
        covariance: Array = np.linalg.inv(mine.T @ mine + precision).astype(float)
        pulls = mine.T @ others
        explained = covariance @ pulls
        left += others.T @ others - pulls.T @ explained
        own.append(_Own(explained[:, -1], explained[:, :-1], covariance))
    covariance = np.linalg.inv(left[:-1, :-1]).astype(float)
    return _Estimate(slopes, own, covariance @ left[:-1, -1], covariance)


def _slopes(
    layout: Layout, scores: Scores, estimate: _Estimate, prior: _Prior, settings: FitSettings
) -> Array:
    """Each board's slope given the abilities: a regression that holds on to 1."""
    means, efforts = _means(layout, estimate, prior)
    abilities = means[layout.model] + efforts[layout.effort]
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


def _means(layout: Layout, estimate: _Estimate, prior: _Prior) -> tuple[Array, Array]:
    """Of the models' abilities, and of the efforts' offsets."""
    abilities = prior.lineage @ estimate.shared[: prior.lineage.shape[1]]
    efforts = np.zeros(len(layout.efforts))
    for family, maker, own in zip(layout.families, prior.makers, estimate.own, strict=True):
        means = own.at_zero - own.slopes @ estimate.shared
        abilities[family.models] += maker.weights @ means[: family.measured]
        efforts[family.efforts] = means[family.measured :]
    return abilities, efforts


def _loadings(layout: Layout, estimate: _Estimate, prior: _Prior) -> Array:
    """How much of the errors of what is shared, as independent ones, is in each ability."""
    loadings = np.zeros((len(layout.lineages), len(estimate.shared)))
    loadings[:, : prior.lineage.shape[1]] = prior.lineage
    for family, maker, own in zip(layout.families, prior.makers, estimate.own, strict=True):
        loadings[family.models] -= maker.weights @ own.slopes[: family.measured]
    return loadings @ np.linalg.cholesky(estimate.covariance)


def _kin(family: Family, maker: _Maker, own: _Own) -> Kin:
    """What the results taught of the measured models is passed on to the others by the weights."""
    measured = np.s_[: family.measured, : family.measured]
    learned = maker.deviations[measured] - own.covariance[measured]
    return Kin(family.models, maker.deviations - maker.weights @ learned @ maker.weights.T)


def _abilities(
    layout: Layout, estimate: _Estimate, prior: _Prior, settings: FitSettings
) -> Abilities:
    mean, efforts = _means(layout, estimate, prior)
    loadings = _loadings(layout, estimate, prior)
    variance = (loadings**2).sum(axis=1)
    kin = list(map(_kin, layout.families, prior.makers, estimate.own))
    for models, covariance in kin:
        variance[models] += covariance.diagonal()
    names = [lineage.model for lineage in layout.lineages]
    difficulties = estimate.shared[prior.lineage.shape[1] :]
    boards = map(FittedBoard, estimate.slopes.tolist(), difficulties.tolist())
    return Abilities(
        models={name: row for row, name in enumerate(names)},
        measured={names[row]: row for row in layout.measured},
        mean=mean,
        variance=variance,
        loadings=loadings,
        kin=[one for one in kin for _ in names[one.rows]],
        boards=dict(zip(layout.boards, boards, strict=True)),
        efforts=dict(zip(layout.efforts, efforts.tolist(), strict=True)),
        settings=settings,
    )
