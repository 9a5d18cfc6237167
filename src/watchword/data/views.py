"""Flips and crops of a photo: more photos to learn from, the same ones in every run."""

import zlib

import numpy as np
from PIL import Image

SMALLEST, LARGEST = 0.75, 0.97  # sides of a crop, as shares of the photo's


def view(pixels: np.ndarray, number: int) -> np.ndarray:
    """Return view `number` of a photo, pixels (H, W, 3) uint8, in the same shape.

    0 is the photo; odd numbers are mirrored; from 2 on it is cropped to a box that photo and number
    choose, and drawn up to size again.
    """
    if number >= 2:
        pixels = crop(pixels, np.random.default_rng((zlib.crc32(pixels.tobytes()), number)))
    return np.ascontiguousarray(pixels[:, ::-1]) if number % 2 else pixels


def crop(pixels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return a box of pixels (H, W, 3) uint8, drawn up to the same shape."""
    height, width = pixels.shape[:2]
    high, wide = random.uniform(SMALLEST, LARGEST, 2) * (height, width)
    top, left = random.uniform(0, height - high), random.uniform(0, width - wide)
    box = (left, top, left + wide, top + high)
    return np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR, box=box))
