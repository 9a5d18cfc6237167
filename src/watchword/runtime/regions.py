"""Regions of a picture, described: each looked at by itself, or taken from the cells of the picture."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from watchword.core.boxes import overlaps
from watchword.core.errors import BundleError, DataError
from watchword.core.types import Features, Sentence
from watchword.data.sampling import in_boxes

SAME_PLACE = 0.1  # boxes of which the same is said that overlap by more say it of one thing


class Region(NamedTuple):
    """A part of a picture and what is said of it. box: x0, y0, x1, y1 as fractions of width and height."""

    box: tuple[float, float, float, float]
    sentence: Sentence


def checked(boxes: Sequence[Sequence[float]] | np.ndarray) -> np.ndarray:
    """Return boxes (R, 4) float32; `DataError` for one that is none."""
    try:
        given = np.array(boxes, np.float32).reshape(len(boxes), 4)
    except (TypeError, ValueError):
        raise DataError(f"boxes are a list of x0, y0, x1, y1, four numbers each, not {str(boxes)[:60]!r}") from None
    fits = (given[:, :2] >= 0).all(1) & (given[:, 2:] <= 1).all(1) & (given[:, 2:] > given[:, :2]).all(1)
    if not fits.all():
        wrong = ", ".join(f"{side:g}" for side in given[int(fits.argmin())])
        raise DataError(
            f"{wrong} is no box: x0, y0, x1, y1 as fractions of width and height from 0 to 1, x0 below x1 and y0 "
            "below y1, as in 0.1,0.2,0.5,0.9"
        )
    return given


def pooled(features: Features[np.ndarray], grid: tuple[int, int] | None, boxes: np.ndarray) -> Features[np.ndarray]:
    """Return features of boxes (R, 4) of one picture, whose features have B = 1: each as a picture of its own.

    The cells of the grid are read between in the box, as many as there were; the whole is their mean.
    Raises `BundleError` where the model's whole is no mean of a grid of cells.
    """
    whole, cells, mask = features
    lies = grid is not None and cells.shape[1] == grid[0] * grid[1] > 1 and mask.all()
    if not lies or whole.shape != cells[:, 0].shape or not np.allclose(whole, cells.mean(1), rtol=1e-2, atol=1e-2):
        raise BundleError(
            "regions cannot be pooled from what this model sees, for its whole is not the mean of a grid of cells; "
            "look at each by itself: way='cropped', on the command line --way cropped"
        )
    assert grid is not None
    found = in_boxes(cells.reshape(1, *grid, -1), boxes).reshape(len(boxes), *cells.shape[1:])
    return Features(found.mean(1), found, np.ones(found.shape[:2], bool))


def sureness(sentence: Sentence) -> float:
    """Return what regions are ranked by: the confidence, or without calibration the mean probability of a word."""
    if sentence.confidence is not None:
        return sentence.confidence
    return float(np.exp(sentence.log_prob / max(len(sentence.log_probs), 1)))


def telling(regions: Sequence[Region], above: float = SAME_PLACE) -> list[Region]:
    """Return the regions of which something is said, surest first.

    Where the same is said of two that overlap by more than `above` (intersection over union), the surer one stays.
    """
    kept: list[Region] = []
    for region in sorted(regions, key=lambda one: -sureness(one.sentence)):
        box = np.array(region.box)
        said = [np.array(one.box) for one in kept if one.sentence.text == region.sentence.text]
        if region.sentence.text and not any(overlaps(box, other) > above for other in said):
            kept.append(region)
    return kept
