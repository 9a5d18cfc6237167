"""Many boxes of one photo: compared, clipped, thinned out, merged. `core/boxes.py` says what a box is."""

import numpy as np

from watchword.core.boxes import areas, centres, hold, overlaps

SAME = 0.7  # intersection over union above which paper 5 takes two boxes for one region (section 4)


def clipped(boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what lies inside the picture of boxes (N, 4), those of which nothing does left out, and their places."""
    inside = np.asarray(boxes, np.float32).clip(0, 1)
    places = np.flatnonzero(areas(inside) > 0)
    return inside[places], places


def iou(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return intersection over union of all pairs of boxes (N, 4) and others (M, 4): (N, M)."""
    return overlaps(boxes[:, None], others[None])


def centre_inside(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Tell whether the centre of boxes (N, 4) lies in others (M, 4): (N, M) bool."""
    return hold(others[None], centres(boxes)[:, None])


def suppressed(boxes: np.ndarray, scores: np.ndarray, *, above: float = 0.5, keep: int | None = None) -> np.ndarray:
    """Return the places of boxes (N, 4) that non-maximum suppression leaves, best score (N,) first: (K,) int64.

    A box goes if it overlaps a better one that stays by more than `above` (intersection over union); of equal
    scores the earlier box is better. keep: K at most.
    """
    left = np.argsort(-np.asarray(scores, np.float64), kind="stable")
    kept: list[np.intp] = []
    while len(left) and (keep is None or len(kept) < keep):
        best, left = left[0], left[1:]
        kept.append(best)
        left = left[overlaps(boxes[best], boxes[left]) <= above]
    return np.array(kept, np.int64)


def merged(boxes: np.ndarray, *, above: float = SAME) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the mean boxes (G, 4) of groups that overlap, and the places (int64, rising) of the boxes of each.

    The box that most others overlap by more than `above` takes them into its group; so on with what is left, until
    every box has one; groups come in the order of their first box. A sentence of one box is thereby a sentence of
    its group.
    """
    near = iou(boxes, boxes) > above
    np.fill_diagonal(near, True)  # even a box without area belongs to itself
    groups = []
    while near.any():
        group = np.flatnonzero(near[near.sum(1).argmax()])
        groups.append(group)
        near[group], near[:, group] = False, False
    groups.sort(key=lambda group: int(group[0]))
    means = [boxes[group].mean(0) for group in groups]
    return np.array(means, np.float32).reshape(-1, 4), groups
