"""A clip as a model of motion sees it: statistics, local motion, and the square that moves as pictures."""

from typing import NamedTuple

import numpy as np

from watchword.data.clips.flow import opencv
from watchword.data.motion.cells import cells, inside
from watchword.data.motion.cuboids import cuboids
from watchword.data.motion.flows import Square, flows, greys, moving
from watchword.data.motion.statistics import statistics
from watchword.data.motion.window import window
from watchword.data.played import Watched

CROPS = 10
_EVERY = 3  # frames from one crop to the next


class Motion(NamedTuple):
    """What is seen of a clip.

    statistics: (380,) float32. cuboids: (N, 194) float16. crops: (10, S, S, 3) uint8, the square that moves.
    """

    statistics: np.ndarray
    cuboids: np.ndarray
    crops: np.ndarray


def look(source: Watched, size: int) -> Motion:
    """Return how a clip moves, seen in its middle two seconds. size: both sides of the crops, in pixels.

    source: as of `data.motion.window.window`. Raises `PictureError` for what cannot be played.
    """
    frames = window(source)
    grey = greys(frames)
    flow = flows(grey)
    square, found = moving(flow), cells(grey, flow)
    return Motion(statistics(found, inside(found, square)), cuboids(found), crops(frames, square, size))


def crops(frames: np.ndarray, square: Square, size: int) -> np.ndarray:
    """Return the square of every third frame (T, H, L, 3), ten in all, as pictures (10, size, size, 3)."""
    cv2 = opencv()
    height, width = frames.shape[1:3]
    places = np.clip(np.arange(CROPS) * _EVERY + 1, 0, len(frames) - 2)
    top, bottom = int(square.y * height), int((square.y + square.side) * height)
    left = int(square.x * width)
    right = int(square.x * width + square.side * height)
    parts = frames[places, top : max(bottom, top + 1), left : max(right, left + 1)]
    return np.stack([cv2.resize(part, (size, size), interpolation=cv2.INTER_LINEAR) for part in parts])


def change(maps: np.ndarray) -> np.ndarray:
    """Return (W,) float32: how much each feature of an encoder changes from crop to crop, cell by cell.

    maps: (T, C, W) float32, the cells of the crops in time order.
    """
    return np.sqrt(np.abs(np.diff(maps, axis=0)).mean((0, 1))).astype(np.float32)
