"""Frames of a clip: at a rate, in a number, or in stretches of consecutive ones.

>>> [frame.time for frame in by_rate("clip.mp4", 2)]  # doctest: +SKIP
[0.0, 0.5, 1.0]

Decoding runs in a process of its own (player.py, decoding.py) within `Limits`; whatever a file does there comes back
as a `ClipError`. What is damaged in the middle of a clip is left out and counted: `lost` is called with the number.
"""

import math
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from watchword.core.errors import ClipError, SettingsError
from watchword.data.clips.limits import LIMITS, Limits
from watchword.data.clips.messages import Header, Kind
from watchword.data.clips.player import answers

SLOWEST, FASTEST = 1e-4, 1000.0  # frames a second that can be asked for: one in three hours, one in a millisecond


class Frame(NamedTuple):
    """A picture out of a clip: (H, L, 3) uint8 RGB, upright, and its time in seconds from the clip's start."""

    picture: np.ndarray
    time: float


class Probe(NamedTuple):
    """What a clip is; width and height upright.

    seconds: that its picture lasts; begins: after how many of the clip's own it does, where sound comes first.
    fps: on average; None where the file does not say.
    """

    seconds: float
    fps: float | None
    width: int
    height: int
    sound: bool
    begins: float = 0.0

    @property
    def ends(self) -> float:
        """When its picture ends, in seconds from the clip's start, which all times are counted from."""
        return self.begins + self.seconds

    def stretch(self, span: tuple[float, float] | None) -> tuple[float, float]:
        """Return from when to when there is a picture in a stretch (start, end) of the clip; None is all of it.

        What was joined of several tells the length of the first: a stretch that begins beyond stays as it is.
        """
        if span and span[0] >= self.ends:
            return span
        start, end = span or (0.0, self.ends)
        return max(start, self.begins), min(end, self.ends)


Lost = Callable[[int], None]
Until = Callable[[float], None]


def probe(path: str | Path, *, limits: Limits = LIMITS) -> Probe:
    """Return what a clip is; its first frame is decoded, so that one exists is certain. Raises `ClipError`."""
    ((_, found),) = answers(path, limits, {"do": "probe"})
    return Probe(*(found[name] for name in Probe._fields))


def by_rate(
    path: str | Path,
    per_second: float,
    *,
    size: int | None = None,
    start: float = 0.0,
    end: float | None = None,
    limits: Limits = LIMITS,
    lost: Lost | None = None,
    until: Until | None = None,
) -> Iterator[Frame]:
    """Yield the frames on display at `start`, `start` + 1 / `per_second`, … (seconds), each once, as they are decoded.

    A rate above the clip's own gives every frame. Memory is that of a few frames, however long the clip is.

    size: both sides of a square that whole frames are squashed to; None: as they are (all like the first, where the
        size changes midway). end: moments from there on are left out; None: to the end.
    lost: called at the end with the number of damaged packets that were left out, if there were any.
    until: called at the end with how long the latest of the frames that were decoded is on display, in seconds from
        the clip's start.

    Raises `ClipError` for a file that cannot be played, or holds no picture at all.
    """
    if not SLOWEST <= per_second <= FASTEST:
        raise SettingsError(f"frames a second are from {SLOWEST:g} to {FASTEST:g}; {per_second} were asked for; try 2")
    asked = {"do": "rate", "per_second": per_second, **_span(start, end), "size": _size(size)}
    return _playing(path, limits, asked, lost, until)


def by_count(
    path: str | Path,
    count: int,
    *,
    size: int | None = None,
    start: float = 0.0,
    end: float | None = None,
    place: float = 0.5,
    limits: Limits = LIMITS,
    lost: Lost | None = None,
) -> list[Frame]:
    """Return `count` frames: of as many equal parts of the clip, the frame on display at share `place` of each.

    In time order; frames repeat where there are fewer. Where the file has an index only what lies between a wanted
    frame and the key frame before it is decoded. Other arguments and errors as of `by_rate`.
    """
    asked = {"count": count, "place": place, "next": False, **_span(start, end), "size": _size(size)}
    return _counted(path, limits, asked, lost)[0]


