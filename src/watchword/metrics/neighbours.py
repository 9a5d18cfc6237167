"""Sentences of the nearest photos: what a captioner has to beat.

Papers 2 and 5 compare themselves with it; the consensus among neighbours is that of Devlin et al. 2015,
"Exploring nearest neighbor approaches for image captioning" (arXiv:1505.04467).
"""

from collections.abc import Callable, Sequence

import numpy as np

_PART = 128  # rows compared at once; against 100,000 others they take 50 MB


def nearest(queries: np.ndarray, known: np.ndarray, most: int) -> np.ndarray:
    """Return (Q, most) int64: the rows of `known` (N, W) with the greatest cosine to each of `queries` (Q, W).

    The nearest comes first, and of equals the one that stands first. most: 1 to N. A row of zeros has cosine 0
    with every other.
    """
    known, queries = _of_length_one(known), _of_length_one(queries)
    parts = [_nearest(queries[start : start + _PART] @ known.T, most) for start in range(0, len(queries), _PART)]
    return np.concatenate(parts) if parts else np.empty((0, most), np.int64)


def most_agreed(sentences: Sequence[str], between: Callable[[Sequence[str]], np.ndarray]) -> int:
    """Return the place of the sentence that is most like all the others on average; of equals the first.

    sentences: one or more, tokenised. between: from N sentences to (N, N), how much sentence i is like sentence j,
    as `Cider.between` tells it.
    """
    likeness = np.array(between(sentences), np.float64)
    np.fill_diagonal(likeness, 0.0)
    return int(likeness.sum(axis=1).argmax())


def _of_length_one(rows: np.ndarray) -> np.ndarray:
    """Return rows (N, W) as float32 of length 1 each; zeros stay zeros."""
    rows = rows.astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=rows, where=lengths > 0)


def _nearest(cosines: np.ndarray, most: int) -> np.ndarray:
    """Return (Q, most) the places of the greatest of each row of cosines (Q, N), greatest first."""
    place = cosines.shape[1] - most
    least = np.partition(cosines, place, axis=1)[:, place]
    found = np.empty((len(cosines), most), np.int64)
    for row, (mine, bound) in enumerate(zip(cosines, least, strict=True)):
        (near,) = np.nonzero(mine >= bound)  # more than `most` where several are as near as the last
        found[row] = near[np.argsort(-mine[near], kind="stable")[:most]]
    return found
