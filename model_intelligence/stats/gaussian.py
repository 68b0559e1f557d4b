"""Linear models with Gaussian errors: what is known of unknown quantities, in closed form.

Importing it loads numpy, so it is imported where a fit is made.
"""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]

# Where the chance of being above zero, in whole percent, becomes the next one: 0.5 %, 1.5 %, ...
_NEXT_PERCENT = np.array([NormalDist().inv_cdf((percent + 0.5) / 100) for percent in range(100)])


def whitened(rows: Array, variances: Array, groups: Index, shared: float) -> Array:
    """The rows such that their errors are independent and of variance 1.

    Each row has an error of its own variance, and all rows of a group have one error of variance
    `shared` in common. `groups` numbers each row's group; it does not descend. Part of the group's
    weighted mean is subtracted, as in the random-effects transformation of panel data.
    """
    # Fuller and Battese, Journal of the American Statistical Association 68 (1973), generalised to
    # rows of different variances.
    weights = 1 / variances
    is_first = np.diff(groups, prepend=-1) > 0
    starts, group = np.flatnonzero(is_first), np.cumsum(is_first) - 1
    totals = np.add.reduceat(weights, starts)
    means = np.add.reduceat(rows * weights[:, None], starts) / totals[:, None]
    parts = 1 - 1 / np.sqrt(1 + shared * totals)
    transformed: Array = (rows - (parts[:, None] * means)[group]) * np.sqrt(weights)[:, None]
    return transformed


def chances_above_zero(means: Array, variances: Array) -> Sequence[float]:
    """The chance that each is above zero, rounded to two digits."""
    percents = _NEXT_PERCENT.searchsorted(means / np.sqrt(variances))
    rounded: list[float] = (percents / 100).tolist()
    return rounded
