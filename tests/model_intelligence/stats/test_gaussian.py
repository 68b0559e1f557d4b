"""Gaussian linear algebra against figures worked out by hand."""

from statistics import NormalDist

import numpy as np
import pytest

from model_intelligence.stats.gaussian import chances_above_zero, whitened


def test_whitened_rows_have_the_inverse_of_the_error_covariance() -> None:
    variances, groups, shared = np.array([1.0, 2.0, 4.0]), np.array([0, 0, 1]), 3.0
    errors = np.diag(variances) + shared * (groups[:, None] == groups)
    whitening = whitened(np.eye(3), variances, groups, shared)
    assert whitening.T @ whitening == pytest.approx(np.linalg.inv(errors))


def test_without_a_shared_error_rows_are_only_scaled() -> None:
    rows = whitened(np.eye(2), np.array([4.0, 9.0]), np.array([0, 0]), 0.0)
    assert rows == pytest.approx(np.diag([1 / 2, 1 / 3]))


def test_groups_may_be_numbered_from_anywhere() -> None:
    variances = np.array([1.0, 2.0, 4.0])
    rows, shifted = (
        whitened(np.eye(3), variances, np.array(groups), 3.0) for groups in ([0, 0, 1], [4, 4, 9])
    )
    assert shifted.tolist() == rows.tolist()


def test_chances_are_those_of_the_normal_distribution_to_two_digits() -> None:
    means = np.linspace(-4, 4, 2_001)
    expected = [round(NormalDist(0, 1.5).cdf(mean), 2) for mean in means.tolist()]
    assert chances_above_zero(means, np.full(len(means), 1.5**2)) == expected
