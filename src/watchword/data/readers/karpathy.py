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
from watchword.data.readers.fields import Record, is_record, labels_of, listed, photo_folder, split_of, the_rest


def read_karpathy(document: Record, source: Path, images: Path | None) -> Iterator[Example]:
    """Yield the examples of a parsed `dataset.json`; `DataError` names the image that is not as it should be.

    The id is `cocoid`, else `imgid`, else the file name. Split "restval" counts as "train".
    """
    records = [
        is_record(each, f"{source}, image {i}") for i, each in enumerate(listed(document, "images", str(source)))
    ]
    folder = photo_folder(source, images, (_name(record, source, i) for i, record in enumerate(records)))
    for i, record in enumerate(records):
        where = f"{source}, image {i}"
        name = _name(record, source, i)
        yield Example(
            id=str(record.get("cocoid", record.get("imgid", name))),
            path=folder / name,
            sentences=tuple(_raw(each, where) for each in listed(record, "sentences", where)),
            labels=labels_of(record),
            split=split_of(record, where),
            extra=the_rest(record, ("filename", "filepath", "sentences", "sentids")),
        )


def _name(record: Record, source: Path, i: int) -> str:
    """Return the file of an image, under the folder of photos."""
    name = record.get("filename")
    if not isinstance(name, str) or not name:
        raise DataError(f"{source}, image {i}: it has no 'filename'; it has: {', '.join(record)}")
    return str(Path(record.get("filepath") or "") / name)


def _raw(sentence: Any, where: str) -> str:
    """Return a sentence as written, or its tokens joined where the raw text was left out."""
    fields = is_record(sentence, f"{where}, its sentences")
    if "raw" not in fields and "tokens" not in fields:
        raise DataError(f"{where}: a sentence has neither 'raw' nor 'tokens'; it has: {', '.join(fields)}")
    return str(fields["raw"]) if "raw" in fields else " ".join(map(str, fields["tokens"]))
