"""Equation 8 of Karpathy and Li 2015, exactly: how well a photo's regions and a sentence's words fit.

The score of a photo is the sum, over the words, of the largest dot product with any of its regions.
"""

from typing import NamedTuple

import numpy as np


class Scored(NamedTuple):
    """A photo's score, that of each word (T,) float32, and the number of each word's best region (T,) int64."""

    score: float
    words: np.ndarray
    regions: np.ndarray


def score(words: np.ndarray, regions: np.ndarray) -> Scored:
    """Return the score of regions (R, D) for words (T, D)."""
    products = words.astype(np.float32) @ regions.astype(np.float32).T
    best = products.argmax(1)
    each = products[np.arange(len(words)), best]
    return Scored(float(each.sum(dtype=np.float64)), each, best)


def likeness(seen: np.ndarray, regions: np.ndarray) -> Scored:
    """Return how much regions (R, D) are like those of another photo, `seen` (T, D).

    The mean, over the regions of the other photo, of the largest cosine with any region of this one: 1 for the
    same photo. Lengths of vectors play no part, or photos of long vectors would be like everything.
    """
    total, each, best = score(unit(seen), unit(regions))
    return Scored(total / len(seen), each, best)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Return vectors (N, D), each brought to length 1; one of zeros stays."""
    wide = vectors.astype(np.float32)
    return wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-12)
