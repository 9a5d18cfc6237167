"""Local motion: cuboids of 16 x 16 pixels and 10 frames around places that move, each as 194 numbers.

The descriptors of dense trajectories (Wang and Schmid 2013) at fixed places: histograms of the directions of flow and
of its gradients, by quarter and half.
"""

import numpy as np

from watchword.data.motion.cells import FASTEST, HOF, JERK, MBH_X, MBH_Y

WIDTH = 194
MOST = 1500  # of a clip
_HALF = 5  # frames
_MOVES = 0.5  # pixels a frame: slower cuboids are left out


def cuboids(found: np.ndarray) -> np.ndarray:
    """Return (N, 194) float16 of cells (T, H, L, 32), N from 0 to 1,500, drawn evenly where there are more.

    8 parts (2 x 2 cells, two halves of 5 frames) with three histograms of 8 directions each, square roots of shares;
    halves of the logarithms of speed and jerk. A cuboid begins at every cell and every fifth frame.
    """
    parts = [_of(found[start : start + 2 * _HALF]) for start in range(0, len(found) - 2 * _HALF + 1, _HALF)]
    numbers = np.concatenate(parts)
    chosen = np.random.default_rng(0).permutation(len(numbers))[:MOST]
    return numbers[chosen].astype(np.float16)  # as they are kept


def _of(stretch: np.ndarray) -> np.ndarray:
    """Return the moving cuboids (N, 194) of ten frames (10, H, L, 32)."""
    halves = (stretch[:_HALF].mean(0), stretch[_HALF:].mean(0))
    shapes = [np.concatenate([_shares(half[..., each]) for each in (HOF, MBH_X, MBH_Y)], -1) for half in halves]
    speed, jerk = (sum(_quarters(stretch[..., which].mean(0))) / 4 for which in (FASTEST, JERK))
    sizes = [np.log(size + 0.1)[..., None] * 0.5 for size in (speed, jerk)]
    return np.concatenate([*(part for shape in shapes for part in _quarters(shape)), *sizes], -1)[speed > _MOVES]


def _quarters(planes: np.ndarray) -> list[np.ndarray]:
    """Return, of places (H, L, …), the four cells of each cuboid: each (H - 1, L - 1, …)."""
    return [planes[:-1, :-1], planes[1:, :-1], planes[:-1, 1:], planes[1:, 1:]]


def _shares(histogram: np.ndarray) -> np.ndarray:
    """Return the square roots of the shares of each direction; what hardly moves has little of any."""
    return np.sqrt(histogram / (histogram.sum(-1, keepdims=True) + 0.05))
