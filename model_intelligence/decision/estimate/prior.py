"""What lineage alone says of abilities: how models are expected to vary together; loads numpy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from model_intelligence.decision.ability import FitSettings, Lineage
from model_intelligence.stats.gaussian import Array

DAYS_PER_YEAR = 365.25
UNDATED = 1.0  # variance of a release date that no source states, in squared years


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """The prior of the measured models, from which that of any other model follows."""

    measured: Sequence[Lineage]
    covariance: Array
    origin: date
    settings: FitSettings

    @classmethod
    def of(cls, measured: Sequence[Lineage], settings: FitSettings) -> "Prior":
        """Years are counted from the mean release date."""
        origin = _mean_date(measured)
        covariance = covariances(measured, measured, settings, origin)
        np.fill_diagonal(covariance, variances(measured, settings, origin))
        return cls(measured, covariance, origin, settings)

    def weights(self, others: Sequence[Lineage]) -> tuple[Array, Array]:
        """How much each measured ability counts for each of the others, and their variances."""
        shared = covariances(others, self.measured, self.settings, self.origin)
        weights = np.linalg.solve(self.covariance, shared.T).T
        return weights.astype(np.float64), variances(others, self.settings, self.origin)


def covariances(
    some: Sequence[Lineage], others: Sequence[Lineage], settings: FitSettings, origin: date
) -> Array:
    """The prior covariance of each of `some` with each of `others`, which are other models.

    Models are alike by release date, by tier, and by maker and line while they are near in time.
    """
    years, other_years = _years(some, origin)[:, None], _years(others, origin)
    near = np.exp(-np.abs(years - other_years) / settings.fades_in)
    tier = settings.tier * _same([one.tier for one in some], [one.tier for one in others])
    maker = settings.maker * _same([one.maker for one in some], [one.maker for one in others])
    line = settings.line * _same([one.line for one in some], [one.line for one in others])
    # A trend whose slope is unknown: its covariance is the product of the two times.
    found: Array = settings.trend * years * other_years + tier + (maker + line) * near
    return found


def variances(models: Sequence[Lineage], settings: FitSettings, origin: date) -> Array:
    """Each model's prior variance."""
    years = _years(models, origin)
    undated = np.array([UNDATED if model.released is None else 0.0 for model in models])
    alike = settings.tier + settings.maker + settings.line
    found: Array = settings.trend * (years**2 + undated) + alike + settings.own
    return found


def _mean_date(models: Sequence[Lineage]) -> date:
    days = [model.released.toordinal() for model in models if model.released]
    return date.fromordinal(round(sum(days) / len(days))) if days else date(2025, 1, 1)


def _years(models: Sequence[Lineage], origin: date) -> Array:
    days = [(model.released - origin).days if model.released else 0 for model in models]
    return np.array(days) / DAYS_PER_YEAR


def _same(some: Sequence[str], others: Sequence[str]) -> Array:
    equal: Array = (np.array(some)[:, None] == np.array(others)).astype(float)
    return equal
