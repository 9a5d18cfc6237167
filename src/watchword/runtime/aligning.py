"""Runs of words with the parts of a photo that they name."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from watchword.core.errors import DataError
from watchword.core.smoothing import aligned
from watchword.core.snippets import Snippet, single, snippets
from watchword.core.types import Looked, Read
from watchword.data.pictures import Source


class Named(NamedTuple):
    """A run of words; box (x0, y0, x1, y1) as shares of width and height; similarity: mean over the words."""

    text: str
    box: tuple[float, ...]
    similarity: float


class Aligner(Protocol):
    """What `runtime.matcher.Matcher` does for it."""

    def read(self, sentences: Sequence[str]) -> list[Read]:
        """Return the words of sentences and their vectors."""
        ...

    def look(self, pictures: Sequence[Source]) -> list[Looked]:
        """Return the regions of pictures."""
        ...

    def similarities(self, read: Read, looked: Looked) -> np.ndarray:
        """Return how alike each word and each region are (T, R)."""
        ...

    def boxes_of(self, read: Read, looked: Looked, runs: Sequence[Snippet]) -> np.ndarray:
        """Return where on the picture runs of words are, (N, 4)."""
        ...


def read_one(matcher: Aligner, sentence: str) -> Read:
    """Return what a matcher reads of a sentence; `DataError` if that has no word."""
    (read,) = matcher.read([sentence])
    if not read.words:
        raise DataError(f"{sentence!r} has no word to look for: give letters or digits")
    return read


def snippets_of(matcher: Aligner, photo: Source, sentence: str, beta: float | None) -> list[Named]:
    """Return the runs of words of a sentence in order, each with its box.

    beta: as `smoothing.aligned` takes it, or None for every word on its own, in the region that fits it best.
    Raises `PictureError` for a photo that cannot be opened, `DataError` for a sentence without a word.
    """
    return snippets_in(matcher, photo, read_one(matcher, sentence), beta)


def snippets_in(matcher: Aligner, photo: Source, read: Read, beta: float | None) -> list[Named]:
    """Return the runs of words of a sentence that was read; see `snippets_of`."""
    (looked,) = matcher.look([photo])
    parts = runs_of(matcher.similarities(read, looked), len(read.words), beta)
    boxes = [tuple(round(float(side), 4) for side in box) for box in matcher.boxes_of(read, looked, parts)]
    return [Named(part.of(read.words), box, round(part.similarity, 4)) for part, box in zip(parts, boxes, strict=True)]


def runs_of(similarities: np.ndarray, words: int, beta: float | None) -> list[Snippet]:
    """Return the runs of a sentence of so many words, from similarities (T, R); T is 1 where it has one vector."""
    parts = single(similarities) if beta is None else snippets(similarities, aligned(similarities, beta))
    return parts if len(similarities) == words else [part._replace(first=0, end=words) for part in parts]
