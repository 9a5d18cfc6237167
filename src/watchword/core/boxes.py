"""Boxes: (x0, y0, x1, y1) as fractions of a picture's width and height, 0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1.

So a box fits the picture however it is squashed. Functions take boxes (..., 4), any axes in front, which broadcast.
"""

import numpy as np

WHOLE = (0.0, 0.0, 1.0, 1.0)


def areas(boxes: np.ndarray) -> np.ndarray:
    """Return the share of the picture that each box (..., 4) covers: (...); 0 for one without width or height."""
    return np.clip(boxes[..., 2:] - boxes[..., :2], 0, None).prod(-1)


def centres(boxes: np.ndarray) -> np.ndarray:
    """Return the middle (..., 2) of boxes (..., 4): x, y."""
    return (boxes[..., :2] + boxes[..., 2:]) / 2


def overlaps(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return intersection over union of boxes and others, each (..., 4): (...), from 0 to 1; 0 where both are empty."""
    low, high = np.maximum(boxes[..., :2], others[..., :2]), np.minimum(boxes[..., 2:], others[..., 2:])
    shared = np.clip(high - low, 0, None).prod(-1)
    union = areas(boxes) + areas(others) - shared
    return np.divide(shared, union, out=np.zeros_like(union), where=union > 0)


def hold(boxes: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Tell whether points (..., 2) lie in boxes (..., 4), their edges included: (...) bool."""
    return np.all((boxes[..., :2] <= points) & (points <= boxes[..., 2:]), axis=-1)
