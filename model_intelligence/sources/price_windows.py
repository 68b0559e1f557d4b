"""Prices that hold from a day on, or for some hours of the day, as points in time. Pure.

Where a price depends on the hour, the highest is kept, with an hour at which it holds: what is
stored must not change with the hour of the run, and a call may be made at any.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal
from typing import NamedTuple

from model_intelligence.observations.listing import PricePoint
from model_intelligence.records import UNDATED

Window = tuple[time, time]  # from, to (not included), UTC; over midnight if `to` is not later


class Condition(NamedTuple):
    """A price of a list, and when it holds: from a day on, or within a window of every day."""

    point: PricePoint
    since: datetime = UNDATED
    window: Window | None = None


def dated_points(conditions: Iterable[Condition]) -> tuple[PricePoint, ...]:
    """The prices in order of their dates; the last of one date wins.

    Windows carry no date, so they are taken to hold since the last change.
    """
    given = list(conditions)
    dated = {
        one.since: replace(one.point, effective_at=one.since) for one in given if not one.window
    }
    points = [dated[since] for since in sorted(dated)]
    windows = [one for one in given if one.window is not None]
    if not windows:
        return tuple(points)
    return (*points[:-1], _highest(points[-1] if points else None, windows))


def _highest(base: PricePoint | None, windows: Sequence[Condition]) -> PricePoint:
    taken = [one.window for one in windows if one.window]
    peak = max(windows, key=lambda one: _blended(one.point))
    if base is not None and _blended(base) >= _blended(peak.point):
        return replace(base, hour_utc=hour_outside(taken))
    since = UNDATED if base is None else base.effective_at
    assert peak.window is not None  # noqa: S101  # all of `windows` have one
    return replace(peak.point, effective_at=since, hour_utc=_hour_inside(peak.window))


def hour_outside(windows: Sequence[Window]) -> int | None:
    """The first hour of the day that begins in none of the windows."""
    return next((hour for hour in range(24) if not any(_is_in(hour, one) for one in windows)), None)


def _hour_inside(window: Window) -> int | None:
    return next((hour for hour in range(24) if _is_in(hour, window)), None)


def _is_in(hour: int, window: Window) -> bool:
    start, end = window
    moment = time(hour)
    if start < end:
        return start <= moment < end
    return moment >= start or moment < end


def _blended(point: PricePoint) -> Decimal:
    return 2 * point.input_per_1k + point.output_per_1k
