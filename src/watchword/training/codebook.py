"""Fits the codebook that Fisher vectors are taken under: principal axes of local motion, and Gaussians over them."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from watchword.core.errors import DataError

_OF_EACH = 120  # cuboids of a clip that the codebook is learnt from
_ROUNDS = 30  # of expectation and maximisation
_LEAST_VARIANCE = 1e-3


def fit_codebook(fisher: Any, cuboids: Sequence[np.ndarray], seed: int) -> None:
    """Fit principal axes of unit variance, and Gaussians over them."""
    from sklearn.mixture import GaussianMixture

    seen = np.concatenate([each[:_OF_EACH] for each in cuboids]).astype(np.float64)
    gaussians, axes = fisher.means.shape
    if len(seen) < 2 * max(gaussians, axes):
        raise DataError(
            f"{len(seen)} places move in all clips together, too few to learn {gaussians} kinds of motion from: give "
            "more clips, or --set kernels=statistics+change"
        )
    middle = seen.mean(0)
    variances, directions = np.linalg.eigh(np.cov((seen - middle).T))
    scaled = directions[:, ::-1][:, :axes] / np.sqrt(np.maximum(variances[::-1][:axes], 1e-9))
    keep(fisher, "middle", middle)
    keep(fisher, "axes", as_kept(tensor(scaled)).numpy())
    mixture = GaussianMixture(
        gaussians, covariance_type="diag", max_iter=_ROUNDS, reg_covar=_LEAST_VARIANCE, random_state=seed
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # thirty rounds are enough, whether or not all has settled
        mixture.fit((seen - middle) @ fisher.axes.double().numpy())
    for name, value in (
        ("weights", mixture.weights_),
        ("means", mixture.means_),
        ("variances", mixture.covariances_),
    ):
        keep(fisher, name, value)


def as_kept(values: Tensor) -> Tensor:
    """Return values as a bundle keeps them, in float16, so that what is fitted is what is used."""
    return values.half().float()


def keep(module: Any, name: str, value: np.ndarray) -> None:
    """Put values in the place of a module's buffer."""
    module.get_buffer(name).copy_(tensor(value))


def tensor(values: np.ndarray) -> Tensor:
    """Return values as a tensor of float32."""
    return torch.from_numpy(np.asarray(values, np.float32))
