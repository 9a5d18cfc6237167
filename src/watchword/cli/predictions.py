"""What a model said of a split, kept in a file as COCO results."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from watchword.cli.json_text import json_text
from watchword.cli.replacing import Kind, refuse_to_replace
from watchword.cli.whole_files import written_whole
from watchword.core.types import Example, Sentence

_MEMBERS = {"image_id", "filename", "caption"}
_DIGITS = 15  # of numbers that every reader of JSON keeps exactly


@contextmanager
def predictions_file(place: Path | None, data: Iterable[str], examples: Iterable[Example]) -> Iterator[TextIO | None]:
    """Yield the file to write results to, or None without a place; it is there only once all went well.

    data: the data sets that are read, examples: of theirs. Raises `DataError` rather than replace one of them,
    a photo, or anything else but results.
    """
    if place is None:
        yield None
        return
    inputs: list[str | Path] = [*data, *(row.path for row in examples if row.path)]
    refuse_to_replace(place, "--predictions", RESULTS, inputs)
    place.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(place) as file:
        yield file


def write_results(file: TextIO, rows: Sequence[Example], sentences: Sequence[Sentence]) -> None:
    """Write sentences in the shape of COCO results, with the file's name besides; ids that are numbers as numbers."""
    results = [
        {
            "image_id": _image_id(row.id),
            "filename": row.path.name if row.path else "",
            "caption": sentence.text,
        }
        for row, sentence in zip(rows, sentences, strict=True)
    ]
    file.write(json_text(results, indent=0))


def _image_id(given: str) -> int | str:
    """Return an id as a number if it is written as numbers are; so "007" stays apart from "7"."""
    return int(given) if given.isdecimal() and len(given) <= _DIGITS and str(int(given)) == given else given


def _holds_results(place: Path) -> bool:
    """Tell whether a file holds what `write_results` writes: a JSON list, each item with those members only."""
    try:
        found: Any = json.loads(place.read_bytes())
    except (ValueError, RecursionError):
        return False
    return (
        isinstance(found, list)
        and len(found) > 0
        and all(isinstance(item, dict) and item.keys() == _MEMBERS for item in found)
    )


RESULTS = Kind("list of predictions", _holds_results)
