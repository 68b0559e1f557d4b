"""Gaussian linear algebra against figures worked out by hand."""

import numpy as np
import pytest

from model_intelligence.stats.gaussian import posterior, whitened


def test_one_unknown_is_the_mean_of_prior_and_value_by_their_precisions() -> None:
    found = posterior(np.array([[1.0], [1.0]]), np.array([3.0, 5.0]), np.array([[2.0]]))
    assert found.mean.tolist() == [(3 + 5) / (2 + 2)]
    assert found.covariance.tolist() == [[1 / 4]]


def test_whitened_rows_have_the_inverse_of_the_error_covariance() -> None:
    variances, groups, shared = np.array([1.0, 2.0, 4.0]), np.array([0, 0, 1]), 3.0
    errors = np.diag(variances) + shared * (groups[:, None] == groups)
    whitening = whitened(np.eye(3), variances, groups, shared)
    assert whitening.T @ whitening == pytest.approx(np.linalg.inv(errors))


def test_without_a_shared_error_rows_are_only_scaled() -> None:
    rows = whitened(np.eye(2), np.array([4.0, 9.0]), np.array([0, 0]), 0.0)
    assert rows == pytest.approx(np.diag([1 / 2, 1 / 3]))
