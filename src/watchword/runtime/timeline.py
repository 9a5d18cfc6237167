"""A clip as a time line: what is said of it, and from when to when.

Frames come at a rate, a batch is described while the next is read (ahead.py), shots and lasting changes of what is
said cut the time (changes.py), and of a stretch one sentence is said, of some of its frames together, or by a model of
clips (speaking.py). What is held at once is bounded, however long the clip is.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Unpack

import numpy as np

from watchword.core.errors import PictureError
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


Naming = Callable[[Sequence[Told], float], tuple[str, float]]
"""From a stretch and when it ends to the name of what is done in it, and how probable that is."""


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

    Raises `ClipError`, which names the file, where it cannot be played, after what could be described of it.
    """
    seconds, errors = probe(path).seconds, list[PictureError]()
    frames = by_rate(path, per_second, size=captioner.manifest.size, lost=lost)

    def far(time: float) -> None:
        if reached:
            reached(time, seconds)

    speaks = speaker(captioner, asked, Path(path))
    told = until_error(_told(speaks, frames, far), errors)
    naming = _naming(labeller, Path(path)) if labeller else None
    yield from merged(_segments(told, speaks, seconds, 1.0 / per_second, naming))
    if errors:
        raise errors[0]


def _told(speaks: Speaker, frames: Iterator[Frame], far: Callable[[float], None]) -> Iterator[Told]:
    """Yield each frame with what is said of it and whether a shot begins with it."""
    shots = Shots()
    for batch in read_ahead(frames, BATCH):
        said = speaks.each([frame.picture for frame in batch])
        for frame, sentence in zip(batch, said, strict=True):
            yield Told(frame.picture, frame.time, sentence, shots.begins(frame))
        far(batch[-1].time)


def _segments(
    told: Iterable[Told], speaks: Speaker, seconds: float | None, step: float, naming: Naming | None
) -> Iterator[Segment]:
    """Yield the segments of frames that are `step` seconds apart, in a clip of `seconds` as far as that is known."""
    changes, last = Changes(longest=speaks.longest), 0.0
    for one in told:
        over, last = changes.add(one), one.time
        if over:
            yield _segment(over, speaks.best(over, changes.begun), changes.begun, naming)
    if over := changes.end():
        known = seconds is not None and last < seconds <= last + step
        end = seconds if known and seconds else last + step
        yield _segment(over, speaks.best(over, end), end, naming)


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


def _naming(labeller: Labelling, path: Path) -> Naming:
    """Return what names a stretch of the clip: by the frames that are at hand, or by the clip itself."""

    def name(stretch: Sequence[Told], end: float) -> tuple[str, float]:
        if labeller.plays:
            return labeller.label(Clip(path, (stretch[0].time, end)))[0]
        places = np.linspace(0, len(stretch) - 1, min(len(stretch), LABELLED)).round().astype(int)
        return labeller.label(np.stack([stretch[place].picture for place in places]))[0]

    return name
