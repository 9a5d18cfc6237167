"""Boxes that others found or drew, in COCO's formats: what a detector wrote, or instances.

[{"image_id": 9, "bbox": [x, y, width, height], "score": 0.9, "category_id": 18}]
{"images": [{"id": 9, "file_name": "9.jpg", "width": 640, "height": 480}], "categories": [{"id": 18, "name": "dog"}],
 "annotations": [{"image_id": 9, "bbox": [x, y, width, height], "category_id": 18}]}
{"9": {"width": 640, "height": 480, "boxes": [{"bbox": [x, y, width, height], "category": "dog"}]}}
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from watchword.core.errors import DataError
from watchword.data.readers.box_fields import Box, NoArea, Size, as_fractions, numbers, size_of
from watchword.data.readers.faults import Faults, SameId
from watchword.data.readers.fields import Record, is_record, listed, needed, needed_id
from watchword.data.readers.open import parsed, read_text
from watchword.data.readers.photo_sizes import PhotoSizes

_WANTED = "boxes are a JSON list of detections, COCO instances, or JSON of boxes by photo"


class Detections(NamedTuple):
    """The boxes of one photo, in the order of the file.

    boxes: (N, 4) float32, x0, y0, x1, y1 as fractions. scores: (N,) float32, 1 where the file gives none.
    names: of what is in each box; "" where the file gives none. file: name of the photo, "" where not given.
    """

    boxes: np.ndarray
    scores: np.ndarray
    names: tuple[str, ...]
    file: str = ""


@dataclass
class _Photo:
    """What is known of a photo while a file is read."""

    file: str = ""
    size: Size | None = None
    boxes: list[Box] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def finished(self) -> Detections:
        boxes = np.array(self.boxes, np.float32).reshape(-1, 4)
        return Detections(boxes, np.array(self.scores, np.float32), tuple(self.names), self.file)


def read_detections(
    path: str | Path, images: str | Path | None = None, faults: Faults | None = None
) -> dict[str, Detections]:
    """Return the boxes of each photo of a file, by the photo's id as text.

    images: the folder of the photos, asked for the size of one where the file does not give it; in the list of
    a detector no size is given. A box is cut off at the picture's edge; one that lies outside is left out.
    faults: takes what is wrong with single rows, which are then left out.

    Raises `DataError` if the file cannot be read or is in none of these forms; without `faults` also for the first
    row that is not as it should be, or whose photo has no size.
    """
    source, faults = Path(path), faults or Faults(strict=True)
    document, sizes = parsed(read_text(source, _WANTED), source), PhotoSizes(None if images is None else Path(images))
    if isinstance(document, list):
        photos: dict[str, _Photo] = {}
        rows, names = ((f"{source}, row {i}", row) for i, row in enumerate(document)), None
        _gather(rows, photos, names, sizes, faults, listed_only=False)
    elif "annotations" in is_record(document, str(source)):
        photos = _listed_photos(document, source, faults)
        rows = (
            (f"{source}, annotation {i}", row) for i, row in enumerate(listed(document, "annotations", str(source)))
        )
        _gather(rows, photos, _categories(document, source, faults), sizes, faults, listed_only=True)
    else:
        photos = _by_photo(document, source, sizes, faults)
    return {number: photo.finished() for number, photo in photos.items()}


def _listed_photos(document: Record, source: Path, faults: Faults) -> dict[str, _Photo]:
    """Return the photos that a file lists, by id as text."""
    photos: dict[str, _Photo] = {}
    for i, record in enumerate(listed(document, "images", str(source))):
        with faults:
            where = f"{source}, image {i}"
            number = str(needed_id(record, "id", where))
            if number in photos:
                raise SameId(f"{where}: another image has the id {number!r}; give each its own", number)
            photos[number] = _Photo(str(record.get("file_name") or ""), size_of(record, where))
    return photos


def _categories(document: Record, source: Path, faults: Faults) -> dict[str, str] | None:
    """Return the names of categories by id as text; None where the file lists none."""
    if "categories" not in document:
        return None
    names: dict[str, str] = {}
    for i, record in enumerate(listed(document, "categories", str(source))):
        with faults:
            where = f"{source}, category {i}"
            names[str(needed_id(record, "id", where))] = str(needed(record, "name", where))
    return names


def _gather(
    rows: Iterator[tuple[str, Any]],
    photos: dict[str, _Photo],
    names: dict[str, str] | None,
    sizes: PhotoSizes,
    faults: Faults,
    *,
    listed_only: bool,
) -> None:
    """Put the box of each row with those of its photo. listed_only: a photo that is not there yet is a fault."""
    for where, row in rows:
        with faults:
            number = str(needed_id(row, "image_id", where))
            if listed_only and number not in photos:
                raise DataError(f"{where}: a box is of image {number}, which is not among its {len(photos)} images")
            name = "" if "category_id" not in row else str(row["category_id"])
            if names is not None and name and name not in names:
                raise DataError(f"{where}: category {name} is not among the {len(names)} that the file names")
            photo = photos.setdefault(number, _Photo())
            _add(photo, number, row, name if names is None else names.get(name, ""), where, sizes, faults)


def _by_photo(document: Record, source: Path, sizes: PhotoSizes, faults: Faults) -> dict[str, _Photo]:
    """Return the photos of a file that has the boxes of each under its id."""
    photos: dict[str, _Photo] = {}
    for number, record in document.items():
        with faults:
            where = f"{source}, {number!r}"
            rows = listed(is_record(record, where), "boxes", where)
            photos[number] = photo = _Photo(size=size_of(record, where))
            for i, row in enumerate(rows):
                with faults:
                    each = f"{where}, box {i}"
                    name = str(is_record(row, each).get("category") or "")
                    _add(photo, number, row, name, each, sizes, faults)
    return photos


def _add(
    photo: _Photo, number: str, row: Mapping[str, Any], name: str, where: str, sizes: PhotoSizes, faults: Faults
) -> None:
    """Put one box with those of its photo, unless nothing of it lies in the picture."""
    corner = needed(row, "bbox", where)
    (score,) = numbers([row.get("score", 1.0)], "score", where)
    photo.size = photo.size or sizes.of(photo.file or number, where)
    try:
        photo.boxes.append(as_fractions(corner, photo.size, where))
    except NoArea as error:
        faults.note(error)
        return
    photo.scores.append(score)
    photo.names.append(name)
