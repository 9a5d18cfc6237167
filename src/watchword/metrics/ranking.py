"""How early what is right comes in a ranked list: recall at K and median rank.

Hodosh, Young and Hockenmaier, "Framing image description as a ranking task", JAIR 2013; Karpathy and Fei-Fei,
"Deep visual-semantic alignments for generating image descriptions", CVPR 2015, section 4.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from watchword.core.errors import ScoreError

CUTS = (1, 5, 10)


@dataclass(frozen=True)
class Ranking:
    """Figures of Q queries.

    recall: by K, the share of queries with something right among the first K. median: of the ranks, 1 is best.
    mean_recall: the mean of `recall` over K.
    """

    recall: dict[int, float]
    median: float

    @property
    def mean_recall(self) -> float:
        """The mean over K of the recall at K."""
        return sum(self.recall.values()) / len(self.recall)


def ranks(similarity: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return (Q,) int64: the rank, from 1, of the best of each query's right items.

    similarity: (Q, N) float, larger is more alike. right: (Q, N) bool, one or more True in each row. Of equally
    similar items the wrong ones come first: who gives all the same score knows nothing. Raises `ScoreError`
    where shapes differ, a query has nothing right, or a similarity is nan.
    """
    given, wanted = np.asarray(similarity), np.asarray(right, bool)
    if given.shape != wanted.shape or given.ndim != 2 or not given.size:
        raise ScoreError(
            f"similarity {given.shape}, right {wanted.shape}: both have a row a query and a column an item"
        )
    if np.isnan(given).any():
        raise ScoreError("a similarity is nan: it has no place in an order")
    if not wanted.any(1).all():
        raise ScoreError(f"query {int(np.argmin(wanted.any(1)))} has no right item: leave it out")
    best = np.where(wanted, given, -np.inf).max(1, keepdims=True)
    return 1 + ((given >= best) & ~wanted).sum(1)


def ranking(places: np.ndarray, cuts: Sequence[int] = CUTS) -> Ranking:
    """Return the figures of ranks (Q,), from 1, as `ranks` gives them."""
    if not len(places) or not cuts:
        raise ScoreError("no ranks, or no K: give one rank or more, and one K or more")
    return Ranking({k: float((places <= k).mean()) for k in cuts}, float(np.median(places)))


def both_ways(similarity: np.ndarray, owner: np.ndarray) -> dict[str, float]:
    """Return recall and median rank of sentences for photos ("i2t_r1" to "i2t_median", annotation) and of photos
    for sentences ("t2i_r1" to "t2i_median", search), and "mean_recall" of both.

    similarity: (N, S), of photos and sentences. owner: (S,), the row of the photo that each sentence belongs to.
    """
    right = np.arange(len(similarity))[:, None] == owner
    ways = {"i2t": ranking(ranks(similarity, right)), "t2i": ranking(ranks(similarity.T, right.T))}
    figures = {"mean_recall": sum(way.mean_recall for way in ways.values()) / 2}
    for name, way in ways.items():
        figures |= {f"{name}_r{k}": share for k, share in way.recall.items()} | {f"{name}_median": way.median}
    return figures
