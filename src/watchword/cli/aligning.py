"""Runs of words with the parts of a photo that they name."""

from pathlib import Path
from typing import NamedTuple

from watchword.alignment.smoothing import aligned
from watchword.alignment.snippets import snippets
from watchword.core.errors import DataError
from watchword.runtime.matcher import Matcher


class Named(NamedTuple):
    """A run of words; box (x0, y0, x1, y1) as shares of width and height; similarity: mean over the words."""

    text: str
    box: tuple[float, ...]
    similarity: float


def snippets_of(matcher: Matcher, photo: str | Path, sentence: str, beta: float) -> list[Named]:
    """Return the runs of words of a sentence in order, each with its box; beta as `smoothing.aligned` takes it.

    Raises `PictureError` for a photo that cannot be opened, `DataError` for a sentence without a word.
    """
    (read,) = matcher.read([sentence])
    if not read.words:
        raise DataError(f"{sentence!r} has no word to look for: give letters or digits")
    (looked,) = matcher.look([photo])
    similarities = matcher.similarities(read, looked)
    words = read.words if len(similarities) == len(read.words) else (" ".join(read.words),)
    regions = aligned(similarities, beta)
    boxes = [tuple(round(float(side), 4) for side in box) for box in looked.boxes]
    return [
        Named(part.of(words), boxes[part.region], round(part.similarity, 4)) for part in snippets(similarities, regions)
    ]
