"""COCO captions: `captions_train2017.json` and its like.

{"images": [{"id": 9, "file_name": "000000000009.jpg"}], "annotations": [{"image_id": 9, "caption": "A dog."}]}
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.readers.faults import Faults, SameId
from watchword.data.readers.fields import (
    Record,
    labels_of,
    listed,
    needed_id,
    needed_text,
    photo_folder,
    split_named,
    the_rest,
)


def read_coco(document: Record, source: Path, images: Path | None, faults: Faults) -> Iterator[Example]:
    """Yield the examples of a parsed captions file; the split is what the file's name says, else "train".

    Raises `DataError` for a record without its fields, a caption of an image that is not listed, or an id of two
    images; of these the first is kept where faults are.
    """
    photos: dict[int | str, tuple[str, Record]] = {}
    sentences: dict[int | str, list[str]] = {}
    for i, photo in enumerate(listed(document, "images", str(source))):
        with faults:
            where = f"{source}, image {i}"
            number = needed_id(photo, "id", where)
            if number in sentences:
                raise SameId(f"{where}: another image has the id {number!r}; give each its own", str(number))
            sentences[number] = []  # before its name is looked at: captions of an image without one are no fault
            photos[number] = needed_text(photo, "file_name", where), photo
    for i, annotation in enumerate(listed(document, "annotations", str(source))):
        with faults:
            _add_caption(annotation, f"{source}, annotation {i}", sentences)
    folder = photo_folder(source, images, (name for name, _ in photos.values()))
    for number, (name, photo) in photos.items():
        yield Example(
            id=str(number),
            path=folder / name,
            sentences=tuple(sentences[number]),
            labels=labels_of(photo),
            split=split_named(source.stem),
            extra=the_rest(photo, ("id", "file_name")),
        )


def _add_caption(annotation: Any, where: str, sentences: dict[int | str, list[str]]) -> None:
    """Put the caption of an annotation with those of its image."""
    number = needed_id(annotation, "image_id", where)
    if number not in sentences:
        raise DataError(f"{where}: a caption is of image {number}, which is not among its {len(sentences)} images")
    sentences[number].append(needed_text(annotation, "caption", where))
