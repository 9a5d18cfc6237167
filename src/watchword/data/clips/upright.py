"""A decoded frame, turned upright, as RGB."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from av import VideoFrame

_UNSAID = 2  # FFmpeg's number for a colour space that the file does not name
_HIGH = 720  # rows from which such a file means that of high definition, as players take it


class Upright:
    """A frame as the camera's owner saw it: its rotation metadata applied."""

    def __init__(self, frame: "VideoFrame") -> None:
        self._frame = frame
        self._turns = round(frame.rotation / 90) % 4  # quarters, anticlockwise

    @property
    def shape(self) -> tuple[int, int]:
        """Width and height of the upright frame."""
        shape = (self._frame.width, self._frame.height)
        return shape[::-1] if self._turns % 2 else shape

    def pixels(self, width: int, height: int) -> np.ndarray:
        """Return the frame as (height, width, 3) uint8 RGB, the whole of it squashed to that."""
        if self._turns % 2:
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
        return np.rot90(small.to_ndarray(), self._turns)
