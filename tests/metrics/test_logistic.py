import numpy as np
import pytest

from watchword.core.errors import ScoreError
from watchword.metrics.logistic import fit_logistic, probabilities


def some_data(rows=400, seed=0):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(rows, 3))
    return features, rng.random(rows) < probabilities(features, np.array([1.5, -2.0, 0.0]), 0.5)


@pytest.mark.parametrize("penalty", [1e-3, 1.0, 50.0])
def test_the_gradient_is_zero_at_the_fit(penalty):
    features, labels = some_data()
    weights, bias = fit_logistic(features, labels, penalty)
    error = probabilities(features, weights, bias) - labels
    np.testing.assert_allclose(features.T @ error + penalty * weights, 0, atol=1e-6)
    assert error.sum() == pytest.approx(0, abs=1e-6)  # the bias is not penalised


def test_the_truth_is_found_from_enough_examples():
    weights, bias = fit_logistic(*some_data(rows=50_000))
    assert [*weights, bias] == pytest.approx([1.5, -2.0, 0.0, 0.5], abs=0.08)


def test_with_constant_features_the_bias_is_the_log_odds():
    weights, bias = fit_logistic(np.zeros((4, 1)), np.array([True, True, True, False]))
    assert weights.tolist() == [0.0]
    assert bias == pytest.approx(np.log(3))


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e4])
def test_separable_data_stays_finite(scale):
    features = np.array([[-2.0], [-1.0], [1.0], [2.0]]) * scale
    weights, bias = fit_logistic(features, features[:, 0] > 0, penalty=0.1)
    chances = probabilities(features, weights, bias)
    assert np.isfinite([*weights, bias]).all()
    assert (np.diff(chances) >= 0).all()
    assert ((chances >= 0) & (chances <= 1)).all()


def test_columns_that_say_the_same_share_the_weight():
    features, labels = some_data()
    weights, _ = fit_logistic(features[:, [0, 0]], labels)
    assert weights[0] == pytest.approx(weights[1])


def test_probabilities_do_not_overflow():
    assert probabilities(np.array([[-1e6], [0.0], [1e6]]), np.array([1.0]), 0.0).tolist() == [0, 0.5, 1]


@pytest.mark.parametrize(
    ("features", "labels", "penalty", "message"),
    [
        (np.zeros(3), np.array([0, 1, 1]), 1.0, r"features \(3,\) and labels \(3,\)"),
        (np.zeros((2, 1)), np.array([0, 1, 1]), 1.0, r"labels \(3,\): they are"),
        (np.array([[np.inf], [0]]), np.array([0, 1]), 1.0, "must be finite"),
        (np.zeros((2, 1)), np.array([0, 1]), 0.0, "the penalty, 0.0, above 0"),
        (np.zeros((2, 1)), np.array([1, 1]), 1.0, "a fit needs right and wrong examples"),
    ],
)
def test_what_cannot_be_fitted_is_refused(features, labels, penalty, message):
    with pytest.raises(ScoreError, match=message):
        fit_logistic(features, labels, penalty)
