"""What a search returns."""

from dataclasses import dataclass
from datetime import datetime

from watchword.retrieval.staleness import State


@dataclass(frozen=True)
class WordMatch:
    """Where a photo shows a word.

    word: as it was asked for, or "region 3" of a picture that was searched with. score: its part of the photo's
    score. region: number of the best region. box: x0, y0, x1, y1 as fractions of width and height; that region's, or
    the one that the matcher drew for the word.
    """

    word: str
    score: float
    region: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Hit:
    """One photo that was found.

    score: equation 8, the sum of its words' scores, less how well the photo fits sentences in general where the
    matcher tells that; of a search with a picture the mean cosine, see `scoring`.
    probability: that it fits, 0 to 1; None without calibration. answers: the probability that it answers the search,
    were it the best of all that were searched; of the best, `probability` is no less. words: in the order of the
    sentence.
    taken: by the camera's clock. text_score: of the photo's own sentence (BM25), where that was searched.
    state: whether the file is the same as when it was indexed; if not, all else is of the photo that it was.
    """

    path: str
    score: float
    words: tuple[WordMatch, ...]
    probability: float | None = None
    sentence: str | None = None
    labels: tuple[str, ...] = ()
    taken: datetime | None = None
    text_score: float | None = None
    state: State = "same"
    answers: float | None = None


@dataclass(frozen=True)
class Suggested:
    """A sentence that may be said of a picture. score: equation 8, less how well it fits photos in general."""

    sentence: str
    score: float
