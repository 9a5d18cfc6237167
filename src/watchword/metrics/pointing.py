"""Whether the box that was found for a phrase is where the phrase is: for phrases whose boxes people drew.

A phrase may have several boxes ("two dogs"); a region that fits any of them is right. Boxes are (x0, y0, x1, y1) as
fractions. What is chosen by chance, the whole picture, its largest part and the best region are there to compare with.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from watchword.core.boxes import WHOLE, areas, centres, hold, overlaps
from watchword.core.errors import ScoreError

ENOUGH = 0.5  # intersection over union at which a region is where the phrase is
_ALIKE = 1e-4  # of the picture's area: what rounding may put between regions of one size


class Pointing(NamedTuple):
    """Shares of phrases, 0 to 1: the region covers the middle of a box; a box covers the middle of the region; both
    overlap by half or more (intersection over union).

    A region that is the whole picture is always right by the first; together with the second it says something.
    """

    covers: float
    inside: float
    overlaps: float


def right(regions: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Tell which of regions (R, 4) are right for a phrase of boxes (K, 4), by the three of `Pointing`: (3, R) bool."""
    each, of = regions[:, None], boxes[None]
    found = hold(each, centres(of)), hold(of, centres(each)), overlaps(each, of) >= ENOUGH
    return np.any(np.stack(found), axis=2)


def pointing(found: Sequence[np.ndarray] | np.ndarray, boxes: Sequence[np.ndarray]) -> Pointing:
    """Return the shares of N phrases for which the box that was found is right.

    found: (N, 4), for the phrase of boxes[i] (K, 4); K may differ from phrase to phrase. Raises `ScoreError` without
    phrases, or for lengths and shapes that do not fit.
    """
    if len(found) != len(boxes):
        raise ScoreError(f"{len(found)} boxes were found for {len(boxes)} phrases: give one for each")
    for i, box in enumerate(found):
        if np.shape(box) != (4,):
            raise ScoreError(f"phrase {i}: the box that was found has the shape {np.shape(box)}; give (4,)")
    regions = [np.asarray(box)[None] for box in found]
    _check(regions, boxes)
    return _mean([right(one, drawn)[:, 0] for one, drawn in zip(regions, boxes, strict=True)])


def by_chance(regions: Sequence[np.ndarray], boxes: Sequence[np.ndarray]) -> Pointing:
    """Return what to expect of a region drawn at random, all alike."""
    _check(regions, boxes)
    return _mean([right(of, drawn).mean(1) for of, drawn in zip(regions, boxes, strict=True)])


def whole_picture(boxes: Sequence[np.ndarray]) -> Pointing:
    """Return the shares for the whole picture, whatever the phrase says."""
    return pointing([np.array(WHOLE, np.float32)] * len(boxes), boxes)


def largest_part(regions: Sequence[np.ndarray], boxes: Sequence[np.ndarray]) -> Pointing:
    """Return the shares for each photo's largest region that is not the whole of it, whatever the phrase says.

    Of several as large it is what to expect of any of them; where there is nothing but the whole, that.
    """
    _check(regions, boxes)
    return by_chance([of[_largest(of)] for of in regions], boxes)


def at_best(regions: Sequence[np.ndarray], boxes: Sequence[np.ndarray]) -> Pointing:
    """Return the shares of phrases for which any region is right, by each of the three: whoever chooses among them
    cannot pass that.
    """
    _check(regions, boxes)
    return _mean([np.any(right(of, drawn), axis=1) for of, drawn in zip(regions, boxes, strict=True)])


def _largest(regions: np.ndarray) -> np.ndarray:
    """Tell which of regions (R, 4), the whole picture aside, are the largest: (R,) bool."""
    whole = np.all(regions == np.array(WHOLE, np.float32), axis=1)
    sizes = np.where(whole, 0, areas(regions))
    return sizes >= sizes.max() - _ALIKE


def _mean(judged: list[np.ndarray]) -> Pointing:
    """Return the means of what was judged of each phrase (3,)."""
    covers, inside, overlap = np.stack(judged).mean(0).tolist()
    return Pointing(covers, inside, overlap)


def _check(regions: Sequence[np.ndarray], boxes: Sequence[np.ndarray]) -> None:
    """Raise `ScoreError` for phrases that are none."""
    if not len(boxes):
        raise ScoreError("no phrase is given: pointing is judged by phrases that have boxes")
    if len(regions) != len(boxes):
        raise ScoreError(f"regions of {len(regions)} photos for {len(boxes)} phrases: give those of its photo to each")
    for what, each in (("regions", regions), ("boxes", boxes)):
        for i, given in enumerate(each):
            if given.ndim != 2 or given.shape[1:] != (4,) or not len(given):
                raise ScoreError(f"phrase {i}: {what} have the shape {given.shape}; give (N, 4), N at least 1")
