"""Pieces of a sentence that speak of one region: what section 3.1.4 of paper 5 makes of an alignment."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from watchword.core.errors import ScoreError


class Snippet(NamedTuple):
    """Neighbouring words in the same region.

    first, end: the words are `words[first:end]`. region: its number. similarity: mean over the words of v · s.
    """

    first: int
    end: int
    region: int
    similarity: float

    def of(self, words: Sequence[str]) -> str:
        """Return the snippet's text, out of the words of its sentence."""
        return " ".join(words[self.first : self.end])


def snippets(similarities: np.ndarray, alignment: np.ndarray) -> list[Snippet]:
    """Return the snippets of a sentence in the order of its words; every word is in one.

    similarities: (T, R) of words and regions. alignment: (T,) the region of each word, as `smoothing.aligned` gives
    it. Raises `ScoreError` where the two do not fit.
    """
    given, regions = np.asarray(similarities), np.asarray(alignment)
    if given.ndim != 2 or regions.shape != given.shape[:1]:
        raise ScoreError(f"similarities {given.shape}, alignment {regions.shape}: (words, regions) and (words,)")
    if ((regions < 0) | (regions >= given.shape[1])).any():
        raise ScoreError(f"an alignment with region {regions.max()} or less than 0: there are {given.shape[1]}, from 0")
    fits = given[np.arange(len(regions)), regions]
    edges = [0, *(np.flatnonzero(np.diff(regions)) + 1).tolist(), len(regions)]
    return [
        Snippet(first, end, int(regions[first]), float(fits[first:end].mean()))
        for first, end in pairwise(edges)
        if first < end
    ]


def single(similarities: np.ndarray) -> list[Snippet]:
    """Return every word as a snippet of its own, in the region that fits it best; of equal ones the first.

    similarities: (T, R), R at least 1.
    """
    best = np.asarray(similarities).argmax(1)
    return [Snippet(t, t + 1, int(region), float(similarities[t, region])) for t, region in enumerate(best)]
