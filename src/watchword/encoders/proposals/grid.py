"""The same boxes of every photo: parts of it, large and small, that overlap."""

from pathlib import Path

import numpy as np

from watchword.core.errors import SettingsError
from watchword.data.grids import LEVELS, OVERLAP, boxes_of
from watchword.encoders.proposals.base import Judge
from watchword.encoders.proposals.named import proposals


class Grid:
    """Boxes that every photo has: fixed (N, 4), all of score 1."""

    by_file = False

    def __init__(self, boxes: np.ndarray, name: str) -> None:
        """Take boxes (N, 4)."""
        self.fixed, self.name = boxes, name

    def propose(self, pixels: np.ndarray, path: Path | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return the boxes, whatever the photo shows."""
        return self.fixed, np.ones(len(self.fixed), np.float32)


@proposals.add("grid")
def grid(*, judge: Judge = None, count: int = 0, levels: str = LEVELS, overlap: float = OVERLAP) -> Grid:
    """Return a pyramid of boxes; without the whole picture, which a matcher adds. `count` says nothing here.

    With these levels and an overlap of a third, 42 % of the boxes that people drew on Flickr8k's training photos
    have one that they overlap by half or more (the whole picture among them; the whole alone: 17 %).
    """
    if not 0 <= overlap < 1:
        raise SettingsError(f"overlap={overlap}: from 0 to below 1")
    return Grid(boxes_of(levels, overlap), f"grid-{levels}-{overlap:g}")
