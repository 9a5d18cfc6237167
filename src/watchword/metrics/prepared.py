"""Reference sentences, counted once, for BLEU and CIDEr to compare many sets of candidates with."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from watchword.core.errors import ScoreError
from watchword.metrics.ngrams import NgramIndex, NgramRows


class Counted(NamedTuple):
    """N candidates as n-gram counts, beside the references of the photos that they are about.

    rows: their n-grams. photos: (N,) int64, the photo that each is about. lengths: (N,) int64, its words.
    mine, theirs: (M,) int64, places in `rows` and in the references' rows: one pair for each reference
    sentence of a candidate's photo that holds the n-gram.
    """

    rows: NgramRows
    photos: np.ndarray
    lengths: np.ndarray
    mine: np.ndarray
    theirs: np.ndarray


Candidates = Sequence[str] | Counted


class References:
    """The reference sentences of P photos, as n-gram counts.

    Sentences are tokenised text: words with spaces between them. S counts sentences over all photos.
    photos: (S,) int64, the photo of each sentence. lengths: (S,) int64, its words.
    sizes: (P,) int64, how many sentences a photo has.
    """

    def __init__(self, references: Sequence[Sequence[str]]) -> None:
        """Count `references`, one sequence of sentences for each photo.

        Raises `ScoreError` when there is no photo, or a photo without sentences.
        """
        self.sizes = np.array([len(sentences) for sentences in references], np.int64)
        if not len(self.sizes) or not self.sizes.all():
            given = f"photo {int(np.argmin(self.sizes))} has no reference sentence" if len(self.sizes) else "no photos"
            raise ScoreError(f"{given}: scores need one or more for each photo; leave out photos that have none")
        split = [sentence.split() for sentences in references for sentence in sentences]
        self.photos = np.repeat(np.arange(len(self.sizes)), self.sizes)
        self.lengths = np.array([len(words) for words in split], np.int64)
        self._index = NgramIndex(split)
        self.rows = self._tally(*self._index.occurrences)

    def __len__(self) -> int:
        """Count the photos."""
        return len(self.sizes)

    def _tally(self, sentences: np.ndarray, codes: np.ndarray) -> NgramRows:
        """Count equal pairs of sentence and code, by photo, then by code, in one sort; `_keys` are photos and codes."""
        self._stride = int(codes.max(initial=0)) + 1
        first, most = np.cumsum(self.sizes) - self.sizes, int(self.sizes.max())
        photos = self.photos[sentences]
        keys = (photos * self._stride + codes) * most + sentences - first[photos]
        keys.sort()
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        self._keys, places = np.divmod(keys[starts], most)
        photos, codes = np.divmod(self._keys, self._stride)
        columns = (first[photos] + places, codes, np.diff(starts, append=len(keys)))
        return NgramRows(*(column.astype(np.int32) for column in columns))

    @cached_property
    def document_frequency(self) -> np.ndarray:
        """(codes,) int64: in how many photos' sentences each n-gram occurs; the last one, never seen, in none."""
        new = np.flatnonzero(np.diff(self._keys, prepend=-1))  # they are sorted
        return np.bincount(self._keys[new] % self._stride, minlength=self._stride + 1)

    def count(self, candidates: Candidates, photos: Sequence[int] | None = None) -> Counted:
        """Return tokenised candidates as counts, to be scored by several metrics; counted ones stay as they are.

        photos: the photo that each candidate is about; all photos in order when it is None.
        Raises `ScoreError` where they do not fit each other.
        """
        if isinstance(candidates, Counted):
            return candidates
        about = np.arange(len(self)) if photos is None else np.asarray(photos, np.int64)
        if len(about) != len(candidates):
            raise ScoreError(f"{len(candidates)} candidate sentences for {len(about)} photos: give one for each")
        if len(about) and (about.min() < 0 or about.max() >= len(self)):
            raise ScoreError(f"photos {about.min()} to {about.max()}: they are numbered 0 to {len(self) - 1} here")
        split = [sentence.split() for sentence in candidates]
        rows = self._index.count(split)
        lengths = np.array([len(words) for words in split], np.int64)
        return Counted(rows, about, lengths, *self._matches(rows, about))

    def _matches(self, rows: NgramRows, photos: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pair candidates' n-grams with those of their photos' references: `mine` and `theirs` of `Counted`."""
        known = np.flatnonzero(rows.codes < self._stride)
        wanted = photos[rows.sentences[known]] * self._stride + rows.codes[known]
        first = np.searchsorted(self._keys, wanted, "left")
        holding = np.searchsorted(self._keys, wanted, "right") - first
        before = np.cumsum(holding) - holding
        theirs = np.repeat(first - before, holding) + np.arange(holding.sum())
        return np.repeat(known, holding), theirs
