"""RoI align: He et al. 2017, "Mask R-CNN", section 3. A region's features, of the maps of the whole picture.

In a box lie points at even distances, 7 bins with 2 points in each, both ways; the maps are read between cells at
each (bilinear), and here their mean is wanted. Reading between cells along an axis is a row of weights, the mean of
such rows is one too, and both axes are independent: so a box is the outer product of two rows, and any number of
boxes a matrix that multiplies the cells.
"""

import numpy as np
import torch
from torch import Tensor

from watchword.data import sampling

POINTS = 14  # along each axis of a box


def between(low: Tensor, high: Tensor, cells: int, points: int) -> Tensor:
    """Return how much each of `cells` along an axis counts at points inside a box from low to high (...), which are
    fractions of the axis: (..., points, cells).
    """
    steps = (torch.arange(points, dtype=low.dtype, device=low.device) + 0.5) * (cells / points)
    return sampling.between(low, high, torch.arange(cells, dtype=low.dtype, device=low.device), steps)


def pooling(boxes: Tensor, grid: tuple[int, int], points: int = POINTS) -> Tensor:
    """Return the matrices (..., R, C) that make regions of the C = rows x columns cells of a grid, row by row.

    boxes: (..., R, 4), x0, y0, x1, y1 as fractions.
    """
    x0, y0, x1, y1 = boxes.unbind(-1)
    down, across = between(y0, y1, grid[0], points).mean(-2), between(x0, x1, grid[1], points).mean(-2)
    return (down[..., :, None] * across[..., None, :]).flatten(-2)


def pooling_matrix(boxes: np.ndarray, grid: tuple[int, int], points: int = POINTS) -> np.ndarray:
    """Return `pooling` of fixed boxes (R, 4) as an array (R, C) float32: regions = matrix @ cells (C, W)."""
    return pooling(torch.from_numpy(np.asarray(boxes, np.float64)), grid, points).float().numpy()


def roi_align(maps: Tensor, boxes: Tensor, points: int = POINTS) -> Tensor:
    """Return the mean features (B, R, W) of boxes (B, R, 4) of maps (B, W, H, L)."""
    rows, columns = maps.shape[-2:]
    return pooling(boxes, (rows, columns), points) @ maps.flatten(2).transpose(1, 2)
