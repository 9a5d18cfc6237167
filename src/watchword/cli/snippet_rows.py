"""Sentences of a data set as rows of snippets: a part of a photo, and the words that are about it."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from watchword.cli.datasets import read_all
from watchword.cli.failures import Failure
from watchword.cli.looking import looked_at, read_words
from watchword.core.errors import DataError
from watchword.core.smoothing import aligned
from watchword.core.snippets import snippets
from watchword.core.types import Looked
from watchword.data.words import tokenize
from watchword.runtime.matcher import Matcher

_DIGITS = 4
Row = dict[str, Any]


class Said(NamedTuple):
    """What is said of a photo, in which split."""

    split: str
    sentences: tuple[str, ...]


@dataclass
class Tally:
    """What was looked at and written, counted. cut: sentences longer than the matcher reads."""

    photos: int = 0
    sentences: int = 0
    cut: int = 0
    snippets: int = 0
    words: int = 0

    @property
    def line(self) -> str:
        """The counts in words."""
        mean = f" of {self.words / self.snippets:.2f} words" if self.snippets else ""
        cut = f", of {self.cut} the beginning only" if self.cut else ""
        return f"{self.snippets} snippets{mean}, of {self.sentences} sentences about {self.photos} photos{cut}"


def photos_of(data: list[str], images: list[str] | None, splits: Sequence[str] | None) -> dict[Path, Said]:
    """Return the photos that have sentences about the whole, each once, of the splits named, or all.

    Raises `DataError` for a split without any.
    """
    found: dict[Path, Said] = {}
    for row in read_all(data, images or [], []):
        if row.path and row.sentences and row.box is None:
            said = found.get(row.path, Said(row.split, ()))
            found[row.path] = Said(said.split, said.sentences + row.sentences)
    there = dict.fromkeys(said.split for said in found.values())
    for split in splits or []:
        if split not in there:
            raise DataError(f"no photo with a sentence in split {split!r}; the data has: {', '.join(there) or 'none'}")
    if not found:
        raise DataError("no photo with a sentence about the whole of it: the data has nothing to align")
    return {photo: said for photo, said in found.items() if not splits or said.split in splits}


@dataclass
class Snipper:
    """Makes rows of a data set's sentences.

    output: the file that the rows are for. beta: as `smoothing.aligned` takes it. least: words that a snippet has.
    tally: what was done. failures: the photos that could not be opened.
    """

    matcher: Matcher
    output: Path
    beta: float
    least: int
    tally: Tally = field(default_factory=Tally)
    failures: list[Failure] = field(default_factory=list)

    def rows(self, photos: Mapping[Path, Said]) -> Iterator[list[Row]]:
        """Yield the rows of each photo, in order; of one that cannot be opened none."""
        for photo, looked in looked_at(self.matcher, list(photos), self.failures):
            self.tally.photos += 1
            about = {"image": named(photo, self.output), "split": photos[photo].split}
            found = [
                about | row
                for sentence in photos[photo].sentences
                for row in self._of_sentence(looked, sentence)
                if len(row["sentence"].split()) >= self.least
            ]
            self.tally.snippets += len(found)
            self.tally.words += sum(len(row["sentence"].split()) for row in found)
            yield found

    def _of_sentence(self, looked: Looked, sentence: str) -> Iterator[Row]:
        """Yield the snippets of a sentence."""
        read = read_words(self.matcher, sentence)
        if not read.words:
            return
        self.tally.sentences += 1
        self.tally.cut += len(tokenize(sentence)) > len(read.words)
        similarities = self.matcher.similarities(read, looked)
        parts = snippets(similarities, aligned(similarities, self.beta))
        boxes = np.asarray(self.matcher.boxes_of(read, looked, parts), np.float64).round(_DIGITS).tolist()
        for part, box in zip(parts, boxes, strict=True):
            yield {"box": box, "sentence": part.of(read.words), "similarity": round(part.similarity, _DIGITS)}


def named(photo: Path, output: Path) -> str:
    """Return a photo's path as rows in the file `output` have it: from its folder if it lies below, else from the root.

    Either way whoever reads the rows finds it, from whatever folder.
    """
    here, home = os.path.abspath(photo), os.path.abspath(output.parent)
    inside = Path(here).is_relative_to(home)
    return Path(here).relative_to(home).as_posix() if inside else here
