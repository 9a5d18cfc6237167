"""Who speaks of the stretches of a clip: a model of photos, frame by frame, or a model of clips, of all frames."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from watchword.core.types import Sentence
from watchword.data.played import Clip
from watchword.runtime.agreement import content, likeness
from watchword.runtime.asking import Asked
from watchword.runtime.changes import LONGEST, Told

if TYPE_CHECKING:
    from watchword.runtime.captioner import Captioner

CLIP = 10.0  # seconds that a model of clips is shown at most, about as long as the clips that such models learn from
TOGETHER = 8  # frames of a stretch that are described together at most
_NOTHING = Sentence("", (), ())


class Speaker(Protocol):
    """What says the sentences of a time line. longest: seconds that a stretch may have."""

    longest: float

    def each(self, pictures: Sequence[np.ndarray]) -> Sequence[Sentence]:
        """Return what is said of each picture (S, S, 3) uint8, to see where that changes."""
        ...

    def best(self, stretch: Sequence[Told], end: float) -> Told:
        """Return the frame that stands for a stretch, which lasts until `end`, and what is said of the stretch."""
        ...


class OfFrames:
    """Speaks of frames, to see where what is said changes, and of a stretch by some of its frames together."""

    longest = LONGEST

    def __init__(self, captioner: "Captioner", asked: Asked) -> None:
        """Speak as `captioner`, a model of photos, does when it is `asked` so."""
        self._captioner, self._asked = captioner, asked

    def each(self, pictures: Sequence[np.ndarray]) -> Sequence[Sentence]:
        """Return a sentence for each picture."""
        return self._captioner.describe(pictures, batch=len(pictures), **self._asked)

    def best(self, stretch: Sequence[Told], end: float) -> Told:
        """Return what is said of frames of a stretch together, and the frame whose own sentence is most like it."""
        places = np.unique(np.linspace(0, len(stretch) - 1, min(len(stretch), TOGETHER)).round().astype(int))
        said = self._captioner.describe_together([stretch[place].picture for place in places], **self._asked)
        words = content(said)
        told = max((stretch[place] for place in places), key=lambda one: likeness(words, content(one.sentence)))
        return told._replace(sentence=said)


class OfClips:
    """Speaks of stretches as wholes, which shots alone part."""

    longest = CLIP

    def __init__(self, captioner: "Captioner", asked: Asked, path: Path) -> None:
        """Speak as `captioner`, a model of clips, does of the clip at `path` when it is `asked` so."""
        self._captioner, self._asked, self._path = captioner, asked, path

    def each(self, pictures: Sequence[np.ndarray]) -> Sequence[Sentence]:
        """Return nothing of each picture."""
        return [_NOTHING] * len(pictures)

    def best(self, stretch: Sequence[Told], end: float) -> Told:
        """Return the middle frame, with what is said of the stretch: the model is shown its own choice of frames.

        They are read again, for frames that were looked at for shots are too few, and too far apart to see movement.
        """
        (sentence,) = self._captioner.describe([Clip(self._path, (stretch[0].time, end))], **self._asked)
        return stretch[len(stretch) // 2]._replace(sentence=sentence)


def speaker(captioner: "Captioner", asked: Asked, path: Path) -> Speaker:
    """Return who speaks of the clip at `path` when a captioner is to describe it."""
    return OfClips(captioner, asked, path) if captioner.manifest.frames else OfFrames(captioner, asked)
