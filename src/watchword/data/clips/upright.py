"""A decoded frame, turned upright, as RGB."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from av import VideoFrame

_UNSAID = 2  # FFmpeg's number for a colour space that the file does not name
_HIGH = 720  # rows from which such a file means that of high definition, as players take it


class Display(NamedTuple):
    """How a frame is to be shown. lying: its rows and columns change places; the others are of what comes of that."""

    lying: bool = False
    right_to_left: bool = False
    upside_down: bool = False


class Upright:
    """A frame as the camera's owner saw it: turned by quarters, and mirrored, as its metadata says."""

    def __init__(self, frame: "VideoFrame", display: Display) -> None:
        self._frame, self._display = frame, display

    @property
    def shape(self) -> tuple[int, int]:
        """Width and height of the upright frame."""
        shape = (self._frame.width, self._frame.height)
        return shape[::-1] if self._display.lying else shape

    def pixels(self, width: int, height: int) -> np.ndarray:
        """Return the frame as (height, width, 3) uint8 RGB, the whole of it squashed to that."""
        if self._display.lying:
            width, height = height, width
        frame = self._frame
        unsaid = int(frame.colorspace) == _UNSAID
        small = frame.reformat(
            width,
            height,
            format="rgb24",
            src_colorspace="ITU709" if unsaid and frame.height >= _HIGH else None,
            interpolation="BILINEAR",  # a smaller picture is smoothed first, as with photos
        )
        pixels = small.to_ndarray()
        if self._display.lying:
            pixels = pixels.swapaxes(0, 1)
        return pixels[:: -1 if self._display.upside_down else 1, :: -1 if self._display.right_to_left else 1]


def display_of(frame: "VideoFrame") -> Display:
    """Return how a frame is to be shown.

    The display matrix of MP4 and of FFmpeg, nine numbers by row, takes (x, y) to (a x + c y, b x + d y) by its first
    two rows (a, b) and (c, d); every quarter turn, mirrored or not, is one of eight.
    """
    from av.sidedata.sidedata import Type

    told: Any = frame.side_data  # which PyAV's own types give other keys
    if (found := told.get(Type.DISPLAYMATRIX)) is None:
        return Display()
    (a, b, _), (c, d, _), _ = np.frombuffer(found, np.int32).reshape(3, 3).tolist()
    if abs(b) + abs(c) > abs(a) + abs(d):
        return Display(True, c < 0, b < 0)
    return Display(False, a < 0, d < 0)
