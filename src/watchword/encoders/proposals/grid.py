"""The same boxes of every photo: parts of it, large and small, that overlap."""

import re
from pathlib import Path

import numpy as np

from watchword.core.errors import SettingsError
from watchword.encoders.proposals.base import Judge
from watchword.encoders.proposals.named import proposals

LEVELS = "2x2-3x3-3x1-1x3"  # 4 + 9 + 3 + 3 = 19 boxes, so that with the whole picture there are 20
LEVEL = re.compile(r"([1-9]\d?)x([1-9]\d?)")


class Grid:
    """Boxes that every photo has: fixed (N, 4), all of score 1."""

    by_file = False

    def __init__(self, boxes: np.ndarray, name: str) -> None:
        """Take boxes (N, 4)."""
        self.fixed, self.name = boxes, name

    def propose(self, pixels: np.ndarray, path: Path | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return the boxes, whatever the photo shows."""
        return self.fixed, np.ones(len(self.fixed), np.float32)


def boxes_of(levels: str, overlap: float) -> np.ndarray:
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


@proposals.add("grid")
def grid(*, judge: Judge = None, count: int = 0, levels: str = LEVELS, overlap: float = round(1 / 3, 4)) -> Grid:
    """Return a pyramid of boxes; without the whole picture, which a matcher adds. `count` says nothing here.

    With these levels and an overlap of a third, 42 % of the boxes that people drew on Flickr8k's training photos
    have one that they overlap by half or more (the whole picture among them; the whole alone: 17 %).
    """
    if not 0 <= overlap < 1:
        raise SettingsError(f"overlap={overlap}: from 0 to below 1")
    return Grid(boxes_of(levels, overlap), f"grid-{levels}-{overlap:g}")
