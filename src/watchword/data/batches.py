"""Batches of photos with all their sentences, the same ones in the same order for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.vocabulary import Vocabulary
from watchword.data.words import tokenize

POOL = 16  # batches that are shuffled together before they are grouped by length


@dataclass(frozen=True)
class Batch:
    """B photos with K sentences each, padded to T words.

    ids: of the examples. rows: (B,) int64, places of the examples in the data set.
    words: (B, K, T) int64, what the decoder reads, beginning with start.
    targets: (B, K, T) int64, what it should say, ending with end. mask: (B, K, T) bool, True where a target is real.
    weights: (B,) float32, what each photo's loss counts.
    """

    ids: list[str]
    rows: np.ndarray
    words: np.ndarray
    targets: np.ndarray
    mask: np.ndarray
    weights: np.ndarray


class Batches:
    """Batches of a data set, epoch by epoch.

    A photo stands in one row with `sentences` of its sentences, so that its features are computed once.
    Photos are shuffled, and within pools of 16 batches ordered by their longest sentence, so that little
    is padding. An example of weight 2 is drawn twice an epoch, one of weight 0.5 in every second epoch
    on average.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        vocabulary: Vocabulary,
        *,
        batch: int = 64,
        sentences: int = 5,
        max_words: int = 20,
        seed: int = 0,
    ) -> None:
        """Encode the sentences of `examples`; those longer than `max_words` are cut. `DataError` without any."""
        self._vocabulary = vocabulary
        self._ids = [row.id for row in examples]
        self._sentences = [
            [vocabulary.encode(tokenize(text))[:max_words] for text in row.sentences] for row in examples
        ]
        self._weights = np.array([row.weight for row in examples])
        if not any(self._sentences) or not (self._weights > 0).any():
            raise DataError("no photo with a sentence and a weight above 0: there is nothing to learn from")
        self._batch, self._count, self._seed = batch, sentences, seed

    def epoch(self, number: int) -> list[Batch]:
        """Return the batches of epoch `number`."""
        random = np.random.default_rng((self._seed, number))
        rows = random.permutation(self._drawn(random))
        chosen = [self._choose(row, random) for row in rows]
        lengths = np.array([max(map(len, sentences)) for sentences in chosen])
        groups = []
        for start in range(0, len(rows), POOL * self._batch):
            pool = start + np.argsort(lengths[start : start + POOL * self._batch], kind="stable")
            groups += [pool[i : i + self._batch] for i in range(0, len(pool), self._batch)]
        return [self._pad(rows[groups[i]], [chosen[j] for j in groups[i]]) for i in random.permutation(len(groups))]

    def _drawn(self, random: np.random.Generator) -> np.ndarray:
        """Return the places of the examples of an epoch, each as often as its weight says."""
        whole = np.floor(self._weights).astype(np.int64)
        times = whole + (random.random(len(whole)) < self._weights - whole)
        times[[not sentences for sentences in self._sentences]] = 0
        return np.repeat(np.arange(len(times)), times)

    def _choose(self, row: int, random: np.random.Generator) -> list[list[int]]:
        """Return at most `sentences` sentences of an example."""
        sentences = self._sentences[row]
        if len(sentences) <= self._count:
            return sentences
        return [sentences[i] for i in random.permutation(len(sentences))[: self._count]]

    def _pad(self, rows: np.ndarray, chosen: list[list[list[int]]]) -> Batch:
        """Lay sentences out as arrays."""
        longest = max(len(sentence) for sentences in chosen for sentence in sentences) + 1
        shape = (len(rows), self._count, longest)
        words, targets = np.full(shape, self._vocabulary.pad), np.full(shape, self._vocabulary.pad)
        mask = np.zeros(shape, bool)
        for place, sentences in enumerate(chosen):
            for number, sentence in enumerate(sentences):
                words[place, number, : len(sentence) + 1] = [self._vocabulary.start, *sentence]
                targets[place, number, : len(sentence) + 1] = [*sentence, self._vocabulary.end]
                mask[place, number, : len(sentence) + 1] = True
        return Batch([self._ids[i] for i in rows], rows, words, targets, mask, np.ones(len(rows), np.float32))
