"""Maps and pictures read between their cells: He et al. 2017, "Mask R-CNN", section 3.

Reading between cells along an axis (linear) is a row of weights for each place, and both axes are independent; so a
box of a map is one small matrix down times the map times one across. Written once for NumPy and PyTorch.
"""

from typing import TypeVar

import numpy as np

Array = TypeVar("Array")


def between(low: Array, high: Array, middles: Array, steps: Array) -> Array:
    """Return how much each cell along an axis counts at points inside a box from low to high (...), which are fractions
    of the axis: (..., points, cells).

    middles: the numbers of the cells, 0, 1, ... steps: where the points lie, rising, in cells of a box that is the
    whole axis; so those of middles + 0.5 are the cells themselves, to the bit.
    A cell's value stands in its middle; beyond the outermost middles it is theirs.
    """
    last = middles.shape[0] - 1  # type: ignore[attr-defined]
    places = low[..., None] * (last + 1) + (high - low)[..., None] * steps - 0.5  # type: ignore
    return (1 - abs(places.clip(0, last)[..., None] - middles)).clip(min=0)


def in_boxes(maps: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Return maps (B, H, L, W) of which each shows a box (B, 4) of the map given, drawn up to the same H x L cells.

    Maps (1, H, L, W) are looked at through every box. The box of the whole gives the map as it is. float32.
    """
    rows, columns = maps.shape[1:3]
    x0, y0, x1, y1 = np.asarray(boxes, np.float32).T
    down, across = _weights(y0, y1, rows), _weights(x0, x1, columns)
    lines = down @ maps.astype(np.float32).reshape(len(maps), rows, columns * maps.shape[3])  # (B, H, L W)
    return across[:, None] @ lines.reshape(len(boxes), *maps.shape[1:])


def _weights(low: np.ndarray, high: np.ndarray, cells: int) -> np.ndarray:
    """Return the weights (B, cells, cells) of as many points as there are cells, each in the middle of its share."""
    middles = np.arange(cells, dtype=np.float32)
    return between(low, high, middles, middles + np.float32(0.5))
