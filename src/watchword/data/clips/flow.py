"""What moves from one frame to the next, as pictures. Paper 2, section 4 (there with Brox's method).

Flow is where each pixel goes, in pixels to the right (x) and down (y). As a picture, x is red and y is green, each
times a scale and centred on 128; blue is the length of both together, times the scale. Green and red at 128 and blue
at 0 stand still.
"""

import threading
from typing import Any, Literal, get_args

import numpy as np

from watchword.core.errors import PictureError, SettingsError

Method = Literal["dis", "farneback"]
SCALE = 8.0  # shades a pixel: 16 pixels from frame to frame, and more, are the strongest shade
CENTRE = 128


def flow_picture(before: np.ndarray, after: np.ndarray, method: Method = "dis", *, scale: float = SCALE) -> np.ndarray:
    """Return what moves from one picture (H, L, 3) uint8 to the next, of the same size, as a picture (H, L, 3) uint8.

    method: "dis" (Dense Inverse Search) or "farneback", which takes half as long again, both of OpenCV.
    scale: shades a pixel.

    Raises `PictureError` for pictures of two sizes.
    """
    flow = flow_between(before, after, method) * scale
    length = np.sqrt((flow**2).sum(2, keepdims=True))
    return np.concatenate((flow + CENTRE, length), 2).round().clip(0, 255).astype(np.uint8)


def flow_between(before: np.ndarray, after: np.ndarray, method: Method = "dis") -> np.ndarray:
    """Return flow (H, L, 2) float32 in pixels, x and y, from one picture (H, L, 3) uint8 to the next."""
    if method not in get_args(Method):
        raise SettingsError(f"no flow named {method!r}; there are: {', '.join(get_args(Method))}")
    if before.shape != after.shape or before.ndim != 3 or before.shape[2] != 3:
        raise PictureError(f"flow is between two pictures (H, L, 3) of one size, not {before.shape} and {after.shape}")
    cv2 = opencv()
    height, width = before.shape[:2]
    if min(height, width) < _LEAST:  # less than both methods can look at
        return np.zeros((height, width, 2), np.float32)
    grey = [cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY) for picture in (before, after)]
    if method == "dis":
        return np.asarray(dis().calc(*grey, None), np.float32)
    # Pyramid of half sizes, three of them; windows of 15 pixels, three rounds; neighbourhoods of 5: OpenCV's own.
    return np.asarray(cv2.calcOpticalFlowFarneback(*grey, None, 0.5, 3, 15, 3, 5, 1.2, 0), np.float32)


_LEAST = 16


def opencv() -> Any:
    """Return OpenCV; `SettingsError`, which says how to get it, where it is not installed."""
    try:
        import cv2
    except ImportError:
        raise SettingsError(
            'flow needs OpenCV, which is not installed; run: pip install ".[video]" in the checkout of watchword'
        ) from None
    return cv2


class _Mine(threading.local):
    """What OpenCV works with, one for each thread: shared by two it crashes Python."""

    dis: Any = None


_mine = _Mine()


def dis() -> Any:
    """Return this thread's Dense Inverse Search."""
    cv2 = opencv()
    if _mine.dis is None:
        _mine.dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    return _mine.dis
