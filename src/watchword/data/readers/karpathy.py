"""Karpathy's splits: a folder with `dataset.json` and `images/`.

    {"images": [{"filename": "1.jpg", "split": "train", "imgid": 0, "sentences": [{"raw": "A dog runs ."}]}]}

`filepath`, if there, is a folder under `images/`, as in his files for COCO. Fields of Andrej Karpathy's
data for "Deep Visual-Semantic Alignments", https://cs.stanford.edu/people/karpathy/deepimagesent/.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.readers.faults import Faults
from watchword.data.readers.fields import (
    Record,
    first_of,
    is_record,
    labels_of,
    listed,
    photo_folder,
    raw_sentence,
    split_of,
    the_rest,
)


def read_karpathy(document: Record, source: Path, images: Path | None, faults: Faults) -> Iterator[Example]:
    """Yield the examples of a parsed `dataset.json`; `DataError` names the image that is not as it should be.

    The id is `cocoid`, else `imgid`, else the file name. Split "restval" counts as "train". `extra` has the numbers
    of the sentences (`sentid`), as a list "sentids", where each has one.
    """
    records: list[tuple[str, str, Record]] = []
    for i, each in enumerate(listed(document, "images", str(source))):
        with faults:
            where = f"{source}, image {i}"
            records.append((_name(each, where), where, each))
    folder = photo_folder(source, images, (name for name, _, _ in records))
    for name, where, record in records:
        with faults:
            number = first_of(record, ("cocoid", "imgid"))
            yield Example(
                id=name if number is None else str(number),
                path=folder / name,
                sentences=tuple(_sentence(each, where) for each in listed(record, "sentences", where)),
                labels=labels_of(record),
                split=split_of(record, where),
                extra=the_rest(record, ("filename", "filepath", "sentences", "sentids")) | _numbers(record),
            )


def _name(record: Any, where: str) -> str:
    """Return the file of an image, under the folder of photos."""
    fields = is_record(record, where)
    name, folder = fields.get("filename"), fields.get("filepath") or ""
    if not isinstance(name, str) or not name:
        raise DataError(f"{where}: it has no 'filename'; it has: {', '.join(fields)}")
    if not isinstance(folder, str):
        raise DataError(f"{where}: 'filepath' has to be a folder's name, not {str(folder)[:40]!r}")
    return str(Path(folder) / name)


def _sentence(sentence: Any, where: str) -> str:
    """Return a sentence as written; it has to be an object."""
    return raw_sentence(is_record(sentence, f"{where}, its sentences"), where)


def _numbers(record: Record) -> dict[str, Any]:
    """Return the numbers of a record's sentences, as a data set gives them, where each has one."""
    numbers = [each.get("sentid") for each in record["sentences"]]
    return {"sentids": numbers} if numbers and all(isinstance(each, int) for each in numbers) else {}
