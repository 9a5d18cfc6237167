"""Where one shot of a clip ends and the next begins: content that changes at once, and more than before.

>>> list(shots(by_rate("clip.mp4", 2, size=224)))  # doctest: +SKIP
[(0.0, 6.5), (6.5, 9.0)]

A cut changes the colours, what lies where, and most of the picture. A camera that turns keeps the colours, a lamp that
is switched on keeps what lies where, a lorry that drives past keeps most of the picture: the difference of two frames
is the product of the three, and a cut stands out from those before it.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from watchword.data.clips.frames import Frame

# Set on real clips at 2 frames a second, see docs/results.md.
CHANGE = 0.45  # of 0 to 1: by how much a cut changes a scene that stands still
RESTLESS = 0.75  # and by how much more, times the usual change, where it does not
_MEMORY = 8  # frames that say what is usual
_SIDE, _PLACES = 48, 12  # pixels: how small frames are when colours, and when what lies where, are compared
_SHADES, _HUES = 16, 8
_LEVELS, _MOST = 16, 0.5  # of 256: what a place changes by at least; which share of all places is most
_PALE = 0.1  # of colour in both frames together: with less, hues say little


class Shots:
    """Takes frames in time order, some 2 a second, and tells which of them begin a shot."""

    def __init__(self, change: float = CHANGE) -> None:
        """Begin a shot where frames differ by more than `change`, from 0 to 1."""
        self._change = change
        self._before: Look | None = None
        self._usual: deque[float] = deque(maxlen=_MEMORY)

    def begins(self, frame: Frame) -> bool:
        """Tell whether a shot begins with this frame; the first frame begins none: it is no change."""
        after = look(frame.picture)
        before, self._before = self._before, after
        if before is None:
            return False
        changed = difference(before, after)
        cut = changed > self._change + RESTLESS * float(np.median(self._usual or [0.0]))
        if cut:
            self._usual.clear()
        else:
            self._usual.append(changed)
        return cut


def shots(frames: Iterable[Frame], change: float = CHANGE) -> Iterator[tuple[float, float]]:
    """Yield start and end of each shot, in seconds, once it is over; the last ends with its last frame's time."""
    finder, start, last = Shots(change), None, 0.0
    for frame in frames:
        if finder.begins(frame) and start is not None:
            yield start, frame.time
            start = frame.time
        start, last = (frame.time if start is None else start), frame.time
    if start is not None:
        yield start, last


class Look(NamedTuple):
    """What is compared of a frame: shades (16,), shares of all pixels; hues (8,), of all colour that there could be;
    places (144, 3) RGB; bright (144,), their brightness about its mean.
    """

    shades: np.ndarray
    hues: np.ndarray
    places: np.ndarray
    bright: np.ndarray


def look(picture: np.ndarray) -> Look:
    """Return what is compared of a picture (H, L, 3) uint8: brightness, colours, and where they are."""
    small = _shrunk(picture, _SIDE)
    grey, strength = small.mean(2), np.ptp(small, axis=2)
    shades = np.histogram(grey, _SHADES, (0, 256))[0] / grey.size
    hues = np.histogram(_hue(small, strength), _HUES, (0, 6), weights=strength)[0] / (255 * grey.size)
    places = _shrunk(small, _PLACES).reshape(-1, 3)
    bright = places.mean(1)
    return Look(shades, hues, places, bright - bright.mean())


def difference(before: Look, after: Look) -> float:
    """Return how much changes from one frame to another, from 0 to 1."""
    shades = float(np.abs(before.shades - after.shades).sum()) / 2
    colourful = max(float(before.hues.sum() + after.hues.sum()), _PALE)
    hues = float(np.abs(before.hues - after.hues).sum()) / colourful
    alike = float(before.bright @ after.bright)
    alike /= max(float(np.linalg.norm(before.bright) * np.linalg.norm(after.bright)), 1e-6)
    change = float(np.sqrt(max(shades, hues) * (1 - min(max(alike, 0.0), 1.0))))
    return change * min(1.0, _moved(before.places, after.places) / _MOST)


def _moved(before: np.ndarray, after: np.ndarray) -> float:
    """Return the share of places whose colour changes otherwise than that of most does, as where a camera adapts."""
    change = after - before
    return float((np.abs(change - np.median(change, 0)).max(1) > _LEVELS).mean())


def _hue(small: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """Return hues, 0 to 6 once around the circle, of pixels (H, L, 3) with these differences of their channels."""
    red, green, blue = np.moveaxis(small, 2, 0)
    high, spread = small.max(2), np.where(strength > 0, strength, 1)
    others = np.where(high == green, 2 + (blue - red) / spread, 4 + (red - green) / spread)
    return np.where(high == red, (green - blue) / spread, others) % 6


def _shrunk(picture: np.ndarray, side: int) -> np.ndarray:
    """Return the means (side, side, C) float64 of as many parts of a picture (H, L, C), at least a pixel each."""
    height, width = picture.shape[:2]
    rows, columns = (np.arange(side) * length // side for length in (height, width))
    if height < side or width < side:
        return picture[rows][:, columns].astype(np.float64)
    sums = np.add.reduceat(np.add.reduceat(picture.astype(np.float64), rows, 0), columns, 1)
    high, wide = np.diff(rows, append=height), np.diff(columns, append=width)
    return sums / (high[:, None] * wide)[:, :, None]
