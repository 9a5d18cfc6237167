"""Principal components: rows projected onto the axes along which they differ most. Paper 1, section 3.1."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np

from watchword.core.errors import DataError


class PCA(NamedTuple):
    """The axes of the largest eigenvalues of the covariance matrix.

    mean: (W,) float64. axes: (K, W) float64, one a row, of length 1, at right angles to each other, the
        first along which the rows vary most; the largest number of each is positive, so that the same
        rows always give the same axes. variances: (K,) float64, of the rows along each.
    """

    mean: np.ndarray
    axes: np.ndarray
    variances: np.ndarray

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Return rows (N, W) on the axes: (N, K) float32."""
        return ((rows - self.mean) @ self.axes.T).astype(np.float32)

    def save(self, path: str | Path) -> None:
        """Write the three arrays into an .npz file."""
        with Path(path).open("wb") as file:
            np.savez(file, mean=self.mean, axes=self.axes, variances=self.variances)

    @classmethod
    def load(cls, path: str | Path) -> "PCA":
        """Read what `save` wrote; nothing is unpickled. Raises `DataError` for any other file."""
        try:
            with np.load(path, allow_pickle=False) as file:
                mean, axes, variances = (np.asarray(file[name], np.float64) for name in cls._fields)
        except OSError as problem:
            raise DataError(
                f"{path}: the axes cannot be read: {problem}; `watchword encoder pca` writes them"
            ) from None
        except (KeyError, ValueError, AttributeError, TypeError, BadZipFile) as problem:
            raise DataError(f"{path} holds no axes ({problem}); `watchword encoder pca` writes them") from None
        if axes.ndim != 2 or mean.shape != axes.shape[1:] or variances.shape != axes.shape[:1]:
            raise DataError(f"{path} holds no axes: shapes {mean.shape}, {axes.shape}, {variances.shape}")
        return cls(mean, axes, variances)


def fit(rows: np.ndarray, count: int) -> PCA:
    """Return the first `count` axes of rows (N, W) that are all in memory; `DataError` where they have fewer."""
    _check(count, *rows.shape)
    mean = rows.mean(0, dtype=np.float64)
    _, lengths, axes = np.linalg.svd(rows - mean, full_matrices=False)
    return PCA(mean, _turned(axes[:count]), lengths[:count] ** 2 / (len(rows) - 1))


def fit_in_parts(parts: Iterable[np.ndarray], count: int) -> PCA:
    """Return the first `count` axes of rows that come part by part, each (N, W), and are not kept.

    Equal to `fit` of all rows at once, for it takes in their covariance as such, not an estimate of it: W x W
    numbers in memory (134 MB for W = 4,096), however many rows there are. Means and scatters of two parts are
    joined as in Chan, Golub and LeVeque 1983, which loses no digits to a mean far from 0.
    """
    number, mean, scatter = 0, np.zeros(0), np.zeros((0, 0))
    for part in parts:
        if not len(part):
            continue
        centre = part.mean(0, dtype=np.float64)
        apart = part - centre
        if not number:
            mean, scatter = np.zeros_like(centre), np.zeros((len(centre), len(centre)))
        step, both = centre - mean, number + len(part)
        scatter += apart.T @ apart
        scatter += np.outer(step, step) * (number * len(part) / both)
        mean = mean + step * (len(part) / both)
        number = both
    _check(count, number, len(mean))
    variances, axes = np.linalg.eigh(scatter / (number - 1))
    return PCA(mean, _turned(axes.T[::-1][:count]), variances[::-1][:count])


def _check(count: int, rows: int, width: int) -> None:
    """Raise `DataError` unless so many axes can be told from so many rows."""
    most = min(rows - 1, width)
    if not 1 <= count <= most:
        raise DataError(
            f"{count} axes of {rows} rows {width} wide: from 1 to {max(most, 0)}; give more photos or fewer axes"
        )


def _turned(axes: np.ndarray) -> np.ndarray:
    """Return axes (K, W), each in the direction that makes its largest number positive."""
    largest = axes[np.arange(len(axes)), np.abs(axes).argmax(1)]
    return np.ascontiguousarray(axes * np.sign(largest)[:, None])
