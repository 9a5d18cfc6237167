"""Rows of different lengths in flat arrays."""

import numpy as np


def spans(starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each place from starts[n] to ends[n] of each n in turn: n, and the place, int64."""
    lengths = np.asarray(ends, np.int64) - starts
    which = np.repeat(np.arange(len(lengths)), lengths)
    before = np.cumsum(lengths) - lengths
    return which, np.arange(len(which)) + (starts - before)[which]


def offsets(lengths: np.ndarray) -> np.ndarray:
    """Return (N + 1,) int64, where each of N rows starts, and the end."""
    ends = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=ends[1:])
    return ends


def join(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return all pairs of places where left[a] == right[b], as the places a and the places b."""
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    a, at = spans(np.searchsorted(ordered, left, "left"), np.searchsorted(ordered, left, "right"))
    return a, order[at]
