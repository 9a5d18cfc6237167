"""Logistic regression, small enough to be plain: a confidence out of a few figures of a sentence."""

import numpy as np

from watchword.core.errors import ScoreError

_STEPS = 100
_ENOUGH = 1e-10  # largest part of the gradient, for one row, at which the fit is done


def fit_logistic(features: np.ndarray, labels: np.ndarray, penalty: float = 1.0) -> tuple[np.ndarray, float]:
    """Return the weights, (F,) float64, and the bias that make `labels` likeliest.

    features: (N, F), best of about unit size. labels: (N,) bool, with both kinds in it.
    penalty: half of this times the squared weights (not the bias) is added to the negative log-likelihood.
    Newton's method (iteratively reweighted least squares), halving steps that lead up.
    Raises `ScoreError` where shapes do not fit, a number is not finite, or all labels are the same.
    """
    rows, wanted = _checked(features, labels, penalty)
    shrink = np.full(rows.shape[1], penalty)
    shrink[-1] = 0.0
    weights = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        chances = _sigmoid(rows @ weights)
        gradient = rows.T @ (chances - wanted) + shrink * weights
        if np.abs(gradient).max() <= _ENOUGH * len(rows):
            break
        curvature = rows.T @ (rows * (chances * (1 - chances))[:, None]) + np.diag(shrink)
        weights = _descend(rows, wanted, shrink, weights, np.linalg.lstsq(curvature, gradient, rcond=None)[0])
    return weights[:-1], float(weights[-1])


def probabilities(features: np.ndarray, weights: np.ndarray, bias: float) -> np.ndarray:
    """Return (N,) float64, the probability of each row of `features`, (N, F), under a fit."""
    return _sigmoid(np.asarray(features, np.float64) @ weights + bias)


def _checked(features: np.ndarray, labels: np.ndarray, penalty: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the features with a column of ones, (N, F + 1), and the labels as 0 and 1."""
    rows, wanted = np.asarray(features, np.float64), np.asarray(labels, np.float64)
    if rows.ndim != 2 or wanted.shape != rows.shape[:1]:
        raise ScoreError(f"features {rows.shape} and labels {wanted.shape}: they are (N, F) and (N,)")
    if not np.isfinite(rows).all() or not penalty > 0:
        raise ScoreError(f"features must be finite, and the penalty, {penalty}, above 0")
    if set(np.unique(wanted)) != {0.0, 1.0}:
        raise ScoreError("labels of one kind, or other than true and false: a fit needs right and wrong examples")
    return np.column_stack([rows, np.ones(len(rows))]), wanted


def _descend(
    rows: np.ndarray, wanted: np.ndarray, shrink: np.ndarray, weights: np.ndarray, step: np.ndarray
) -> np.ndarray:
    """Return the weights after the largest of step, step / 2, step / 4 ... that does not lead up."""
    before = _cost(rows, wanted, shrink, weights)
    for halving in range(40):
        after = weights - step / 2**halving
        if _cost(rows, wanted, shrink, after) <= before:
            return after
    return weights


def _cost(rows: np.ndarray, wanted: np.ndarray, shrink: np.ndarray, weights: np.ndarray) -> float:
    """Return the negative log-likelihood with its penalty."""
    scores = rows @ weights
    return float((np.logaddexp(0, scores) - wanted * scores).sum() + (shrink * weights**2).sum() / 2)


def _sigmoid(scores: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-scores)), without overflow."""
    return np.exp(-np.logaddexp(0, -scores))
