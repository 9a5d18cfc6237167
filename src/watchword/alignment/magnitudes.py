"""Which words weigh most in the score: the lengths of their vectors (paper 5, section 4.1 and table 2)."""

from typing import NamedTuple

import numpy as np

from watchword.core.errors import ScoreError
from watchword.data.vocabulary import Vocabulary


class Magnitude(NamedTuple):
    """word: as the vocabulary writes it. length: mean of |s_t| over where it was said. seen: how often that was."""

    word: str
    length: float
    seen: int


class Magnitudes:
    """Gathers the lengths of word vectors, some sentences at a time.

    A word's vector depends on the words around it, so the mean over sentences is taken, as in the paper.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Begin with no sentence."""
        self.vocabulary = vocabulary
        self._sums = np.zeros(len(vocabulary))
        self._seen = np.zeros(len(vocabulary), np.int64)

    def add(self, vectors: np.ndarray, words: np.ndarray) -> None:
        """Take in vectors (N, D), or (S, T, D), of words (N,), or (S, T), int64 ids.

        Padding and what else has no word of its own is counted with its id and never shown. Raises `ScoreError`
        where shapes do not fit or an id is outside the vocabulary.
        """
        ids = np.asarray(words)
        if vectors.shape[:-1] != ids.shape:
            raise ScoreError(f"vectors {vectors.shape}, words {ids.shape}: one vector a word is what it takes")
        if ids.size and not 0 <= ids.min() <= ids.max() < len(self._seen):
            raise ScoreError(f"ids from {ids.min()} to {ids.max()}: this vocabulary has 0 to {len(self._seen) - 1}")
        lengths = np.linalg.norm(np.asarray(vectors, np.float64), axis=-1)
        self._sums += np.bincount(ids.ravel(), lengths.ravel(), len(self._sums))
        self._seen += np.bincount(ids.ravel(), minlength=len(self._seen))

    def ranked(self, least: int = 1) -> list[Magnitude]:
        """Return the words seen `least` times or more, the longest vector first, ties in alphabetical order."""
        found = [
            Magnitude(word, float(self._sums[i] / self._seen[i]), int(self._seen[i]))
            for i, word in enumerate(self.vocabulary.words)
            if self._seen[i] >= max(1, least) and word in self.vocabulary
        ]
        return sorted(found, key=lambda each: (-each.length, each.word))
