"""The process that decodes, seen from inside: reads requests, sends answers (messages.py), obeys `Limits`.

It runs apart from whoever asks (player.py). Frames are made small and turned upright here, so that a large frame
never crosses the pipe where a small one is wanted.
"""

import json
import os
import sys
import time
from typing import BinaryIO

import numpy as np

from watchword.core.errors import ClipError
from watchword.data.clips.hearing import Sound
from watchword.data.clips.limits import Limits
from watchword.data.clips.messages import Header, Kind
from watchword.data.clips.moments import NEVER, Every, Grid, Listed, Moments
from watchword.data.clips.upright import Display, Upright, display_of
from watchword.data.clips.video import Video

_ALIVE_EVERY = 0.5  # seconds


class Pipe:
    """Where answers go."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._last = out, time.monotonic()

    def send(self, header: Header, content: bytes | memoryview = b"") -> None:
        """Send one answer. An error to write is the end: nobody listens any more."""
        try:
            self._out.write(header.pack())
            self._out.write(content)
            self._out.flush()
        except OSError:
            os._exit(0)
        self._last = time.monotonic()

    def alive(self) -> None:
        """Say that decoding goes on, if nothing was said for a while."""
        if time.monotonic() - self._last > _ALIVE_EVERY:
            self.send(Header(Kind.ALIVE))

    def text(self, kind: Kind, text: str) -> None:
        """Send an answer in words."""
        content = text.encode("utf-8", "replace")
        self.send(Header(kind, width=len(content)), content)


def main() -> None:
    """Answer requests until there are no more."""
    pipe = Pipe(os.fdopen(os.dup(1), "wb", buffering=0))
    os.dup2(2, 1)  # whatever a library prints must not land between the answers
    if not _has_av(pipe):
        return
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        limits = Limits(**asked.pop("limits"))
        _bound(limits)
        try:
            found = _ACTIONS[asked.pop("do")](asked, limits, pipe)
            pipe.text(Kind.DONE, json.dumps(found))
        except Exception as error:  # of FFmpeg alone there are some hundred kinds
            pipe.text(Kind.ERROR, _trouble(error, limits))


def _trouble(error: Exception, limits: Limits) -> str:
    """Say what went wrong, and what to do."""
    if isinstance(error, ClipError):
        return str(error)
    if isinstance(error, MemoryError | BlockingIOError):  # the second: no memory for another thread
        return f"it needs more than {limits.memory / 1e6:,.0f} MB of memory; save it with smaller frames"
    return f"{str(error) or repr(error)}; it may be damaged: save it anew with another program"


def _has_av(pipe: Pipe) -> bool:
    """Tell whether PyAV is there, and the asker if it is not."""
    try:
        import av
    except ImportError:
        pipe.text(
            Kind.ERROR,
            'clips need PyAV, which is not installed; run: pip install ".[video]" in the checkout of watchword',
        )
        return False
    av.logging.set_level(None)
    return True


def _bound(limits: Limits) -> None:
    """Let the system refuse memory above the limit, any file that would be written, and a dump of the memory."""
    try:
        import resource
    except ImportError:  # Windows: bounded by pixels and time alone
        return
    for what, most in (
        ("RLIMIT_DATA", limits.memory),
        ("RLIMIT_AS", limits.memory + 2 * 1024**3),  # code and mapped files count there, too
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
    ):
        number = getattr(resource, what, None)
        if number is not None:
            hard = resource.getrlimit(number)[1]
            resource.setrlimit(number, (most if hard < 0 else min(most, hard), hard))


def _probe(asked: dict, limits: Limits, pipe: Pipe) -> dict:
    """Answer `frames.probe`."""
    with Video(asked["path"], limits, pipe.alive) as video:
        end = video.length()
        for _, frame in video.frames(Every(0, NEVER)):
            width, height = Upright(frame, display_of(frame)).shape
            return {
                "seconds": end - video.begins,
                "begins": video.begins,
                "fps": video.fps,
                "width": width,
                "height": height,
                "sound": video.has_sound,
            }
        raise video.nothing()


def _count(asked: dict, limits: Limits, pipe: Pipe) -> dict:
    """Answer `frames.by_count`; where the header promised more than there was, once more with what there is.

    What was joined promises no more than its first part: a part that begins beyond is looked for all the same.
    """
    with Video(asked["path"], limits, pipe.alive) as video:
        expected = video.length()
        beyond = asked["end"] is not None and asked["start"] >= expected
        if beyond:
            start, end = asked["start"], asked["end"]
        else:
            end = expected if asked["end"] is None else min(asked["end"], expected)
            start = max(video.begins, min(asked["start"], end))
        found = _parts(asked, start, end, video, pipe)
        if beyond and video.until <= start:
            over = round(max(video.until, expected), 2)
            raise ClipError(f"it ends after {over:g} seconds, and {start:g} to {end:g} are asked for")
        missing = end - max(video.last, start)
        open_ended = asked["end"] is None or beyond
        if open_ended and missing > max((end - start) / asked["count"], 2 * video.step):
            pipe.send(Header(Kind.AGAIN))
            video.rewind()
            found = _parts(asked, start, max(video.last + video.step, start), video, pipe)
        return found


def _parts(asked: dict, start: float, end: float, video: Video, pipe: Pipe) -> dict:
    """Send the frames of so many equal parts, and in between those a mean frame later, if asked; say which are pairs.

    pairs: of each part the numbers of its frame and of the next, among all that were sent.
    """
    count = asked["count"]
    moments = [start + (number + asked["place"]) * (end - start) / count for number in range(count)]
    if asked["next"]:
        moments += [moment + video.step for moment in moments]
    order = sorted(range(len(moments)), key=moments.__getitem__)
    found = _send(video, Listed([moments[number] for number in order]), asked["size"], pipe)
    places = {number: place for place, number in enumerate(order)}
    pairs = [(places[number], places[number + count]) for number in range(count)] if asked["next"] else []
    return found | {"pairs": pairs}


def _rate(asked: dict, limits: Limits, pipe: Pipe) -> dict:
    """Answer `frames.by_rate`."""
    end = NEVER if asked["end"] is None else asked["end"]
    with Video(asked["path"], limits, pipe.alive) as video:
        return _send(video, Grid(asked["start"], 1 / asked["per_second"], end), asked["size"], pipe)


def _every(asked: dict, limits: Limits, pipe: Pipe) -> dict:
    """Answer `frames.stretches`."""
    end = NEVER if asked["end"] is None else asked["end"]
    with Video(asked["path"], limits, pipe.alive) as video:
        return _send(video, Every(asked["start"], end), asked["size"], pipe)


def _sound(asked: dict, limits: Limits, pipe: Pipe) -> dict:
    """Answer `sound.loudness`."""
    with Video(asked["path"], limits, pipe.alive) as video:
        seconds = video.length()
    sound = Sound(asked["path"], asked["window"], pipe.alive)
    for levels in sound.levels():
        pipe.send(Header(Kind.LEVEL, width=len(levels)), levels.tobytes())
    # What was joined tells the length of one part.
    return {"seconds": max(seconds, sound.heard) if sound.joined else seconds, "lost": sound.lost}


def _send(video: Video, moments: Moments, size: int | None, pipe: Pipe) -> dict:
    """Send the frames of these moments; return what is said at the end."""
    shape, displays = (size, size) if size else None, dict[float, Display]()
    for moment, frame, number in video.shown(moments):
        if frame.rotation not in displays:  # seldom, as a frame that was asked for its matrix is not freed at once
            displays[frame.rotation] = display_of(frame)
        upright = Upright(frame, displays[frame.rotation])
        shape = shape or upright.shape
        picture = np.ascontiguousarray(upright.pixels(*shape))
        pipe.send(Header(Kind.FRAME, moment, number, *picture.shape[:2]), picture.data)
    if not video.any_frame:
        raise video.nothing()
    until, ends = video.until, video.ends
    # Where frames were put in another order, the last may tell the duration of one before a pause.
    return {"lost": video.lost, "until": ends if ends is not None and video.last < ends < until else until}


_ACTIONS = {"probe": _probe, "count": _count, "rate": _rate, "every": _every, "sound": _sound}
