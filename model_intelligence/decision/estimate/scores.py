"""Published scores in logits, whatever their scale; loads numpy."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from model_intelligence.decision.ability import FitSettings, Result
from model_intelligence.stats.gaussian import Array, Index

LOGITS_PER_ELO = log(10) / 400


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Each result's score in logits, with the variance of the error that is its own."""

    logits: Array
    variances: Array


def scores_of(
    rows: Sequence[Result], model: Index, board: Index, prior: Array, settings: FitSettings
) -> Scores:
    """The scores; `model` and `board` number each row's, `prior` is the models' covariance."""
    logits, sampling = np.zeros(len(rows)), np.zeros(len(rows))
    for number in range(board.max(initial=-1) + 1):
        places = np.flatnonzero(board == number)
        some = [rows[place] for place in places.tolist()]
        among = prior[np.ix_(model[places], model[places])]
        logits[places], sampling[places] = _of_board(some, among, settings)
    return Scores(logits, sampling + settings.board)


def _of_board(rows: Sequence[Result], prior: Array, settings: FitSettings) -> tuple[Array, Array]:
    if rows[0].scale != "share":
        return _by_difference(rows, prior)
    shares = np.array([_share(row, settings.assumed_tasks) for row in rows])
    return shares[:, 0], shares[:, 1]


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


def _by_difference(rows: Sequence[Result], prior: Array) -> tuple[Array, Array]:
    """Scores without a natural zero: differences from the board's mean, in logits.

    An Elo rating is a logit but for its unit. Any other index is stretched until it spreads as far
    as the prior expects of these models; the board's slope corrects that.
    """
    scores = np.array([row.score for row in rows])
    errors = np.array([row.standard_error or 0.0 for row in rows])
    unit = LOGITS_PER_ELO if rows[0].scale == "elo" else _unit(scores, prior)
    return (scores - scores.mean()) * unit, (errors * unit) ** 2


def _unit(scores: Array, prior: Array) -> float:
    # The variance that is expected around the mean of these very models.
    expected = prior.diagonal().mean() - prior.mean()
    observed = scores.var()
    return float(np.sqrt(expected / observed)) if observed > 0 else 1.0
