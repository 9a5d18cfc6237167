"""What proposes regions of a photo: the protocol, and the best boxes as an array of fixed length."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np

from watchword.encoders.base import Encoder

Judge = Callable[[], Encoder] | None  # makes an encoder, where one is there whose classifier may judge boxes
COUNT = 19  # of boxes that paper 5 takes beside the whole picture (section 3.1.1)


class Proposals(Protocol):
    """Where a photo's regions may be."""

    @property
    def name(self) -> str:
        """What is filed under these boxes; it may be part of a folder's name."""
        ...

    @property
    def fixed(self) -> np.ndarray | None:
        """The boxes (N, 4), where every photo has the same."""
        ...

    @property
    def by_file(self) -> bool:
        """Whether the boxes are known by the photo's file, and its pixels say nothing."""
        ...

    def propose(self, pixels: np.ndarray, path: Path | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return boxes (N, 4) float32 as fractions, and scores (N,) float32, best first.

        pixels: (H, W, 3) uint8 RGB. path: of the photo, where it has one. N may be 0.
        """
        ...


def best(boxes: np.ndarray, scores: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the `count` boxes of the highest scores, and these, highest first; of equal ones the earlier."""
    order = np.argsort(-scores.astype(np.float64), kind="stable")[:count]
    return boxes[order].astype(np.float32), scores[order].astype(np.float32)


def padded(boxes: np.ndarray, count: int) -> np.ndarray:
    """Return the first `count` of boxes (N, 4), and boxes of zeros, which have no area, where there are fewer."""
    rows = np.zeros((count, 4), np.float32)
    rows[: min(len(boxes), count)] = boxes[:count]
    return rows
