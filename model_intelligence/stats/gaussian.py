"""Linear models with Gaussian errors: the posterior of unknown quantities, in closed form.

Importing it loads numpy, so it is imported where a fit is made.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """The unknowns' means (n) and their covariances (n by n)."""

    mean: Array
    covariance: Array


def posterior(design: Array, values: Array, prior_precision: Array) -> Posterior:
    """Of `values` = `design` @ unknowns + errors of variance 1; the prior's mean is zero."""
    # The inverse, where a solver would do for the means: the chance that one model is better than
    # another needs their covariance.
    covariance = np.linalg.inv(design.T @ design + prior_precision).astype(np.float64)
    return Posterior(covariance @ (design.T @ values), covariance)


def whitened(rows: Array, variances: Array, groups: Index, shared: float) -> Array:
    """The rows such that their errors are independent and of variance 1.

    Each row has an error of its own variance, and all rows of a group have one error of variance
    `shared` in common. `groups` numbers each row's group, in ascending order. Part of the group's
    weighted mean is subtracted, as in the random-effects transformation of panel data.
    """
    # Fuller and Battese, Journal of the American Statistical Association 68 (1973), generalised to
    # rows of different variances.
    weights = 1 / variances
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    totals = np.add.reduceat(weights, starts)
    means = np.add.reduceat(rows * weights[:, None], starts) / totals[:, None]
    parts = 1 - 1 / np.sqrt(1 + shared * totals)
    transformed: Array = (rows - (parts[:, None] * means)[groups]) * np.sqrt(weights)[:, None]
    return transformed
