"""What a drawn sentence earns: its CIDEr-D for its photo, less what it would earn for others and what is habit."""

from collections.abc import Sequence

import numpy as np

from watchword.core.types import Example
from watchword.data.vocabulary import END, Vocabulary
from watchword.metrics.cider import Cider
from watchword.metrics.habits import Habits
from watchword.metrics.treebank.batch import tokenize_batch

OTHERS = 4  # photos of the batch that a sentence is held against


class CiderReward:
    """The reward of sentences as word ids, by the sentences of people in `learn`.

    The end is a word of it: without one "a dog in the" is as good as "a dog in the grass". CIDEr-D alone is
    won by what fits many photos; with `contrast` above 0 so many times the mean CIDEr-D for other photos of
    the batch is taken off, which is what Luo et al. 2018 ("Discriminability objective") win with a retrieval
    model and Wang and Chan 2020 (CIDErBtw) by weights. With `habits` above 0 so many times the surplus of its
    most over-used phrase is taken off (`metrics.habits`). max_words: a sentence that is longer was cut and has no end.
    """

    def __init__(
        self, learn: Sequence[Example], vocabulary: Vocabulary, *, max_words: int, contrast: float, habits: float
    ) -> None:
        words = iter(tokenize_batch([text for row in learn for text in row.sentences]))
        people = [[f"{next(words)} {END}" for _ in row.sentences] for row in learn]
        self._cider, self._people = Cider(people), Habits(people)
        self._words, self._max_words, self._contrast, self._habits = vocabulary.words, max_words, contrast, habits

    def __call__(self, rows: np.ndarray, drawn: Sequence[Sequence[list[int]]]) -> np.ndarray:
        """Return (B, N) of N sentences for each of the photos at `rows` (B,)."""
        texts, each = [self._spell(sentence) for photo in drawn for sentence in photo], len(drawn[0])
        own = self._earned(texts, rows, each)
        if self._habits:
            said = [texts[first : first + each] for first in range(0, len(texts), each)]
            own = own - self._habits * self._people.surplus(said)
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
