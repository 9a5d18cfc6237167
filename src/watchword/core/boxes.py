"""Boxes: (x0, y0, x1, y1) as fractions of a picture's width and height, 0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1.

So a box fits the picture however it is squashed. Functions take boxes (..., 4), any axes in front, which broadcast.
"""

import numpy as np

WHOLE = (0.0, 0.0, 1.0, 1.0)
_SAME, _ALL = 0.6, 0.9  # of both boxes, and of the picture


def are_boxes(numbers: np.ndarray) -> bool:
    """Tell whether numbers (..., 4) are boxes, all of them."""
    low, high = numbers[..., :2], numbers[..., 2:]
    return bool(((low >= 0) & (low < high) & (high <= 1)).all())


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


def gathered(boxes: np.ndarray) -> np.ndarray:
    """Return boxes (N, 4) of which those that nearly coincide are one, and those of nearly all the picture the whole.

    A box that overlaps the first of a group by 0.6 (intersection over union) joins it; each becomes the group's mean.
    """
    found = np.array(boxes)
    whole = areas(found) >= _ALL
    found[whole] = WHOLE
    firsts, groups = list[np.ndarray](), list[list[int]]()
    for number in np.flatnonzero(~whole).tolist():
        near = overlaps(found[number], np.array(firsts)) if firsts else np.zeros(0)
        if len(near) and near.max() >= _SAME:
            groups[int(near.argmax())].append(number)
        else:
            firsts.append(found[number])
            groups.append([number])
    for group in groups:
        found[group] = found[group].mean(0)
    return found
