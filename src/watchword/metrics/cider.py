"""CIDEr and CIDEr-D: how far a sentence shares the n-grams that are telling of its photo.

Vedantam, Zitnick and Parikh, "CIDEr: Consensus-based image description evaluation", CVPR 2015. Figures
equal those of the published scorer, whose departures from the paper are kept: the "length" of a sentence
is its number of bigrams, and term frequencies are raw counts.
"""

from collections.abc import Sequence
from copy import copy

import numpy as np

from watchword.metrics.ngrams import ORDERS, NgramRows
from watchword.metrics.prepared import Candidates, References

_SIGMA = 6.0  # of the length penalty, in bigrams
_SCALE = 10.0  # the published scorer's factor


class Cider:
    """CIDEr-D (or plain CIDEr) against references that are prepared once.

    An n-gram weighs its count times ln(P / photos whose references hold it). For each order, a candidate
    and a reference are compared as vectors of weights by their cosine; CIDEr-D cuts a candidate's weight
    down to the reference's and multiplies by exp(-difference of lengths^2 / 2 sigma^2).
    """

    def __init__(self, references: References | Sequence[Sequence[str]], *, robust: bool = True) -> None:
        """Weigh the n-grams of `references`: for each photo its tokenised sentences.

        robust: CIDEr-D, with clipping and the length penalty; False is plain CIDEr.
        """
        self._references = references if isinstance(references, References) else References(references)
        self._robust = robust
        frequency = np.maximum(1.0, self._references.document_frequency)
        self._rarity = np.log(float(len(self._references))) - np.log(frequency)
        self._weights = self._weigh(self._references.rows)
        self._norms = _norms(self._references.rows, self._weights, len(self._references.lengths))

    def plain(self) -> "Cider":
        """Return plain CIDEr against the same references, which are not weighed again."""
        other = copy(self)
        other._robust = False
        return other

    def score(self, candidates: Candidates) -> float:
        """Return the figure of a whole set: the mean over photos, one tokenised candidate for each."""
        return float(self.scores(candidates).mean())

    def scores(self, candidates: Candidates, photos: Sequence[int] | None = None) -> np.ndarray:
        """Return (N,) float64, 0 to 10, the figure of each tokenised candidate.

        photos: which photo each candidate is about (several may be about one); all in order when None.
        Raises `ScoreError` where candidates and photos do not fit each other.
        """
        references = self._references
        rows, about, lengths, mine, theirs = references.count(candidates, photos)
        weights = self._weigh(rows)
        speaker, sentence, order = rows.sentences[mine], references.rows.sentences[theirs], rows.orders[mine]
        wanted = self._weights[theirs]
        norms = _norms(rows, weights, len(about))[speaker, order] * self._norms[sentence, order]
        shared = (np.minimum(weights[mine], wanted) if self._robust else weights[mine]) * wanted
        shared /= np.where(norms > 0, norms, 1.0)  # where a norm is 0, so is all that is shared
        if self._robust:
            shared *= _length_penalty(lengths[speaker], references.lengths[sentence])
        totals = np.bincount(speaker, shared, minlength=len(about))
        return totals / ORDERS / references.sizes[about] * _SCALE

    def between(self, sentences: Sequence[str]) -> np.ndarray:
        """Return (N, N) float64, 0 to 10: the figure of tokenised sentence i with sentence j as its only reference.

        N-grams weigh what they weigh in the references of this metric, to which the sentences do not add.
        """
        rows, _, lengths, *_ = self._references.count(sentences, [0] * len(sentences))
        weights, count = self._weigh(rows), len(sentences)
        mine, theirs = _sharing(rows.codes)
        speaker, other, order = rows.sentences[mine], rows.sentences[theirs], rows.orders[mine]
        vectors, wanted = _norms(rows, weights, count), weights[theirs]
        norms = vectors[speaker, order] * vectors[other, order]
        shared = (np.minimum(weights[mine], wanted) if self._robust else weights[mine]) * wanted
        shared /= np.where(norms > 0, norms, 1.0)
        if self._robust:
            shared *= _length_penalty(lengths[speaker], lengths[other])
        totals = np.bincount(speaker * count + other, shared, minlength=count * count)
        return totals.reshape(count, count) / ORDERS * _SCALE

    def _weigh(self, rows: NgramRows) -> np.ndarray:
        """Return (R,) float64, count times rarity; an n-gram never seen is as rare as one seen in one photo."""
        return rows.counts * self._rarity[np.minimum(rows.codes, len(self._rarity) - 1)]


def _sharing(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return two (M,) arrays of places in `codes` (R,), all pairs that hold the same n-gram."""
    by_code = np.argsort(codes, kind="stable")
    ordered = codes[by_code]
    first = np.searchsorted(ordered, codes, "left")
    holding = np.searchsorted(ordered, codes, "right") - first
    before = np.cumsum(holding) - holding
    theirs = np.repeat(first - before, holding) + np.arange(holding.sum())
    return np.repeat(np.arange(len(codes)), holding), by_code[theirs]


def _norms(rows: NgramRows, weights: np.ndarray, sentences: int) -> np.ndarray:
    """Return (sentences, 4) float64, the length of each sentence's vector of weights, by order."""
    squares = np.bincount(rows.sentences * ORDERS + rows.orders, weights**2, minlength=sentences * ORDERS)
    return np.sqrt(squares).reshape(sentences, ORDERS)


def _length_penalty(words: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return the factor, 0 to 1, for sentences of so many words each, counted in bigrams."""
    difference = np.maximum(words - 1, 0) - np.maximum(others - 1, 0)
    return np.exp(-(difference**2) / (2 * _SIGMA**2))
