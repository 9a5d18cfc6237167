"""What moves from frame to frame of a window, on frames of 160 rows, and the square in which most of it does.

Flow is that of Dense Inverse Search (Kroeger et al. 2016), in pixels of 160 rows, whatever the clip's size.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from watchword.data.clips.flow import dis, opencv

ROWS = 160
_NARROWEST, _WIDEST = 64, 640  # columns: of narrower or wider clips the frames are stretched
_MOVES = 0.3  # pixels a frame: what is slower stands still
_SHARE = 0.1  # of what moves, on each side, may lie outside the square
_MARGIN = 1.25
_SMALLEST = 0.4  # of the rows


class Square(NamedTuple):
    """Rows and columns of a part of a frame, in shares: y and side of its height, x of its width."""

    y: float
    x: float
    side: float


def greys(frames: np.ndarray) -> np.ndarray:
    """Return frames (T, H, L, 3) uint8 in grey, of 160 rows and a number of columns that 8 divides."""
    cv2 = opencv()
    height, width = frames.shape[1:3]
    columns = min(max(round(width * ROWS / height / 8) * 8, _NARROWEST), _WIDEST)
    plain = (cv2.cvtColor(np.ascontiguousarray(frame), cv2.COLOR_RGB2GRAY) for frame in frames)
    return np.stack([cv2.resize(grey, (columns, ROWS), interpolation=cv2.INTER_AREA) for grey in plain])


def flows(grey: np.ndarray) -> np.ndarray:
    """Return the flow (T - 1, H, L, 2) float32 from each grey frame (T, H, L) to the next, x and y in pixels."""
    search = dis()
    return np.stack([search.calc(before, after, None) for before, after in pairwise(grey)])


def steadied(flow: np.ndarray) -> np.ndarray:
    """Return flow without what most of the picture does, as when the camera moves: its median is taken off."""
    median = np.median(flow.reshape(len(flow), -1, 2), 1)
    return flow - median[:, None, None]


def moving(flow: np.ndarray) -> Square:
    """Return the square that holds most of what moves in flow (T, H, L, 2).

    From the tenth to the ninetieth percentile of the mean speed along each axis, the longer of both, with a margin.
    """
    rows, columns = flow.shape[1:3]
    speed = np.hypot(*np.moveaxis(steadied(flow), 3, 0))
    energy = np.where(speed < _MOVES, 0, speed).mean(0) + 1e-6
    (top, bottom), (left, right) = _span(energy.sum(1)), _span(energy.sum(0))
    side = int(np.clip(max(bottom - top, right - left) * _MARGIN, _SMALLEST * rows, min(rows, columns)))
    y = int(np.clip((top + bottom) / 2 - side / 2, 0, rows - side))
    x = int(np.clip((left + right) / 2 - side / 2, 0, columns - side))
    return Square(y / rows, x / columns, side / rows)


def _span(energy: np.ndarray) -> tuple[int, int]:
    """Return the places (first, one after last) between which all but a tenth on each side of `energy` (N,) lies."""
    shares = np.cumsum(energy) / energy.sum()
    return int(np.searchsorted(shares, _SHARE)), int(np.searchsorted(shares, 1 - _SHARE)) + 1
