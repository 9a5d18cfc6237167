"""The same boxes of every photo: parts of it, large and small, that overlap."""

import re

import numpy as np

from watchword.core.errors import SettingsError

LEVELS = "2x2-3x3-3x1-1x3"  # 4 + 9 + 3 + 3 = 19 boxes, so that with the whole picture there are 20
LEVEL = re.compile(r"([1-9]\d?)x([1-9]\d?)")
OVERLAP = round(1 / 3, 4)


def boxes_of(levels: str = LEVELS, overlap: float = OVERLAP) -> np.ndarray:
    """Return boxes (N, 4) float32 of levels "ROWSxCOLUMNS-ROWSxCOLUMNS", level by level and row by row.

    Each level's boxes cover the picture; each shares `overlap` of its side with the next.
    Raises `SettingsError` for levels that are not written so.
    """
    found = [LEVEL.fullmatch(level) for level in levels.split("-")]
    if not all(found):
        raise SettingsError(f"levels={levels!r}: rows x columns, parted by -, as in {LEVELS}; each from 1 to 99")
    boxes: list[tuple[float, float, float, float]] = []
    for rows, columns in ((int(level[1]), int(level[2])) for level in found if level):
        boxes.extend((x0, y0, x1, y1) for y0, y1 in _parts(rows, overlap) for x0, x1 in _parts(columns, overlap))
    return np.array(boxes, np.float32).clip(0, 1)


def _parts(count: int, overlap: float) -> list[tuple[float, float]]:
    """Return start and end of so many equal parts of an axis from 0 to 1."""
    side = 1 / (count - (count - 1) * overlap)
    return [(i * side * (1 - overlap), i * side * (1 - overlap) + side) for i in range(count)]
