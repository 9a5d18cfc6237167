"""Sentences that people rated: a table of image, candidate, and a column for each rater.

    image,candidate,rater_1,rater_2
    a.jpg,A dog runs.,4,3

JSON Lines and a JSON list of objects do as well, where "ratings" may hold a list.
"""

import csv
import io
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.readers.fields import LABELS
from watchword.data.readers.table import IDS, PATHS, SENTENCES

_CANDIDATES = ("candidate", *SENTENCES)
_IMAGES = (*PATHS, *IDS)
_OTHERS = {"split", "weight", *LABELS}


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
    try:
        rated = [_rated(row, f"{path}, {place}") for place, row in _rows(path.read_text(encoding="utf-8-sig"))]
    except (ValueError, csv.Error, RecursionError) as error:
        raise DataError(f"{path} is no table of ratings: {error}") from None
    if not any(each.ratings for each in rated):
        raise DataError(f"{path} holds no rating; {__doc__.partition('.')[0].lower()}")
    return rated


def _rows(text: str) -> Iterator[tuple[str, Any]]:
    """Yield the rows of a CSV table with a heading, JSON Lines, or a JSON list, each with its place."""
    if text.lstrip().startswith("["):
        yield from ((f"item {number}", row) for number, row in enumerate(json.loads(text)))
    elif text.lstrip().startswith("{"):
        lines = enumerate(text.split("\n"), 1)
        yield from ((f"line {number}", json.loads(line)) for number, line in lines if line.strip())
    else:
        delimiter = max(",\t;", key=text.partition("\n")[0].count)
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        yield from ((f"line {reader.line_num}", row) for row in reader)


def _rated(row: Any, where: str) -> Rated:
    if not isinstance(row, dict):
        raise DataError(f"{where}: an object with fields was expected, not {str(row)[:40]!r}")
    image, candidate = (next((name for name in names if name in row), None) for names in (_IMAGES, _CANDIDATES))
    if image is None or candidate is None:
        raise DataError(
            f"{where}: it has no image ({', '.join(_IMAGES)}) or no candidate ({', '.join(_CANDIDATES)}); "
            f"there are: {', '.join(row)}"
        )
    columns = {name: value for name, value in row.items() if name not in {image, candidate, *_OTHERS}}
    return Rated(str(row[image]), str(row[candidate]), tuple(_numbers(columns, where)))


def _numbers(columns: dict[str, Any], where: str) -> Iterator[float]:
    """Yield the ratings of a row."""
    for name, value in columns.items():
        for given in value if isinstance(value, list) else [value]:
            if given in (None, ""):
                continue
            try:
                number = float(given)
            except (TypeError, ValueError):
                number = math.nan
            if not math.isfinite(number):
                raise DataError(f"{where}: {name!r} is {given!r}; every column but image and candidate is a rating")
            yield number
