"""What a drawn sentence earns: its CIDEr-D for its photo, less what it would earn for other photos."""

from collections.abc import Sequence

import numpy as np

from watchword.core.types import Example
from watchword.data.vocabulary import END, Vocabulary
from watchword.metrics.cider import Cider
from watchword.metrics.treebank.batch import tokenize_batch

OTHERS = 4  # photos of the batch that a sentence is held against


class CiderReward:
    """The reward of sentences as word ids, by the sentences of people in `learn`.

    The end is a word of it: without one "a dog in the" is as good as "a dog in the grass". CIDEr-D alone is
    won by what fits many photos; with `contrast` above 0 so many times the mean CIDEr-D for other photos of
    the batch is taken off, which is what Luo et al. 2018 ("Discriminability objective") win with a retrieval
    model and Wang and Chan 2020 (CIDErBtw) by weights. max_words: a sentence that is longer was cut and has no end.
    """

    def __init__(self, learn: Sequence[Example], vocabulary: Vocabulary, *, max_words: int, contrast: float) -> None:
        words = iter(tokenize_batch([text for row in learn for text in row.sentences]))
        self._cider = Cider([[f"{next(words)} {END}" for _ in row.sentences] for row in learn])
        self._words, self._max_words, self._contrast = vocabulary.words, max_words, contrast

    def __call__(self, rows: np.ndarray, drawn: Sequence[Sequence[list[int]]]) -> np.ndarray:
        """Return (B, N) of N sentences for each of the photos at `rows` (B,)."""
        texts, each = [self._spell(sentence) for photo in drawn for sentence in photo], len(drawn[0])
        own = self._earned(texts, rows, each)
        away = min(OTHERS, len(rows) - 1)
        if not self._contrast or away < 1:
            return own
        elsewhere, others = np.zeros_like(own), np.zeros((len(rows), 1))
        for shift in range(1, away + 1):
            against = np.roll(rows, shift)
            another = (against != rows)[:, None]  # a photo of a weight above 1 may be there twice
            elsewhere += np.where(another, self._earned(texts, against, each), 0.0)
            others += another
        return own - self._contrast * elsewhere / np.maximum(others, 1)

    def _earned(self, texts: Sequence[str], rows: np.ndarray, each: int) -> np.ndarray:
        return self._cider.scores(texts, np.repeat(rows, each).tolist()).reshape(len(rows), each)

    def _spell(self, sentence: list[int]) -> str:
        ending = [END] if len(sentence) <= self._max_words else []
        return " ".join([*(self._words[word] for word in sentence), *ending])
