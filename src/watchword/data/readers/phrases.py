"""Phrases of sentences with the boxes that they speak of, as Flickr30k Entities has them, by photo.

{"images": [{"filename": "1.jpg", "split": "val", "regions": [
    {"phrase": "a white dog", "box": [x0, y0, x1, y1], "sentid": 7, "start": 4}]}]}

Boxes are fractions of width and height. `sentid` is the sentence, `start` the place in it where the phrase begins:
how many words and marks, parted by blanks, stand before it.
"""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from watchword.core.errors import DataError
from watchword.data.boxes import SAME, merged
from watchword.data.readers.box_fields import Box, fractions_of
from watchword.data.readers.faults import Faults, SameId
from watchword.data.readers.fields import Record, is_record, listed, needed, needed_text, split_of
from watchword.data.readers.open import parsed, read_text
from watchword.data.words import tokenize

_WANTED = "phrases with boxes are JSON with 'images', each with its 'regions'"


class Phrase(NamedTuple):
    """A few words about a part of a photo.

    boxes: (N, 4) float32, N at least 1: "two dogs" may have two. sentence: that it comes from, as the data set
    numbers it, and start: how much that blanks part stands before it; None where that is not said.
    """

    text: str
    boxes: np.ndarray
    sentence: int | None = None
    start: int | None = None


class PhrasedPhoto(NamedTuple):
    """A photo, by the name of its file, with its phrases in the order of the data set."""

    file: str
    split: str
    phrases: tuple[Phrase, ...]


class Region(NamedTuple):
    """A part of a photo and what is said of it: box (4,) float32, sentences as raw text."""

    box: np.ndarray
    sentences: tuple[str, ...]


def read_phrases(path: str | Path, faults: Faults | None = None) -> list[PhrasedPhoto]:
    """Return the phrases of each photo; rows of one phrase, at one place of one sentence, are its boxes.

    faults: takes what is wrong with single rows, which are then left out. Raises `DataError` if the file cannot be
    read or is in another form; without `faults` also for the first row that is not as it should be.
    """
    source = Path(path)
    document = is_record(parsed(read_text(source, _WANTED), source), f"{source}: {_WANTED}")
    return photos_in(document, source, faults or Faults(strict=True))


def photos_in(document: Record, source: Path, faults: Faults) -> list[PhrasedPhoto]:
    """Return the photos of a parsed file, as `read_phrases` does."""
    photos: dict[str, PhrasedPhoto] = {}
    for i, record in enumerate(listed(document, "images", str(source))):
        with faults:
            where = f"{source}, image {i}"
            file = needed_text(record, "filename", where)
            if file in photos:
                raise SameId(f"{where}: another image is named {file!r} too; give each its own", file)
            photos[file] = PhrasedPhoto(file, split_of(record, where), _phrases(record, where, faults))
    return list(photos.values())


def regions_of(phrases: tuple[Phrase, ...], above: float = SAME) -> list[Region]:
    """Return the regions of a photo: boxes that overlap by more than `above` as one, their mean, with all phrases.

    Paper 5, section 4: what is said of one region makes the references of one.
    """
    boxes = np.concatenate([np.empty((0, 4), np.float32), *(phrase.boxes for phrase in phrases)])
    said = [phrase.text for phrase in phrases for _ in phrase.boxes]
    means, groups = merged(boxes, above=above)
    return [
        Region(mean, tuple(dict.fromkeys(said[i] for i in group))) for mean, group in zip(means, groups, strict=True)
    ]


def words_of(phrase: Phrase, sentence: str) -> slice | None:
    """Return which words of a sentence, as `tokenize` parts it, a phrase is; None where it does not stand there.

    Where the phrase has no `start`, it is the first place at which its words stand.
    """
    wanted, said = tokenize(phrase.text), tokenize(sentence)
    if phrase.start is None:
        starts = range(len(said))
    else:
        before = len(tokenize(" ".join(sentence.split()[: phrase.start])))
        starts = range(before, before + 1)
    found = (first for first in starts if wanted and said[first : first + len(wanted)] == wanted)
    return next((slice(first, first + len(wanted)) for first in found), None)


def _phrases(record: Record, where: str, faults: Faults) -> tuple[Phrase, ...]:
    """Return the phrases of a photo's record, their boxes together."""
    boxes: dict[tuple[str, int | None, int | None], list[Box]] = {}
    for i, row in enumerate(listed(record, "regions", where)):
        with faults:
            each = f"{where}, region {i}"
            text = needed_text(row, "phrase", each)
            if not text.strip():
                raise DataError(f"{each}: 'phrase' is empty; give the words, or leave the region out")
            box = fractions_of(needed(row, "box", each), each)
            boxes.setdefault((text, _count(row, "sentid", each), _count(row, "start", each)), []).append(box)
    return tuple(Phrase(text, np.array(of, np.float32), *place) for (text, *place), of in boxes.items())


def _count(row: Any, name: str, where: str) -> int | None:
    """Return a number from 0 on, or None where there is none."""
    value = row.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise DataError(f"{where}: {name!r} has to be a number from 0 on, not {str(value)[:40]!r}")
