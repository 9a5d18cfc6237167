"""Photos looked at by a matcher, one after another, and sentences read by it word by word."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from watchword.cli.failures import Failure
from watchword.cli.progress import followed
from watchword.core.errors import BundleError, PictureError
from watchword.core.types import Looked, Read
from watchword.runtime.matcher import Matcher

_MANY = 100  # vectors; if these are of one length, all are
_ALIKE = 1e-3  # of a length: what float16 may make of it


def looked_at(matcher: Matcher, photos: Sequence[Path], failures: list[Failure]) -> Iterator[tuple[Path, Looked]]:
    """Yield each photo with its regions, in order; those that cannot be opened go to `failures`."""
    for photo, looked in followed(matcher.look_many(photos), len(photos)):
        if isinstance(looked, PictureError):
            failures.append(Failure(str(photo), str(looked), missed="looked at"))
        else:
            yield photo, looked


def read_words(matcher: Matcher, sentence: str) -> Read:
    """Return the words of a sentence, each with its vector.

    Raises `BundleError` for a matcher that has one vector for the sentence, or none for words that it does not know.
    """
    (read,) = matcher.read([sentence])
    if len(read.vectors) != len(read.words):
        raise BundleError(
            f"{matcher.name!r} does not give each word a vector of its own, so it cannot say what a word is about: "
            "use a matcher of contrastive_alignments or deep_alignments"
        )
    return read


class Lengths:
    """Measures vectors, and sees to it that there is something to measure: those of cosines are all alike."""

    def __init__(self, matcher: Matcher) -> None:
        """Begin with no vector."""
        self._name, self._low, self._high, self._seen = matcher.name, np.inf, 0.0, 0

    def of(self, vectors: np.ndarray) -> np.ndarray:
        """Return the lengths (N,) float64 of vectors (N, D); `BundleError` once many are all of one length."""
        lengths: np.ndarray = np.linalg.norm(vectors.astype(np.float64), axis=1)
        if len(lengths):
            self._low, self._high = min(self._low, lengths.min()), max(self._high, lengths.max())
            self._seen += len(lengths)
        if self._seen >= _MANY:
            self.check()
        return lengths

    def check(self) -> None:
        """Raise `BundleError` if all vectors that were seen have one length."""
        if self._seen > 1 and self._high - self._low <= _ALIKE * self._high:
            raise BundleError(
                f"all vectors of {self._name!r} have the same length, {self._high:.3g}, for it compares by cosines; "
                "lengths say something where dot products are the score: train deep_alignments"
            )
