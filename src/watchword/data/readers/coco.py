"""COCO captions: `captions_train2017.json` and its like.

{"images": [{"id": 9, "file_name": "000000000009.jpg"}], "annotations": [{"image_id": 9, "caption": "A dog."}]}
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.readers.fields import Record, is_record, labels_of, listed, photo_folder, split_named, the_rest


def read_coco(document: Record, source: Path, images: Path | None) -> Iterator[Example]:
    """Yield the examples of a parsed captions file; the split is what the file's name says, else "train".

    Raises `DataError` for a record without its fields, or a caption of an image that is not listed.
    """
    photos = {
        _field(each, "id", source): is_record(each, str(source)) for each in listed(document, "images", str(source))
    }
    sentences: dict[Any, list[str]] = {number: [] for number in photos}
    for annotation in listed(document, "annotations", str(source)):
        number = _field(annotation, "image_id", source)
        if number not in sentences:
            raise DataError(f"{source}: a caption is of image {number}, which is not among its {len(photos)} images")
        sentences[number].append(str(_field(annotation, "caption", source)))
    folder = photo_folder(source, images, (_field(photo, "file_name", source) for photo in photos.values()))
    for number, photo in photos.items():
        yield Example(
            id=str(number),
            path=folder / _field(photo, "file_name", source),
            sentences=tuple(sentences[number]),
            labels=labels_of(photo),
            split=split_named(source.stem),
            extra=the_rest(photo, ("id", "file_name")),
        )


def _field(record: Any, name: str, source: Path) -> Any:
    """Return a field that a record cannot do without."""
    fields = is_record(record, str(source))
    if name not in fields:
        raise DataError(f"{source}: a record has no {name!r}; it has: {', '.join(fields)}")
    return fields[name]
