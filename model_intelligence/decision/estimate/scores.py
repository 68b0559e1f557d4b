"""Published scores in logits, whatever their scale; loads numpy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log

import numpy as np

from model_intelligence.decision.ability import FitSettings, Lineage, Result
from model_intelligence.decision.estimate.layout import Layout
from model_intelligence.decision.estimate.prior import covariances
from model_intelligence.stats.gaussian import Array

LOGITS_PER_ELO = log(10) / 400


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Each result's score in logits, with the variance of the error that is its own."""

    logits: Array
    variances: Array


def scores_of(layout: Layout, settings: FitSettings, origin: date) -> Scores:
    """The scores of the results in their order; years count from `origin`."""
    logits, sampling = np.zeros(len(layout.rows)), np.zeros(len(layout.rows))
    for number in range(len(layout.boards)):
        places = np.flatnonzero(layout.board == number)
        rows = [layout.rows[place] for place in places.tolist()]
        models = [layout.lineages[place] for place in layout.model[places].tolist()]
        logits[places], sampling[places] = _of_board(rows, models, settings, origin)
    return Scores(logits, sampling + settings.board)


def _of_board(
    rows: Sequence[Result], models: Sequence[Lineage], settings: FitSettings, origin: date
) -> tuple[Array, Array]:
    if rows[0].scale == "share":
        shares = np.array([_share(row, settings.assumed_tasks) for row in rows])
        return shares[:, 0], shares[:, 1]
    scores = np.array([row.score for row in rows])
    if rows[0].scale == "elo":
        return _by_difference(rows, scores, LOGITS_PER_ELO)
    prior = covariances(models, settings, origin)
    return _by_difference(rows, scores, _unit(scores, prior))


def _share(row: Result, assumed_tasks: int) -> tuple[float, float]:
    """The logit of a share of solved tasks, half a task added to both sides, and its variance."""
    tasks = row.tasks or assumed_tasks
    # The correction of Haldane and Anscombe: without it the logit of 0 or 100 % is infinite.
    share = (row.score * tasks + 0.5) / (tasks + 1)
    spread = share * (1 - share)
    variance = (
        1 / (tasks * spread) if row.standard_error is None else (row.standard_error / spread) ** 2
    )
    return log(share / (1 - share)), variance


def _by_difference(rows: Sequence[Result], scores: Array, unit: float) -> tuple[Array, Array]:
    """Scores without a natural zero: differences from the board's mean, in logits."""
    errors = np.array([row.standard_error or 0.0 for row in rows])
    return (scores - scores.mean()) * unit, (errors * unit) ** 2


def _unit(scores: Array, prior: Array) -> float:
    """What an index is stretched by, so that it spreads as far as expected of these models.

    The board's slope corrects that.
    """
    # The variance that is expected around the mean of these very models.
    expected = prior.diagonal().mean() - prior.mean()
    observed = scores.var()
    return float(np.sqrt(expected / observed)) if observed > 0 else 1.0