def pairs_by_count(
    path: str | Path,
    count: int,
    *,
    size: int | None = None,
    start: float = 0.0,
    end: float | None = None,
    place: float = 0.5,
    limits: Limits = LIMITS,
    lost: Lost | None = None,
) -> list[tuple[Frame, Frame]]:
    """Return the frames of `by_count`, each with what is on display a frame later: what moves between them is flow.

    A frame lasts 1 / fps, its mean over the clip: where the rate varies, flow is of the same time everywhere.
    """
    asked = {"count": count, "place": place, "next": True, **_span(start, end), "size": _size(size)}
    frames, pairs = _counted(path, limits, asked, lost)
    return [(frames[before], frames[after]) for before, after in pairs]


def _counted(
    path: str | Path, limits: Limits, asked: dict[str, Any], lost: Lost | None
) -> tuple[list[Frame], list[tuple[int, int]]]:
    """Return the frames that were asked for, and which of them belong together."""
    if asked["count"] < 1:
        raise SettingsError(f"at least one frame must be asked for; {asked['count']} were; try 16")
    if not 0 <= asked["place"] <= 1:
        raise SettingsError(f"the place in each part is from 0 to 1, not {asked['place']}; try 0.5")
    frames: list[Frame] = []
    pairs: list[tuple[int, int]] = []
    for header, content in answers(path, limits, {"do": "count"} | asked):
        if header.kind == Kind.AGAIN:
            frames.clear()
        elif header.kind == Kind.FRAME:
            frames += [_frame(header, content)] * header.number
        else:
            pairs = content["pairs"]
            _tell(lost, content)
    return frames, pairs


def stretches(
    path: str | Path,
    length: int = 16,
    stride: int = 8,
    *,
    size: int | None = None,
    start: float = 0.0,
    end: float | None = None,
    limits: Limits = LIMITS,
    lost: Lost | None = None,
) -> Iterator[list[Frame]]:
    """Yield runs of `length` consecutive frames, each beginning `stride` frames after the one before it.

    Paper 2, section 4: 16 frames with a stride of 8. Frames after the last whole run are left out, except that a
    clip shorter than one run gives one, its last frame repeated. Other arguments and errors as of `by_rate`.
    """
    if length < 1 or stride < 1:
        raise SettingsError(f"length and stride are at least 1, not {length} and {stride}; try 16 and 8")
    asked = {"do": "every", **_span(start, end), "size": _size(size)}
    return _runs(_playing(path, limits, asked, lost), length, stride)


def _runs(frames: Iterator[Frame], length: int, stride: int) -> Iterator[list[Frame]]:
    """Yield runs of frames, as `stretches` says."""
    held: deque[Frame] = deque(maxlen=length)
    for number, frame in enumerate(frames, 1):
        held.append(frame)
        if number >= length and (number - length) % stride == 0:
            yield list(held)
    if 0 < len(held) < length:
        yield [*held, *[held[-1]] * (length - len(held))]


def _playing(
    path: str | Path, limits: Limits, asked: dict[str, Any], lost: Lost | None, until: Until | None = None
) -> Iterator[Frame]:
    """Yield the frames that were asked for as they come."""
    with closing(answers(path, limits, asked)) as coming:
        for header, content in coming:
            if header.kind == Kind.FRAME:
                yield _frame(header, content)
            else:
                _tell(lost, content)
                if until is not None:
                    until(float(content["until"]))


def _frame(header: Header, content: bytes) -> Frame:
    """Return a frame out of an answer; its array may be written to."""
    return Frame(np.frombuffer(content, np.uint8).reshape(header.height, header.width, 3), header.time)


def _tell(lost: Lost | None, found: dict[str, Any]) -> None:
    if lost is not None and found.get("lost"):
        lost(int(found["lost"]))


def _span(start: float, end: float | None) -> dict[str, float | None]:
    """Return start and end as they are sent; `ClipError` where nothing lies between them."""
    if not 0 <= start < math.inf or (end is not None and not start < end):
        raise ClipError(f"a part of a clip goes from a start of 0 or more to a later end, not {start} to {end} seconds")
    return {"start": start, "end": None if end == math.inf else end}


def _size(size: int | None) -> int | None:
    if size is not None and not 1 <= size <= 8192:
        raise SettingsError(f"the side of a frame is from 1 to 8192 pixels, not {size}; try 224")
    return size
