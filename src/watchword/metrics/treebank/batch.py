"""Captions to tokenised lines, as one stream: how one caption begins can decide about the end of the one before."""

import re
from bisect import bisect_left
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import accumulate, chain
from typing import TypeVar

from watchword.metrics.treebank.automaton import Notes
from watchword.metrics.treebank.chunks import PUNCTUATION, caption_words
from watchword.metrics.treebank.lexer import lexer
from watchword.metrics.treebank.small import small
from watchword.metrics.treebank.units import from_units, to_units

Photo = TypeVar("Photo", bound=Hashable)

_LINE_ENDS = re.compile("\r\n|[\n\v\f\r\u2028\u2029]")


def tokenize_batch(captions: Sequence[str]) -> list[str]:
    """Return the words of each caption, one space between them, in small letters and without punctuation.

    They are those that the COCO captions evaluation gets for these captions in this order. Line ends inside a
    caption count as spaces, so that no words move to the next one; `tokenize_photos` lets them move.
    """
    return list(_lines([_LINE_ENDS.sub(" ", caption) for caption in captions]))


def tokenize_photos(captions: Mapping[Photo, Sequence[str]]) -> dict[Photo, list[str]]:
    r"""Return for each photo's captions what the evaluation's own wrapper does, its oddities included.

    A photo without captions is left out. Every "\r", "\v", "\f", U+2028 and U+2029 inside a caption moves the
    words behind it, and all later ones, one caption on.
    """
    photos = [photo for photo, each in captions.items() for _ in each]
    found: dict[Photo, list[str]] = {}
    for photo, line in zip(photos, _lines([one.replace("\n", " ") for one in chain(*captions.values())]), strict=False):
        found.setdefault(photo, []).append(line)
    return found


def _lines(captions: Sequence[str]) -> Iterator[str]:
    """Yield the lines that the captions become, which hold no line feed. What can go the fast way does."""
    stream, place = None, 0
    while place < len(captions):
        words = caption_words(captions[place]) if place + 1 < len(captions) else None
        if words is not None:
            yield words
            place += 1
            continue
        stream = stream or _Stream(captions)
        lines, place = stream.read(place)
        yield from lines


class _Stream:
    """All captions as one text, a line each, for the exact way."""

    def __init__(self, captions: Sequence[str]) -> None:
        units = [to_units(caption) for caption in captions]
        self._text = "\n".join(units)
        self._starts = [0, *accumulate(len(caption) + 1 for caption in units)]  # the last one is past the end
        self._notes = Notes()

    def read(self, caption: int) -> tuple[list[str], int]:
        """Read on from the start of a caption, until a token ends with a caption.

        Returns the lines that were read, and the number of the caption to go on with.
        """
        read, at = lexer().token, self._starts[caption]
        lines: list[str] = []
        tokens: list[str] = []
        while at < len(self._text):
            token, at, _ = read(self._text, at, self._notes)
            if token == "\n":
                lines += _written(tokens)
                tokens = []
                caption = bisect_left(self._starts, at)
                if self._starts[caption] == at:
                    return lines, caption
            elif token:
                tokens.append(token)
        return lines + _written(tokens), len(self._starts) - 1


def _written(tokens: list[str]) -> list[str]:
    """Return a line as the wrapper leaves it; more than one where a token, which must be markup, holds line feeds."""
    raw = " ".join(small(from_units(token)) for token in tokens)
    return [
        " ".join(token for token in line.rstrip().split(" ") if token not in PUNCTUATION) for line in raw.split("\n")
    ]
