"""What the index asks of a model: pictures and sentences as vectors of one common space.

Letters: R regions of a photo, T words of a sentence, D width of the common space.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from watchword.core.errors import RetrievalError
from watchword.core.types import Looked, Read

_LARGEST = float(np.finfo(np.float16).max)


@runtime_checkable
class Matcher(Protocol):
    """A model that puts regions and words into one space: `runtime.matcher.Matcher` is one.

    It may have `boxes_of(read, looked, runs)` besides, which draws boxes (N, 4) for runs of words.
    """

    @property
    def size(self) -> int:
        """Height and width of the pictures that it takes, in pixels."""
        ...

    @property
    def width(self) -> int:
        """D, the width of the common space."""
        ...

    @property
    def key(self) -> str:
        """What tells this model from others: the hash of its weights."""
        ...

    def look(self, pictures: Sequence[np.ndarray]) -> Sequence[Looked]:
        """Return what is seen in each of the pictures (H, W, 3) uint8, in their order."""
        ...

    def read(self, texts: Sequence[str]) -> Sequence[Read]:
        """Return the words of each sentence and their vectors."""
        ...


def check_matcher(given: object) -> None:
    """Raise `RetrievalError` for what is no `Matcher`, before it fails in the midst of something."""
    if not isinstance(given, Matcher):
        raise RetrievalError(f"{given!r} is no matcher: give one, as in watchword.load('matcher')")


class Described(NamedTuple):
    """What else is kept of a photo, so that it can be found by it."""

    sentence: str | None = None
    labels: tuple[str, ...] = ()


def kept(looked: Looked, width: int) -> Looked:
    """Return vectors as float16 and boxes as float32, as the index keeps them.

    Raises `ValueError`, which says why, for numbers that are no use, and `RetrievalError` for a shape that no photo
    can be blamed for.
    """
    vectors, boxes = np.asarray(looked.vectors), np.asarray(looked.boxes, np.float32)
    if vectors.ndim != 2 or vectors.shape[1] != width or boxes.shape != (len(vectors), 4):
        raise RetrievalError(
            f"the model gave vectors {vectors.shape} and boxes {boxes.shape} for a photo; "
            f"they are (R, {width}) and (R, 4); use a model made for search"
        )
    if not len(vectors):
        raise ValueError("the model saw no region in it")
    if not np.isfinite(vectors).all() or np.abs(vectors).max() > _LARGEST:
        raise ValueError(f"the model gave numbers that are not finite, or above {_LARGEST:,.0f}")
    x0, y0, x1, y1 = boxes.T
    if not ((boxes >= 0).all() and (boxes <= 1).all() and (x0 < x1).all() and (y0 < y1).all()):
        raise ValueError("the model gave boxes that do not lie in the picture")
    if not np.isfinite(looked.hubness):
        raise ValueError("the model gave numbers that are not finite")
    return Looked(vectors.astype(np.float16), boxes, float(looked.hubness))


def query(vectors: np.ndarray, width: int, what: str) -> np.ndarray:
    """Return the vectors of what is searched for, (T, D) float32; `RetrievalError` if they cannot be searched with."""
    words = np.asarray(vectors, np.float32)
    if words.ndim != 2 or words.shape[1] != width:
        raise RetrievalError(f"{what} became vectors {words.shape}; they are (T, {width}); use the index's own model")
    if not len(words):
        raise RetrievalError(f"{what} holds no word to search for; describe what the photo shows")
    if not np.isfinite(words).all():
        raise RetrievalError(f"{what} became numbers that are not finite; say it in other words")
    return words
