"""BLEU-1 to BLEU-4: n-gram precision with a brevity penalty.

Papineni, Roukos, Ward and Zhu, "BLEU: a method for automatic evaluation of machine translation", ACL
2002. Figures equal those of the scorer of the COCO captions evaluation: the reference nearest in length
counts, and tiny numbers stand for smoothing.
"""

from collections.abc import Sequence

import numpy as np

from watchword.metrics.ngrams import ORDERS
from watchword.metrics.prepared import Candidates, References

_TINY, _SMALL = 1e-15, 1e-9  # the published scorer's guards against 0 / 0
_LENGTH, _REFERENCE, _GUESSES, _CORRECT = 0, 1, slice(2, 2 + ORDERS), slice(2 + ORDERS, 2 + 2 * ORDERS)


class Bleu:
    """BLEU against references that are prepared once."""

    def __init__(self, references: References | Sequence[Sequence[str]]) -> None:
        """Keep `references`: for each photo its tokenised sentences."""
        self._references = references if isinstance(references, References) else References(references)
        lengths = self._references.lengths.tolist()
        ends = np.cumsum(self._references.sizes).tolist()
        self._lengths = [lengths[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    def score(self, candidates: Candidates) -> np.ndarray:
        """Return (4,) float64, BLEU-1 to BLEU-4 of a whole set, one tokenised candidate for each photo."""
        return bleu(self.statistics(candidates).sum(0))

    def statistics(self, candidates: Candidates, photos: Sequence[int] | None = None) -> np.ndarray:
        """Return (N, 10) int64, what `bleu` needs of each tokenised candidate; rows may be added up.

        Columns: words, words of the reference nearest in length (the shorter of two), n-grams of order 1
        to 4, and how many of them are right: no more of one n-gram than a reference has.
        photos: which photo each candidate is about; all in order when None. Raises `ScoreError` where
        candidates and photos do not fit each other.
        """
        rows, about, lengths, mine, theirs = self._references.count(candidates, photos)
        allowed = np.zeros(len(rows.counts), np.int64)
        np.maximum.at(allowed, mine, self._references.rows.counts[theirs])
        table = np.zeros((len(about), 2 + 2 * ORDERS), np.int64)
        table[:, _LENGTH] = lengths
        table[:, _REFERENCE] = list(map(self._nearest, lengths.tolist(), about.tolist()))
        table[:, _GUESSES] = np.maximum(table[:, :1] - np.arange(ORDERS), 0)
        np.add.at(table[:, _CORRECT], (rows.sentences, rows.orders), np.minimum(rows.counts, allowed))
        return table

    def _nearest(self, length: int, photo: int) -> int:
        """Return the length of the photo's reference that is nearest to `length`, the shorter of two."""
        return min((abs(other - length), other) for other in self._lengths[photo])[1]


def bleu(statistics: np.ndarray) -> np.ndarray:
    """Return (..., 4) float64, BLEU-1 to BLEU-4, 0 to 1, of statistics (..., 10): one sentence's, or their sum."""
    precisions = (statistics[..., _CORRECT] + _TINY) / (statistics[..., _GUESSES] + _SMALL)
    means = np.cumprod(precisions, -1) ** (1 / np.arange(1, ORDERS + 1))
    ratio = (statistics[..., _LENGTH] + _TINY) / (statistics[..., _REFERENCE] + _SMALL)
    return means * np.exp(np.minimum(0.0, 1 - 1 / ratio))[..., None]
