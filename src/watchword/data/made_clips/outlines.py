"""The outlines of COCO's instances, and which of them are crowds: what `read_detections` has no place for."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from watchword.core.errors import DataError
from watchword.data.readers.box_fields import Size, as_fractions, size_of
from watchword.data.readers.open import parsed, read_text

Outline = tuple[np.ndarray, ...]  # polygons (N, 2) float64, x and y as fractions of the photo
Key = tuple[str, tuple[float, ...]]  # id of the photo, and the box as `read_detections` gives it


def outlines_of(file: Path) -> tuple[dict[Key, Outline], set[Key]]:
    """Return the polygons of each box that has some, and the boxes of crowds.

    Rows that are not as they should be are passed over: `read_detections` says what is wrong with them.
    """
    outlines: dict[Key, Outline] = {}
    crowds: set[Key] = set()
    for number, size, row in _rows(parsed(read_text(file), file)):
        try:
            box = as_fractions(row["bbox"], size, "")
            key = number, tuple(map(float, np.array(box, np.float32)))
            if row.get("iscrowd"):
                crowds.add(key)
            polygons = row.get("segmentation")
            if isinstance(polygons, list) and polygons:
                outlines[key] = tuple(np.array(each, np.float64).reshape(-1, 2) / size for each in polygons)
        except (DataError, KeyError, TypeError, ValueError):
            continue
    return outlines, crowds


def _rows(document: Any) -> Iterator[tuple[str, Size, Mapping[str, Any]]]:
    """Yield the id of the photo, its size and the row of each box, in either form of the file."""
    if not isinstance(document, Mapping):
        return
    if "annotations" in document:
        sizes = {str(each.get("id")): size_of(each, "") for each in document.get("images", [])}
        for row in document["annotations"]:
            number = str(row.get("image_id"))
            if listed := sizes.get(number):
                yield number, listed, row
        return
    for number, record in document.items():
        size = size_of(record, "") if isinstance(record, Mapping) else None
        if size:
            yield from ((number, size, row) for row in record.get("boxes", []))
