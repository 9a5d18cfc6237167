"""The regions of photos that fit a few words best."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from watchword.cli.failures import Failure
from watchword.cli.looking import looked_at, read_words
from watchword.core.errors import DataError
from watchword.core.snippets import Snippet
from watchword.core.types import Looked, Read
from watchword.runtime.matcher import Matcher


class Match(NamedTuple):
    """A region: its photo, box (x0, y0, x1, y1) as shares of width and height, and its similarity.

    box: that of the region, or drawn for the words by a matcher that does. similarity: of the region that fits best,
        the mean over the words of v · s.
    """

    photo: Path
    box: tuple[float, ...]
    similarity: float


class Matches(NamedTuple):
    """A few words, those of them that the matcher does not know, and the regions that fit them, best first."""

    phrase: str
    unknown: tuple[str, ...]
    found: list[Match]


def matches(
    matcher: Matcher, phrases: Sequence[str], photos: Sequence[Path], most: int, failures: list[Failure]
) -> tuple[list[Matches], int]:
    """Return the `most` best regions for each of the phrases, one of a photo, and how many photos were looked at.

    The measure is that of paper 5, section 4.1: the mean over the words. Photos that cannot be opened go to
    `failures`. Raises `DataError` for a phrase without a word.
    """
    read = [_read(matcher, phrase) for phrase in phrases]
    found: list[list[tuple[Path, Snippet, Looked]]] = [[] for _ in phrases]
    count = 0
    for photo, looked in looked_at(matcher, photos, failures):
        count += 1
        for words, best in zip(read, found, strict=True):
            fits = matcher.similarities(words, looked).mean(0)
            best.append((photo, Snippet(0, len(words.words), int(fits.argmax()), float(fits.max())), looked))
            best.sort(key=lambda each: -each[1].similarity)
            del best[most:]
    ranked = [
        [
            Match(photo, tuple(map(float, matcher.boxes_of(words, looked, [run])[0])), run.similarity)
            for photo, run, looked in best
        ]
        for words, best in zip(read, found, strict=True)
    ]
    return [
        Matches(phrase, tuple(word for word in words.words if word not in matcher.vocabulary), best)
        for phrase, words, best in zip(phrases, read, ranked, strict=True)
    ], count


def _read(matcher: Matcher, phrase: str) -> Read:
    read = read_words(matcher, phrase)
    if not read.words:
        raise DataError(f"{phrase!r} has no word to look for: give letters or digits")
    return read
