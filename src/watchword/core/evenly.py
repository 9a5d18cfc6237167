"""Some of many, evenly taken."""

import numpy as np


def evenly(count: int, most: int) -> np.ndarray:
    """Return the places (N,) int64, rising, of `most` of `count` things at most, the first and the last among them."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.int64))
