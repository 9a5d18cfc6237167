"""Phrases with boxes, each found in its sentence of a data set."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from watchword.cli.failures import Failure, report
from watchword.core.errors import DataError, SettingsError
from watchword.core.types import Example
from watchword.data.readers.faults import Faults
from watchword.data.readers.open import read_dataset
from watchword.data.readers.phrases import Phrase, PhrasedPhoto, read_phrases, words_of
from watchword.training.settings import Learning

BESIDE = "regions.json"


class Asked(NamedTuple):
    """A phrase to be looked for: words of a sentence about a photo, and where they are on it: boxes (K, 4)."""

    photo: Path
    sentence: str
    words: slice
    text: str
    boxes: np.ndarray


def phrases_asked(
    data: str, images: str | None, place: Path | None, split: str
) -> tuple[list[Asked], list[Failure], int]:
    """Return the phrases of a split, what is wrong with the others, and how many there are of both.

    place: their file, or None for the one beside the data set. Raises `DataError` where there is none to ask for.
    """
    faults = Faults()
    source = place or _beside(data)
    photos = [photo for photo in read_phrases(source, faults) if photo.split == split]
    failures = [Failure("", str(fault), missed="asked for") for fault in faults.found]
    if not any(photo.phrases for photo in photos):
        raise DataError(_none_of(source, split, failures))
    rows = {row.path.name: row for row in read_dataset(data, images) if row.path}
    asked = list[Asked]()
    for photo in photos:
        if row := rows.get(Path(photo.file).name):
            asked += _of_photo(row, photo, failures)
        else:
            failures.append(Failure(photo.file, f"{data} has no such photo", missed="asked for"))
    if not asked:
        raise DataError(f"{failures[0].line}; and so on: {source} and {data} do not belong together")
    return asked, failures, sum(len(photo.phrases) for photo in photos)


def phrases_for(settings: Learning, data: str, images: str | None, place: Path | None) -> list[Asked]:
    """Return the phrases of the training photos for settings that learn from them, and none for others.

    Those with something wrong are told of and left out. Raises `DataError` where there is none to learn from, and
    `SettingsError` for a file that nothing is learnt from.
    """
    if not getattr(settings, "pointing", 0):
        if place:
            raise SettingsError(
                f"--phrases {place}: nothing is learnt from phrases unless --set pointing=… says how much they count"
            )
        return []
    asked, failures, _ = phrases_asked(data, images, place, "train")
    report(failures)
    return asked


def _none_of(source: Path, split: str, failures: Sequence[Failure]) -> str:
    """Say why there is no phrase: another split, or what is wrong with the file."""
    if failures:
        return f"{failures[0].line}; there is no phrase besides in split {split!r} of {source}"
    there = Counter(photo.split for photo in read_phrases(source, Faults()))
    return f"{source} has no phrase in split {split!r}; of photos it has: {_counted(there)}"


def _counted(there: Mapping[str, int]) -> str:
    return ", ".join(f"{number} in {name!r}" for name, number in there.items()) or "none"


def _of_photo(row: Example, photo: PhrasedPhoto, failures: list[Failure]) -> list[Asked]:
    """Return the phrases of a photo that stand in its sentences, and add to `failures` those that do not."""
    sentences = dict(zip(row.extra.get("sentids", ()), row.sentences, strict=False))
    found = []
    for phrase in photo.phrases:
        if (said := _sentence_of(phrase, sentences)) is None:
            wrong = f"sentence {phrase.sentence}, of which {phrase.text!r} is to be, is none of its sentences"
        elif (words := words_of(phrase if phrase.sentence is not None else phrase._replace(start=None), said)) is None:
            at = "" if phrase.start is None else f"after {phrase.start} words and marks "
            wrong = f"{phrase.text!r} does not stand {at}in {said!r}"
        else:
            assert row.path
            found.append(Asked(row.path, said, words, phrase.text, phrase.boxes))
            continue
        failures.append(Failure(str(row.path), wrong, missed="asked for"))
    return found


def _sentence_of(phrase: Phrase, sentences: Mapping[int, str]) -> str | None:
    """Return the sentence of a phrase; one that is no part of any is its own."""
    return phrase.text if phrase.sentence is None else sentences.get(phrase.sentence)


def _beside(data: str) -> Path:
    """Return where the phrases of a data set lie unless somebody says otherwise."""
    folder = Path(data) if Path(data).is_dir() else Path(data).parent
    if not (folder / BESIDE).is_file():
        raise DataError(f"there is no {str(folder / BESIDE)!r}: name the file of phrases with boxes by --phrases")
    return folder / BESIDE
