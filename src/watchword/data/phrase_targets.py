"""Which regions of a photo the phrases of a batch speak of, in the view that is shown: what pointing is learnt from."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from watchword.core.errors import DataError
from watchword.data.batches import Batch
from watchword.data.boxes import centre_inside, iou
from watchword.data.views import Shown, moved


class Spoken(NamedTuple):
    """A phrase. photo, sentence: places among the examples, and among that one's sentences. words: of the sentence,
    as `tokenize` parts it. boxes: (K, 4) float32, what it speaks of on the photo.
    """

    photo: int
    sentence: int
    words: slice
    boxes: np.ndarray


class Phrases(NamedTuple):
    """N phrases of a batch. photo, sentence: (N,) int64, places among its photos, and among each one's sentences.

    words: (N, T) float32, a share for each word, which sum to 1. regions: (N, R) float32, the same for each region.
    """

    photo: np.ndarray
    sentence: np.ndarray
    words: np.ndarray
    regions: np.ndarray


class PhraseTargets:
    """The phrases of any batch, with the regions (R, 4) that they speak of.

    viewed: gives what each of the views of an example shows. Raises `DataError` where there is no phrase.
    """

    def __init__(
        self, phrases: Sequence[Spoken], regions: np.ndarray, viewed: Callable[[int], Sequence[Shown]]
    ) -> None:
        """Work out the shares of all phrases, once for each view."""
        if not phrases:
            raise DataError("none of the photos to learn from has a phrase with a box")
        self._phrases = defaultdict[int, list[tuple[Spoken, np.ndarray]]](list)
        shown = {photo: viewed(photo) for photo in sorted({phrase.photo for phrase in phrases})}
        for phrase in phrases:
            views = [shares(regions, moved(phrase.boxes, view)) for view in shown[phrase.photo]]
            self._phrases[phrase.photo].append((phrase, np.stack(views)))

    def of(self, batch: Batch) -> Phrases | None:
        """Return the phrases of a batch; None if it has none. What a view does not show, or what was cut, is left out.

        Words are counted without the start that a decoder reads.
        """
        read = batch.mask[:, :, 1:]
        found = list[tuple[int, int, np.ndarray, np.ndarray]]()
        for photo, (row, view) in enumerate(zip(batch.rows.tolist(), batch.views.tolist(), strict=True)):
            numbers = batch.sentences[photo].tolist()
            for phrase, regions in self._phrases.get(row, ()):
                if phrase.sentence not in numbers or not regions[view].any():
                    continue
                place = numbers.index(phrase.sentence)
                words = np.zeros(read.shape[2], np.float32)
                words[phrase.words] = 1
                if words.sum() == phrase.words.stop - phrase.words.start and read[photo, place][words > 0].all():
                    found.append((photo, place, words / words.sum(), regions[view]))
        if not found:
            return None
        photos, sentences, words_of, regions_of = zip(*found, strict=True)
        return Phrases(np.array(photos), np.array(sentences), np.stack(words_of), np.stack(regions_of))


def shares(regions: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Return how much each of regions (R, 4) is what a phrase with boxes (K, 4) speaks of: (R,) float32, sum 1.

    In proportion to the square of its intersection over union with the best box, of those whose middle lies in one,
    which is what pointing is judged by; if no region's does, the one that overlaps most has it all. Boxes without
    area do not count, and where all are so, every share is 0.
    """
    real = boxes[(boxes[:, 2:] > boxes[:, :2]).all(1)]
    if not len(real):
        return np.zeros(len(regions), np.float32)
    near = iou(regions, real).max(1)
    there = np.where(centre_inside(regions, real).any(1), near, 0.0)
    wanted = there**2 if there.any() else (near == near.max()).astype(float)
    return (wanted / wanted.sum()).astype(np.float32)
