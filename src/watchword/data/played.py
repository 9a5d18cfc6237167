"""Clips as an encoder is shown them: so many frames in time order, each a square picture. A photo is a short clip."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from watchword.core.boxes import WHOLE
from watchword.core.errors import PictureError
from watchword.core.types import Example
from watchword.data.clips.files import is_clip
from watchword.data.clips.flow import Method
from watchword.data.pictures import Part, Source, cut, open_picture, picture_of
from watchword.data.views import shown

if TYPE_CHECKING:
    from watchword.data.clips.flow_store import FlowStore

Box = tuple[float, float, float, float]
Span = tuple[float, float]
Stream = Literal["rgb", "flow"]
Play = Literal["still", "pan"]

_NEAR, _FAR = 0.6, 0.95  # sides of what a moving crop shows of a photo, as shares of the photo's


@dataclass(frozen=True)
class Clip:
    """A part of a clip. span: start and end in seconds, None for all; box: x0, y0, x1, y1 as fractions."""

    source: Path
    span: Span | None = None
    box: Box | None = None

    def __str__(self) -> str:
        """Name the clip and the part."""
        if self.span is None:
            return str(self.source)
        return f"{self.source} ({self.span[0]:g} to {self.span[1]:g} s)"


Watched = Source | Clip | Sequence[Source]


@dataclass(frozen=True)
class Playing:
    """How clips are shown to an encoder.

    count: of pictures, T. stream: "rgb", the frames of T equal parts of the clip; or "flow", what moves from each of
    these to what is on display a frame later (`clips.flow`). play: what of a photo, which has one frame: "still",
    that one T times; or "pan", a crop that moves over it.
    rate: frames a second, of as long a part about the middle of a clip as they fill; 0 for frames of all of it, as of
    clips that are shorter. Frames given in a list have no times, and are of all of it.
    method: by which flow is found.
    """

    count: int
    stream: Stream = "rgb"
    play: Play = "still"
    rate: float = 0.0
    method: Method = "dis"

    @property
    def frames(self) -> int:
        """How many frames of a clip are needed: of flow two for each picture."""
        return self.count * (1 + (self.stream == "flow"))

    def __call__(self, source: Watched, size: int, number: int = 0, flows: "FlowStore | None" = None) -> np.ndarray:
        """Return view `number` of a clip, or of a photo played as one: (T, size, size, 3) uint8.

        source: the path of a clip, a `Clip`, a list of its frames or an array of them (N, H, W, 3), or a photo as
            `open_picture` takes it.
        number: 0 is the clip; odd views are mirrored; from 2 on other frames are taken, all cropped alike.
        flows: where the flow of whole clips is kept, of pictures of this size; view 0 alone is taken from it.

        Raises `PictureError`, of a clip `ClipError`, which names it and says what is wrong.
        """
        if flows and number == 0 and self.stream == "flow" and (clip := _whole(source)):
            start, end = self._span(clip)
            return flows.pictures(clip.source, self.count, start=start, end=end)
        frames = self._seen(_viewed(self._frames(source, size, number), number))
        return np.ascontiguousarray(frames)

    def _frames(self, source: Watched, size: int, number: int) -> np.ndarray:
        if isinstance(source, Clip):
            return self._of_clip(source, size, number)
        if isinstance(source, str | Path) and is_clip(source):
            return self._of_clip(Clip(Path(source)), size, number)
        if isinstance(source, np.ndarray) and source.ndim == 4:
            source = list(source)
        if isinstance(source, Sequence) and not isinstance(source, str | bytes):
            if not source:
                raise PictureError("a clip without a frame; give one or more")
            taken = self._with_next(parts(len(source), self.count, place_of(number)), len(source))
            return np.stack([open_picture(source[place], size) for place in taken])
        if self.play == "pan":
            return _panned(open_picture(source), self.frames, size, number)
        return np.repeat(open_picture(source, size)[None], self.frames, 0)

    def _of_clip(self, clip: Clip, size: int, number: int) -> np.ndarray:
        from watchword.data.clips.frames import by_count, pairs_by_count

        start, end = self._span(clip)
        asked: dict[str, Any] = {"start": start, "end": end, "place": place_of(number)}
        asked["size"] = size if clip.box is None else None
        if self.stream == "rgb":
            found = by_count(clip.source, self.count, **asked)
        else:
            found = [frame for pair in pairs_by_count(clip.source, self.count, **asked) for frame in pair]
        return np.stack([cut(one.picture, clip.box, size) if clip.box else one.picture for one in found])

    def _span(self, clip: Clip) -> tuple[float, float | None]:
        """Return start and end of what is shown of a clip."""
        from watchword.data.clips.frames import probe

        start, end = clip.span or (0.0, None)
        if not self.rate:
            return start, end
        first, last = probe(clip.source).stretch(clip.span)
        if (filled := self.count / self.rate) < last - first:
            start = (first + last - filled) / 2
            end = start + filled
        return start, end

    def _with_next(self, places: list[int], there: int) -> list[int]:
        """Return places of frames, of flow each with the one after it, of so many that are there."""
        if self.stream == "rgb":
            return places
        return [near for place in places for near in (place, min(place + 1, there - 1))]

    def _seen(self, frames: np.ndarray) -> np.ndarray:
        if self.stream == "rgb":
            return frames
        from watchword.data.clips.flow import flow_picture

        return np.stack([flow_picture(*pair, self.method) for pair in zip(frames[::2], frames[1::2], strict=True)])


def _whole(source: Watched) -> Clip | None:
    """Return a clip of which whole frames are shown; None for a photo, a list of frames or parts of frames."""
    if isinstance(source, str | Path):
        return Clip(Path(source)) if is_clip(source) else None
    return source if isinstance(source, Clip) and source.box is None else None


def watched(example: Example) -> Path | Part | Clip:
    """Return what an example with a path speaks of: a photo, a clip, or a part of one."""
    assert example.path is not None
    if example.span or (example.box and is_clip(example.path)):
        return Clip(example.path, example.span, example.box)
    return picture_of(example)


def parts(there: int, count: int, place: float = 0.5) -> list[int]:
    """Return which of so many frames are taken: of `count` equal parts those at the share `place` of each."""
    return [int((part + place) * there / count) for part in range(count)]


def place_of(number: int) -> float:
    """Return where in each part of a clip view `number` takes its frame: of two views each at 1/2, 1/4, 3/4, 1/8."""
    left, place, share = number // 2 + 1, 0.0, 0.5
    while left:
        place, left, share = place + share * (left % 2), left // 2, share / 2
    return place


def _viewed(frames: np.ndarray, number: int) -> np.ndarray:
    """Return frames (T, S, S, 3) cropped and mirrored as the first of them is in view `number`, all alike."""
    seen, size = shown(frames[0], number), frames.shape[1]
    if seen.box != WHOLE:
        frames = np.stack([cut(frame, seen.box, size) for frame in frames])
    return frames[:, :, ::-1] if seen.mirrored else frames


def _panned(pixels: np.ndarray, count: int, size: int, number: int) -> np.ndarray:
    """Return crops (count, size, size, 3) of a photo, which wander from one box to another that photo and view choose.

    Mirroring and cropping come behind it, as of a clip; what differs from view to view here is the way.
    """
    random = np.random.default_rng((zlib.crc32(pixels[::7, ::7].tobytes()), number // 2))
    first, last = _chosen(random), _chosen(random)
    steps = np.linspace(0, 1, count)[:, None] * (last - first) + first
    return np.stack([cut(pixels, (box[0], box[1], box[2], box[3]), size) for box in steps.tolist()])


def _chosen(random: np.random.Generator) -> np.ndarray:
    """Return a box (4,) of a photo, as fractions."""
    sides = random.uniform(_NEAR, _FAR, 2)
    low = random.uniform(0, 1 - sides)
    return np.concatenate((low, low + sides))
