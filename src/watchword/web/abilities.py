"""What the pages can do, as functions that are passed in: this room opens no model and no index.

Letters: T words of a sentence.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from watchword.core.types import Sentence
from watchword.retrieval.calibration import Calibration
from watchword.retrieval.filters import EVERYTHING, Where
from watchword.retrieval.hits import Hit
from watchword.retrieval.searching import By
from watchword.web.photos import Photo

Box = tuple[float, float, float, float]  # x0, y0, x1, y1 as shares of width and height


class Run(NamedTuple):
    """Neighbouring words in the same region: `words[first:end]`. similarity: mean over the words."""

    first: int
    end: int
    box: Box
    similarity: float


class Aligned(NamedTuple):
    """A sentence aligned with a photo.

    words: as the model reads them. known: whether it knows each. runs: in order, every word in one.
    most: the largest beta that is worth trying; above it, hardly anything changes. unread: the words after these,
        which the model passes over.
    """

    words: Sequence[str]
    known: Sequence[bool]
    runs: Sequence[Run]
    most: float
    unread: Sequence[str] = ()


class Told(NamedTuple):
    """A part of a photo, what there is to say of it, and how sure that is, 0 to 1, if the model tells."""

    box: Box
    text: str
    confidence: float | None = None


@dataclass(frozen=True)
class Question:
    """What is searched for: a sentence, or a photo that others are to be like. limit: hits at most.

    by, least: what a sentence is compared with, and the probability that each hit is to have, as `Index.search` takes
    them.
    """

    text: str | None
    photo: Photo | None
    where: Where = EVERYTHING
    limit: int = 24
    by: By = "regions"
    least: float | None = None


def nothing_missing() -> Mapping[str, str]:
    """Return that nothing is missing."""
    return {}


@dataclass(frozen=True)
class Abilities:
    """The functions behind the pages. None of them is ever run beside another.

    model: its name. grid: rows and columns of what words look at, where the model attends.
    describe, align (with beta), regions: of a photo. search: best first. photos: how many are in the index.
    missing: what cannot be done at present, out of "search", "align" and "regions", each with a sentence that
        says what to do about it; asked again for each request, as an index may be made meanwhile.
    content: whether a word says what is in a photo, as "dog" does and "the" does not. knows: whether the model that
        searches and aligns knows it. unread: the words at the end of a sentence that it passes over.
    shown: a path as it is safe to show.
    calibration: what tells whether hits fit; None where nothing does.
    """

    model: str
    grid: tuple[int, int] | None
    describe: Callable[[Photo], Sentence]
    align: Callable[[Photo, str, float], Aligned]
    regions: Callable[[Photo], Sequence[Told]]
    search: Callable[[Question], Sequence[Hit]]
    photos: Callable[[], int]
    missing: Callable[[], Mapping[str, str]] = nothing_missing
    content: Callable[[str], bool] = bool
    knows: Callable[[str], bool] = bool
    unread: Callable[[str], Sequence[str]] = lambda text: ()
    shown: Callable[[str], str] = str
    calibration: Callable[[], Calibration | None] = lambda: None
