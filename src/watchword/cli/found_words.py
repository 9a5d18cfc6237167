"""Which words of a hit are worth showing, and where they are, in words."""

import re
from collections.abc import Iterable, Sequence

from watchword.core.boxes import WHOLE
from watchword.metrics.content import content_stems
from watchword.retrieval.hits import Hit, WordMatch
from watchword.runtime.aligning import Named

_ROWS, _COLUMNS = ("upper", "", "lower"), ("left", "", "right")
_REGION = re.compile(r"region \d+")
_LARGE = 0.8  # of the photo: more is all over it


def shown(hit: Hit) -> list[Named]:
    """Return the words that say what is in the photo, each with its box.

    Of a search with a picture, whose regions have no words, the part of the photo that is most like one of them.
    """
    if with_picture(hit):
        parts = [match for match in hit.words if tuple(match.box) != WHOLE]
        best = max(parts, key=lambda match: match.score, default=None)
        return [Named("most alike", _rounded(best), best.score * len(hit.words))] if best else []
    return [Named(match.word, _rounded(match), match.score) for match in hit.words if _says(match.word)]


def with_picture(hit: Hit) -> bool:
    """Tell whether a hit was found with a picture, whose regions stand where words do."""
    return bool(hit.words) and all(_REGION.fullmatch(match.word) for match in hit.words)


def located(hit: Hit) -> str:
    """Return where the words are: "dogs lower left, snow everywhere"."""
    places = dict[str, list[str]]()
    for part in shown(hit):
        places.setdefault(place_of(part.box), []).append(part.text)
    return ", ".join(f"{' '.join(words)} {place}" for place, words in places.items())


def place_of(box: Sequence[float]) -> str:
    """Return where a box is, in words.

    >>> place_of((0, 0.6, 0.3, 1))
    'lower left'
    """
    x0, y0, x1, y1 = box
    if (x1 - x0) * (y1 - y0) >= _LARGE:
        return "everywhere"
    row, column = _ROWS[_third((y0 + y1) / 2)], _COLUMNS[_third((x0 + x1) / 2)]
    if row and column:
        return f"{row} {column}"
    return column or {"upper": "top", "lower": "bottom"}.get(row, "middle")


def boxed(parts: Iterable[Named]) -> list[Named]:
    """Return those that name less than the whole photo."""
    return [part for part in parts if part.box != WHOLE]


def _third(middle: float) -> int:
    return min(2, int(middle * 3))


def _rounded(match: WordMatch) -> tuple[float, ...]:
    return tuple(round(side, 4) for side in match.box)


def _says(word: str) -> bool:
    """Tell whether a word, or a sentence in the place of one, says what is in a photo."""
    return bool(content_stems(word.split()))
