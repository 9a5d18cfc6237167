"""Sentences aligned with photos, again and again with another beta: the photo is looked at once."""

from collections import OrderedDict
from collections.abc import Callable

import numpy as np

from watchword.core.errors import DataError
from watchword.core.types import Looked
from watchword.runtime.aligning import Aligner as Matcher
from watchword.runtime.aligning import runs_of
from watchword.web.abilities import Aligned, Run
from watchword.web.photos import Photo

KEPT = 16  # photos


class Aligner:
    """Aligns; one call at a time."""

    def __init__(self, matcher: Matcher, knows: Callable[[str], bool] = bool) -> None:
        """matcher: the model. knows: whether it knows a word."""
        self._matcher, self._knows = matcher, knows
        self._looked: OrderedDict[str, Looked] = OrderedDict()

    def __call__(self, photo: Photo, sentence: str, beta: float) -> Aligned:
        """Return which run of words names which part of the photo; beta: what two neighbours in the same one are worth.

        Raises `PictureError` for a photo that cannot be opened, `DataError` for a sentence without a word.
        """
        (read,) = self._matcher.read([sentence])
        if not read.words:
            raise DataError("there is no word to look for in that; write letters or digits")
        looked = self._look(photo)
        similarities = self._matcher.similarities(read, looked)
        parts = runs_of(similarities, len(read.words), beta)
        runs = [
            Run(part.first, part.end, (*map(float, box),), part.similarity)  # type: ignore[arg-type]
            for part, box in zip(parts, self._matcher.boxes_of(read, looked, parts), strict=True)
        ]
        # By no more than this can a word alone in its region be better off than with its neighbour.
        most = float(np.ptp(similarities, 1).max())
        known = [self._knows(word) for word in read.words]
        return Aligned(read.words, known, runs, round(most, 4) or 0.01, read.unread)

    def _look(self, photo: Photo) -> Looked:
        """Look at a photo, or remember what was seen."""
        key = photo.version
        if key not in self._looked:
            (self._looked[key],) = self._matcher.look([photo.source])
            if len(self._looked) > KEPT:
                self._looked.popitem(last=False)
        self._looked.move_to_end(key)
        return self._looked[key]
