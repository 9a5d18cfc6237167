"""Sentences that people rated: a table of image, candidate, and a column for each rater.

    image,candidate,rater_1,rater_2
    a.jpg,A dog runs.,4,3

JSON Lines and a JSON list of objects do as well, where "ratings" may hold a list.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.readers.faults import Faults
from watchword.data.readers.fields import LABELS, is_record, raw_sentence, text_of
from watchword.data.readers.open import items, parsed, read_text
from watchword.data.readers.table import IDS, PATHS, SENTENCES, id_of
from watchword.data.readers.table_rows import csv_rows, json_lines

_CANDIDATES = ("candidate", *SENTENCES)
_IMAGES = (*PATHS, *IDS)
_OTHERS = {"split", "weight", *LABELS, *_IMAGES}
_WANTED = "give a table of image, candidate, and a column for each rater"


@dataclass(frozen=True)
class Rated:
    """One candidate sentence about one image, and what each rater gave it."""

    image: str
    candidate: str
    ratings: tuple[float, ...]

    @property
    def example(self) -> Example:
        """The image and the sentence as an example, to be paired with its references."""
        return Example(self.image, Path(self.image), (self.candidate,))


def read_ratings(path: Path) -> list[Rated]:
    """Return the rated sentences of a file; `DataError` names a row that is amiss. An empty cell is no rating."""
    text = read_text(path, _WANTED)
    rated = [_rated(row, f"{path}, {place}") for place, row in _rows(text, path)]
    if not any(each.ratings for each in rated):
        raise DataError(f"{path} holds no rating; {__doc__.partition('.')[0].lower()}")
    return rated


def _rows(text: str, path: Path) -> Iterator[tuple[str, Any]]:
    """Yield the rows of a CSV table with a heading, JSON Lines, or a JSON list, each with its place."""
    first, faults = text.lstrip()[:1], Faults(strict=True)
    if first == "[":
        return items(parsed(text, path))
    return json_lines(text, path, faults) if first == "{" else csv_rows(text, path, faults, _check_columns)


def _check_columns(cells: Mapping[str, Any], where: str) -> None:
    """Raise `DataError` where nothing says which image, or which sentence, was rated."""
    if set(cells).isdisjoint(_IMAGES) or set(cells).isdisjoint(_CANDIDATES):
        raise DataError(
            f"{where}: it has no image ({', '.join(_IMAGES)}) or no candidate ({', '.join(_CANDIDATES)}); "
            f"there are: {', '.join(cells)}"
        )


def _rated(row: Any, where: str) -> Rated:
    cells = {str(name).strip(): value for name, value in is_record(row, where).items()}
    _check_columns(cells, where)
    candidate = next(name for name in _CANDIDATES if name in cells)
    image = text_of(cells, PATHS) or id_of(cells)
    if image is None:
        raise DataError(f"{where}: its image is empty; name it, or leave the row out")
    said = "" if cells[candidate] is None else raw_sentence(cells[candidate], where)
    columns = {name: value for name, value in cells.items() if name not in {candidate, *_OTHERS}}
    return Rated(image, said, tuple(_numbers(columns, where)))


def _numbers(columns: dict[str, Any], where: str) -> Iterator[float]:
    """Yield the ratings of a row."""
    for name, value in columns.items():
        for given in value if isinstance(value, list) else [value]:
            if given in (None, ""):
                continue
            number = _number(given)
            if not math.isfinite(number):
                raise DataError(
                    f"{where}: {name!r} is {given!r}; every column but image and candidate is a rating, as 4 or 3.5"
                )
            yield number


def _number(given: Any) -> float:
    """Return a number, or NaN for what is none; true and false are none."""
    try:
        return math.nan if isinstance(given, bool) else float(given)
    except (TypeError, ValueError, OverflowError):
        return math.nan
