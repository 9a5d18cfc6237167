"""Visual Genome: what people said of boxes of a photo, in region_descriptions.json; sizes in image_data.json.

[{"id": 1, "regions": [{"image_id": 1, "phrase": "a red bus", "x": 10, "y": 20, "width": 30, "height": 40}]}]
[{"image_id": 1, "width": 800, "height": 600, "url": "https://.../VG_100K_2/1.jpg"}]

Krishna et al. 2017; paper 5, section 4, learns to describe regions from it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from watchword.core.errors import DataError
from watchword.data.readers.box_fields import NoArea, Size, as_fractions, size_of
from watchword.data.readers.faults import Faults, SameId
from watchword.data.readers.fields import is_record, needed, needed_id, needed_text
from watchword.data.readers.open import parsed, read_text
from watchword.data.readers.phrases import Phrase, PhrasedPhoto

_WANTED = "Visual Genome's region_descriptions.json and image_data.json are lists of JSON"


def read_visual_genome(
    path: str | Path, image_data: str | Path | None = None, faults: Faults | None = None
) -> list[PhrasedPhoto]:
    """Return the regions of each photo as phrases of one box each; all photos are of the split "train".

    image_data: the file of sizes; without it, image_data.json beside `path`. A photo is named by the last two parts
    of its address, VG_100K_2/1.jpg, as its folders are unpacked; without an address by its number, 1.jpg.
    A box is cut off at the picture's edge; one that lies outside is left out, and so is a phrase without words.
    faults: takes what is wrong with single rows, which are then left out.

    Raises `DataError` if a file cannot be read or is in another form; without `faults` also for the first row that
    is not as it should be.
    """
    source = Path(path)
    image_data = Path(image_data) if image_data else source.with_name("image_data.json")
    return photos_of(_list(source), source, image_data, faults or Faults(strict=True))


def photos_of(records: list[Any], source: Path, image_data: Path, faults: Faults) -> list[PhrasedPhoto]:
    """Return the photos of the records of a `source` that was read, as `read_visual_genome` does."""
    sizes = _sizes(image_data, faults)
    photos: dict[str, PhrasedPhoto] = {}
    for i, record in enumerate(records):
        with faults:
            where = f"{source}, image {i}"
            number = str(needed_id(record, "id" if "id" in is_record(record, where) else "image_id", where))
            if number not in sizes:
                raise DataError(f"{where}: no size of photo {number} is in the image data; get both of one release")
            if number in photos:
                raise SameId(f"{where}: another image has the id {number!r}; give each its own", number)
            file, size = sizes[number]
            rows = needed(record, "regions", where)
            photos[number] = PhrasedPhoto(file, "train", tuple(_phrases(rows, size, where, faults)))
    return list(photos.values())


def _sizes(source: Path, faults: Faults) -> dict[str, tuple[str, Size]]:
    """Return the file name and the size of each photo, by its number as text."""
    found: dict[str, tuple[str, Size]] = {}
    for i, record in enumerate(_list(source)):
        with faults:
            where = f"{source}, image {i}"
            number, size = str(needed_id(record, "image_id", where)), size_of(record, where)
            if size is None:
                raise DataError(f"{where}: it has no width and height; it has: {', '.join(record)}")
            found[number] = "/".join(str(record.get("url") or f"{number}.jpg").split("/")[-2:]), size
    return found


def _phrases(rows: Any, size: Size, where: str, faults: Faults) -> Iterable[Phrase]:
    """Yield the regions of a photo."""
    if not isinstance(rows, list):
        raise DataError(f"{where}: 'regions' has to be a list, not {str(rows)[:40]!r}")
    for i, row in enumerate(rows):
        with faults:
            each = f"{where}, region {i}"
            text = needed_text(row, "phrase", each).strip()
            corner = [needed(row, name, each) for name in ("x", "y", "width", "height")]
            try:
                box = as_fractions(corner, size, each)
            except NoArea as error:
                faults.note(error)
                continue
            if text:
                yield Phrase(text, np.array([box], np.float32))


def _list(source: Path) -> list[Any]:
    """Return the list that a file holds."""
    document = parsed(read_text(source, _WANTED), source)
    if not isinstance(document, list):
        raise DataError(f"{source}: {_WANTED}; this holds a {type(document).__name__}")
    return document
