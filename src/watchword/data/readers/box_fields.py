"""What formats with boxes have in common: a box in pixels, checked, as fractions of its picture."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from watchword.core.errors import DataError

Size = tuple[float, float]  # width and height, in pixels
Box = tuple[float, float, float, float]
SMALLEST = 1e-6  # side of a box: at the far edge of a picture float32 tells no less apart


class NoArea(DataError):
    """A box of which nothing lies in its picture; published files have some, so readers leave them out."""


def numbers(values: Any, what: str, where: str) -> list[float]:
    """Return a list of finite numbers as floats; `DataError` for anything else. what: the field, for the message."""
    try:
        found = [float(value) for value in values if not isinstance(value, bool | str)]
        if len(found) == len(values) and all(map(math.isfinite, found)):
            return found
    except (TypeError, ValueError, OverflowError):
        pass
    raise DataError(f"{where}: {what!r} has to be numbers, not {str(values)[:40]!r}")


def size_of(record: Mapping[str, Any], where: str) -> Size | None:
    """Return width and height of a record, or None where it has neither; `DataError` where one is not above 0."""
    given = record.get("width"), record.get("height")
    if given == (None, None):
        return None
    width, height = numbers(given, "width and height", where)
    if min(width, height) <= 0:
        raise DataError(f"{where}: a picture is {width:g} x {height:g} pixels; both have to be above 0")
    return width, height


def as_fractions(corner: Any, size: Size, where: str) -> Box:
    """Return the part of a box x, y, width, height that lies in a picture of `size`, all in pixels, as fractions.

    Raises `NoArea` where there is none, `DataError` where it is no box.
    """
    found = numbers(corner, "bbox", where)
    if len(found) != 4 or min(found[2:]) < 0:
        raise DataError(f"{where}: a box is x, y, width, height in pixels, none of its sides below 0, not {found}")
    x, y, wide, high = found
    (x0, x1), (y0, y1) = (
        (max(0.0, start / whole), min(1.0, (start + side) / whole))
        for start, side, whole in ((x, wide, size[0]), (y, high, size[1]))
    )
    if x1 - x0 < SMALLEST or y1 - y0 < SMALLEST:
        raise NoArea(f"{where}: nothing of the box {found} lies in a picture of {size[0]:g} x {size[1]:g} pixels")
    return x0, y0, x1, y1


def fractions_of(values: Any, where: str) -> Box:
    """Return a box that is given as fractions; `DataError` where it is none.

    Rounding may have put an edge outside the picture by a thousandth; it is moved back.
    """
    found = numbers(values, "box", where)
    if len(found) == 4 and min(found) >= -0.001 and max(found) <= 1.001:
        x0, y0, x1, y1 = (min(1.0, max(0.0, value)) for value in found)
        if x1 - x0 >= SMALLEST and y1 - y0 >= SMALLEST:
            return x0, y0, x1, y1
    raise DataError(
        f"{where}: a box is x0, y0, x1, y1 as fractions of width and height, x0 below x1 and y0 below y1, not {found}"
    )


def names_of(photo: str | Path) -> tuple[str, ...]:
    """Return what a data set may call a photo, by its file: its name, its name without ending, its number.

    000000000790.jpg and COCO_val2014_000000000790.jpg are number 790.
    """
    path = Path(photo)
    number = path.stem.rpartition("_")[2] if path.stem.startswith("COCO_") else path.stem
    return path.name, path.stem, number.lstrip("0") or number
