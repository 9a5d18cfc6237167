"""What a word looked at, as shades over the photo."""

import numpy as np
from PIL import Image

_DIM, _WARM, _TINT = 0.32, 0.33, np.array([255, 176, 60], np.float32)


def grid_of(cells: int, grid: tuple[int, int] | None) -> tuple[int, int]:
    """Return rows and columns of the cells: `grid`, or else one row."""
    return grid or (1, cells)


def stretched(looked_at: np.ndarray) -> np.ndarray:
    """Return weights (words, C) as shades from 0 to 1: the least looked at cell of each word 0, the most 1.

    A word that looked everywhere alike is 0 everywhere, for then there is nothing to show.
    """
    low, high = looked_at.min(1, keepdims=True), looked_at.max(1, keepdims=True)
    spread = high - low
    even = spread <= 0.2 / looked_at.shape[1]
    return np.where(even, 0.0, (looked_at - low) / np.where(even, 1.0, spread)).astype(np.float32)


def overlay(photo: Image.Image, shades: np.ndarray) -> Image.Image:
    """Return `photo`, dimmed where `shades` (rows, columns), 0 to 1, are low, and warm where they are high."""
    smooth = Image.fromarray(shades.astype(np.float32)).resize(photo.size, Image.Resampling.BICUBIC)
    heat = np.asarray(smooth, np.float32).clip(0, 1)[:, :, None]
    pixels = np.asarray(photo, np.float32) * (_DIM + (1 - _DIM) * heat)
    return Image.fromarray((pixels + _WARM * heat * (_TINT - pixels)).clip(0, 255).astype(np.uint8))
