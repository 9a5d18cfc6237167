"""The two seconds in the middle of a clip, at 15 frames a second: how long it lasts then tells nothing about it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from watchword.core.errors import ClipError, PictureError
from watchword.data.clips.files import is_clip
from watchword.data.clips.flow import opencv
from watchword.data.pictures import Source, open_picture
from watchword.data.played import Clip, Watched

PER_SECOND = 15
FRAMES = 30
LEAST = 12  # frames: what is shorter stands still at its end
HIGHEST = 560  # rows: a square of two fifths of them still has the 224 that are looked at


def window(source: Watched) -> np.ndarray:
    """Return the frames (T, H, L, 3) uint8 in the middle of a clip, T from 12 to 30, at most 560 rows each.

    Of a clip, what is on display at each fifteenth of a second. source: a path, a `Clip`, a list of frames or an
    array of them (N, H, L, 3), taken as 15 a second, or a photo, which stands still.
    Raises `PictureError`, of a file `ClipError`, for what cannot be played.
    """
    frames = _frames(source)
    return np.stack([*frames, *[frames[-1]] * (LEAST - len(frames))])


def _frames(source: Watched) -> list[np.ndarray]:
    if isinstance(source, Clip):
        return _of_file(source)
    if isinstance(source, str | Path) and is_clip(source):
        return _of_file(Clip(Path(source)))
    if isinstance(source, np.ndarray) and source.ndim == 4:
        source = list(source)
    if isinstance(source, Sequence) and not isinstance(source, str | bytes):
        return _of_pictures(source)
    return [_lowered(open_picture(source))]


def _of_pictures(pictures: Sequence[Source]) -> list[np.ndarray]:
    """Return the middle ones of a clip's frames, as many as there may be."""
    if not pictures:
        raise PictureError("a clip without a frame; give one or more")
    first = middle(len(pictures))
    found = [_lowered(open_picture(picture)) for picture in pictures[first : first + FRAMES]]
    if len({frame.shape for frame in found}) > 1:
        raise PictureError("the frames of a clip are of one size; these are of several")
    return found


def _of_file(clip: Clip) -> list[np.ndarray]:
    """Return what is on display in the middle of a clip's span, held where the clip has fewer frames than asked for."""
    from watchword.data.clips.frames import by_rate, probe

    start, end = probe(clip.source).stretch(clip.span)
    ticks = max(1, round((end - start) * PER_SECOND))
    wanted = middle(ticks) + np.arange(min(ticks, FRAMES)) + 0.5  # the middle of each, where no frame begins or ends
    times = start + wanted / PER_SECOND
    coming = by_rate(clip.source, PER_SECOND, start=float(times[0]), end=float(times[-1]) + 0.5 / PER_SECOND)
    frames = [(frame.time, _boxed(_lowered(frame.picture), clip)) for frame in coming]
    if not frames:
        raise ClipError(f"{str(clip.source)!r} has nothing in the middle of {start:g} to {end:g} seconds")
    return _held(frames, times)


def _held(frames: Sequence[tuple[float, np.ndarray]], times: np.ndarray) -> list[np.ndarray]:
    """Return the frame on display at each of `times`: the last that has begun, or the first."""
    begun, pictures = zip(*frames, strict=True)
    places = np.searchsorted(np.array(begun), times, side="right") - 1
    return [pictures[max(place, 0)] for place in places]


def middle(there: int) -> int:
    """Return which of so many frames is the first of the window."""
    return max(0, (there - FRAMES) // 2)


def _boxed(frame: np.ndarray, clip: Clip) -> np.ndarray:
    """Return the part of a frame that a clip's box shows."""
    if clip.box is None:
        return frame
    height, width = frame.shape[:2]
    left, top, right, bottom = (np.array(clip.box) * (width, height, width, height)).round().astype(int)
    return frame[top : max(bottom, top + 1), left : max(right, left + 1)]


def _lowered(frame: np.ndarray) -> np.ndarray:
    """Return a frame with at most 560 rows, so that thirty of them need little memory."""
    height, width = frame.shape[:2]
    if height <= HIGHEST:
        return frame
    cv2 = opencv()
    return cv2.resize(frame, (max(1, round(width * HIGHEST / height)), HIGHEST), interpolation=cv2.INTER_AREA)
