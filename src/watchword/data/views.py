"""Flips and crops of a photo: more photos to learn from, the same ones in every run."""

import zlib
from typing import NamedTuple

import numpy as np
from PIL import Image

from watchword.core.boxes import WHOLE, areas

SMALLEST, LARGEST = 0.75, 0.97  # sides of a crop, as shares of the photo's


class Shown(NamedTuple):
    """What a view shows of its photo: x0, y0, x1, y1 as fractions, and whether it is mirrored."""

    box: tuple[float, float, float, float] = WHOLE
    mirrored: bool = False


def view(pixels: np.ndarray, number: int) -> np.ndarray:
    """Return view `number` of a photo, pixels (H, W, 3) uint8, in the same shape.

    0 is the photo; odd numbers are mirrored; from 2 on it is cropped to a box that photo and number
    choose, and drawn up to size again.
    """
    if number >= 2:
        height, width = pixels.shape[:2]
        image = Image.fromarray(pixels)
        box = _chosen(pixels, number)
        pixels = np.asarray(image.resize((width, height), Image.Resampling.BILINEAR, box=box))
    return np.ascontiguousarray(pixels[:, ::-1]) if number % 2 else pixels


def shown(pixels: np.ndarray, number: int) -> Shown:
    """Return what view `number` shows of a photo, pixels (H, W, 3) uint8."""
    if number < 2:
        return Shown(mirrored=number == 1)
    (left, top, right, bottom), (height, width) = _chosen(pixels, number), pixels.shape[:2]
    return Shown((left / width, top / height, right / width, bottom / height), number % 2 == 1)


def moved(boxes: np.ndarray, seen: Shown) -> np.ndarray:
    """Return where boxes (N, 4) of a photo lie in a view of it: (N, 4) float32, what is outside cut off.

    A box of which nothing is left, or that had no area, is zeros.
    """
    x0, y0, x1, y1 = seen.box
    low = np.array([x0, y0, x0, y0])
    inside = ((boxes - low) / np.array([x1 - x0, y1 - y0, x1 - x0, y1 - y0])).clip(0, 1)
    if seen.mirrored:
        inside = np.stack((1 - inside[:, 2], inside[:, 1], 1 - inside[:, 0], inside[:, 3]), 1)
    return np.where(areas(inside)[:, None] > 0, inside, 0).astype(np.float32)


def _chosen(pixels: np.ndarray, number: int) -> tuple[float, float, float, float]:
    """Return the box that photo and number choose: left, top, right, bottom in pixels."""
    random = np.random.default_rng((zlib.crc32(pixels.tobytes()), number))
    height, width = pixels.shape[:2]
    high, wide = random.uniform(SMALLEST, LARGEST, 2) * (height, width)
    top, left = random.uniform(0, height - high), random.uniform(0, width - wide)
    return left, top, left + wide, top + high
