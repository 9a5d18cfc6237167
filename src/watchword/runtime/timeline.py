"""A clip as a time line: what is said of it, and from when to when.

Frames come at a rate, a batch is described while the next is read (ahead.py), shots and lasting changes of what is
said cut the time (changes.py), and of a stretch one sentence is said, of some of its frames together, or by a model of
clips (speaking.py). What is held at once is bounded, however long the clip is.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Unpack

import numpy as np

from watchword.core.errors import ClipError, PictureError
from watchword.data.clips.frames import Frame, by_rate, probe
from watchword.data.clips.shots import Shots
from watchword.data.played import Clip
from watchword.runtime.ahead import read_ahead, until_error
from watchword.runtime.asking import Asked
from watchword.runtime.changes import Changes, Told
from watchword.runtime.segments import Segment, merged
from watchword.runtime.speaking import Speaker, speaker

if TYPE_CHECKING:
    from watchword.runtime.captioner import Captioner

PER_SECOND = 2.0  # frames
BATCH = 16  # frames described at once
NEAR = 1.0  # seconds: what the file says of its length, and what was found, are then the same
LABELLED = 16  # frames of a stretch that a labeller sees at most


class Labelling(Protocol):
    """What of `runtime.labeller.Labeller` a time line needs."""

    @property
    def plays(self) -> bool:
        """Whether it plays the clip itself, because a few frames of it are not enough."""
        ...

    def label(self, source: np.ndarray | Clip) -> Sequence[tuple[str, float]]:
        """Return names and probabilities, likeliest first, for frames (T, S, S, 3) uint8 in time order, or a clip."""
        ...


class NotNamed(ClipError):
    """A clip all of which was described, but not named."""


Naming = Callable[[Sequence[Told], float], tuple[str | None, float | None]]
"""From a stretch and when it ends to the name of what is done in it, and how probable that is, as far as told."""


def timeline(
    captioner: "Captioner",
    path: str | Path,
    *,
    per_second: float = PER_SECOND,
    labeller: Labelling | None = None,
    reached: Callable[[float, float | None], None] | None = None,
    lost: Callable[[int], None] | None = None,
    **asked: Unpack[Asked],
) -> Iterator[Segment]:
    """Yield what is said of a clip, segment by segment, each as soon as it is over; they follow each other closely.

    per_second: frames looked at. labeller: names what is done in each segment. reached: told up to which time frames
    were described, and the clip's length if that is known, in seconds. lost: as `data.clips.frames.by_rate` has it.
    asked: see `runtime.asking.Asked`.

    Raises `ClipError`, which names the file, where it cannot be played, after what could be described of it, and
    `NotNamed` after all of it, where it could not be played for the labeller.
    """
    ends, errors, until = probe(path).ends, list[PictureError](), list[float]()
    frames = by_rate(path, per_second, size=captioner.manifest.size, lost=lost, until=until.append)

    def far(time: float) -> None:
        if reached:
            reached(time, ends)

    speaks = speaker(captioner, asked, Path(path))
    told = until_error(_told(speaks, frames, far), errors)
    unnamed = list[PictureError]()
    naming = _naming(labeller, Path(path), unnamed) if labeller else None
    segments = _segments(told, speaks, lambda last: _end(last, 1.0 / per_second, ends, until), naming)
    yield from merged(until_error(segments, errors))  # what is held back to be merged is not lost
    if errors:
        raise errors[0]
    if unnamed:
        raise NotNamed(str(unnamed[0]))


def _told(speaks: Speaker, frames: Iterator[Frame], far: Callable[[float], None]) -> Iterator[Told]:
    """Yield each frame with what is said of it and whether a shot begins with it."""
    shots = Shots()
    for batch in read_ahead(frames, BATCH):
        said = speaks.each([frame.picture for frame in batch])
        for frame, sentence in zip(batch, said, strict=True):
            yield Told(frame.picture, frame.time, sentence, shots.begins(frame))
        far(batch[-1].time)


def _segments(
    told: Iterable[Told], speaks: Speaker, ends: Callable[[float], float], naming: Naming | None
) -> Iterator[Segment]:
    """Yield the segments of frames. ends: tells from the time of the last one when the clip is over."""
    changes, last = Changes(longest=speaks.longest), 0.0
    for one in told:
        over, last = changes.add(one), one.time
        if over:
            yield _segment(over, speaks.best(over, changes.begun), changes.begun, naming)
    if over := changes.end():
        end = ends(last)
        yield _segment(over, speaks.best(over, end), end, naming)


def _end(last: float, step: float, ends: float, until: Sequence[float]) -> float:
    """Return when a clip is over whose last frame, of those that are `step` seconds apart, is at `last`.

    That is when its file says that it `ends`, unless that is a wrong promise, as where the file was cut off or
    joined from several. until: when the latest frame that was decoded ends, if that is known; some at the end of a clip
    may not have been, for no moment falls on them.
    """
    if until:
        end = max(last, until[0])
        return ends if ends > last and abs(ends - end) <= NEAR else end
    return ends if last < ends <= last + step else last + step


def _segment(stretch: Sequence[Told], best: Told, end: float, naming: Naming | None) -> Segment:
    """Return the segment of a stretch that lasts until `end`, and of which `best` is said."""
    label, probability = naming(stretch, end) if naming else (None, None)
    return Segment(
        start=stretch[0].time,
        end=end,
        sentence=best.sentence,
        at=best.time,
        confidence=best.sentence.confidence,
        label=label,
        label_probability=probability,
        frame=best.picture,
    )


def _naming(labeller: Labelling, path: Path, errors: list[PictureError]) -> Naming:
    """Return what names a stretch of the clip: by the frames that are at hand, or by the clip itself.

    If a stretch cannot be played again, it and those after it have no name, and what came in the way goes to `errors`.
    """

    def name(stretch: Sequence[Told], end: float) -> tuple[str | None, float | None]:
        if errors:
            return None, None
        if labeller.plays:
            try:
                return labeller.label(Clip(path, (stretch[0].time, end)))[0]
            except PictureError as error:
                errors.append(error)
                return None, None
        places = np.linspace(0, len(stretch) - 1, min(len(stretch), LABELLED)).round().astype(int)
        return labeller.label(np.stack([stretch[place].picture for place in places]))[0]

    return name
