"""What lineage alone says of abilities: how models are expected to vary together; loads numpy.

An ability is the sum of effects that models of all makers share (the trend over the years, the
tier) and a deviation, which varies together only with those of the same maker.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from model_intelligence.decision.ability import FitSettings, Lineage
from model_intelligence.stats.gaussian import Array

DAYS_PER_YEAR = 365.25
UNDATED = 1.0  # variance of a release date that no source states, in squared years


def shared_effects(
    models: Sequence[Lineage], settings: FitSettings, origin: date
) -> tuple[Array, Array]:
    """How much of each shared effect is in each model's ability, and the effects' variances."""
    tiers = sorted({model.tier for model in models})
    of_tier = _same([model.tier for model in models], tiers)
    variances = np.array([settings.trend, *(settings.tier for _ in tiers)])
    return np.column_stack([_years(models, origin), of_tier]), variances


def deviations(models: Sequence[Lineage], settings: FitSettings, origin: date) -> Array:
    """The covariances of what is special to models of one maker.

    They are alike by maker and line while they are near in time.
    """
    years = _years(models, origin)
    near = np.exp(-np.abs(years[:, None] - years) / settings.fades_in)
    lines, names = [model.line for model in models], [model.model for model in models]
    undated = np.array([UNDATED if model.released is None else 0.0 for model in models])
    alike = (settings.maker + settings.line * _same(lines, lines)) * near
    found: Array = alike + (settings.own + settings.trend * undated) * _same(names, names)
    return found


def covariances(models: Sequence[Lineage], settings: FitSettings, origin: date) -> Array:
    """The prior covariances of the abilities themselves."""
    parts, variances = shared_effects(models, settings, origin)
    makers = [model.maker for model in models]
    special = deviations(models, settings, origin) * _same(makers, makers)
    found: Array = (parts * variances) @ parts.T + special
    return found


def mean_date(models: Sequence[Lineage]) -> date:
    """The mean release date, from which years are counted."""
    days = [model.released.toordinal() for model in models if model.released]
    return date.fromordinal(round(sum(days) / len(days))) if days else date(2025, 1, 1)


def _years(models: Sequence[Lineage], origin: date) -> Array:
    days = [(model.released - origin).days if model.released else 0 for model in models]
    return np.array(days) / DAYS_PER_YEAR


def _same(some: Sequence[str], others: Sequence[str]) -> Array:
    numbers = {name: number for number, name in enumerate({*some, *others})}
    rows, columns = (np.array([numbers[name] for name in names]) for names in (some, others))
    equal: Array = (rows[:, None] == columns).astype(float)
    return equal
