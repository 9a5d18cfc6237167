"""Vectors in one byte a number, and a short form of them to guess dot products by.

The short form of a vector is its part along the directions in which a collection's vectors have most energy
(principal axes, not centred). What is searched for is turned likewise.
"""

from dataclasses import dataclass

import numpy as np

_ENERGY, _LEAST, _STEP = 0.45, 32, 16  # of the energy, what the short form holds; how many numbers it has at least
_TOP = 127

Pair = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Coding:
    """How vectors of width D become bytes: H of the short form, D of the long one.

    axes: (D, H). short, long: (H,) and (D,), what one level is worth.
    """

    axes: np.ndarray
    short: np.ndarray
    long: np.ndarray

    def encode(self, vectors: np.ndarray) -> Pair:
        """Return vectors (N, D) as codes (N, H) and (N, D), int8."""
        full = vectors.astype(np.float32, copy=False)
        return _codes(full @ self.axes, self.short), _codes(full, self.long)

    def words(self, words: np.ndarray) -> Pair:
        """Return what codes are multiplied by to score words (T, D): (H, T) and (D, T) float32."""
        return (
            np.ascontiguousarray((words @ self.axes * self.short).T, np.float32),
            np.ascontiguousarray((words * self.long).T, np.float32),
        )


def fit_coding(sample: np.ndarray) -> Coding:
    """Return the coding that suits a sample of vectors (N, D)."""
    vectors = sample.astype(np.float32)
    energy, axes = np.linalg.eigh((vectors.T @ vectors).astype(np.float64))
    share = np.cumsum(np.maximum(energy[::-1], 0))
    enough = int(np.searchsorted(share, _ENERGY * share[-1])) + 1
    count = min(len(axes), max(_LEAST, -(-enough // _STEP) * _STEP))
    most = np.ascontiguousarray(axes[:, ::-1][:, :count], np.float32)
    return Coding(most, _level(vectors @ most), _level(vectors))


def _level(values: np.ndarray) -> np.ndarray:
    """Return what one level is worth so that the largest number of each column is the last one."""
    largest = np.abs(values).max(0)
    return np.where(largest > 0, largest / _TOP, 1.0).astype(np.float32)


def _codes(values: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Return numbers as levels; what lies beyond the sample's largest is cut off."""
    return np.clip(np.rint(values / level), -_TOP, _TOP).astype(np.int8)
