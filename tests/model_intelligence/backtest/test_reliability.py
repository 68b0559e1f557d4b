"""Stated chances against what came of them."""

import pytest

from model_intelligence.backtest.reliability import Stated, brier, reliability


def test_the_brier_score_is_the_mean_squared_distance() -> None:
    assert brier([Stated(0.9, True), Stated(0.6, False)]) == pytest.approx((0.01 + 0.36) / 2)


def test_chances_are_grouped_by_tenths_and_certainty_belongs_to_the_last() -> None:
    stated = [Stated(0.5, True), Stated(0.59, False), Stated(0.9, True), Stated(1.0, True)]
    found = reliability(stated)
    assert found is not None
    assert [(each.floor, each.came_true, each.n) for each in found.bins] == [
        (0.5, 1, 2),
        (0.9, 2, 2),
    ]
    assert [each.said for each in found.bins] == [pytest.approx(0.545), pytest.approx(0.95)]


def test_the_best_constant_is_the_share_that_came_true() -> None:
    found = reliability([Stated(0.5, True), *[Stated(0.5, False)] * 3])
    assert found is not None
    assert (found.came_true, found.best_constant) == (0.25, 0.1875)


def test_nothing_stated_is_no_table() -> None:
    assert reliability([]) is None
