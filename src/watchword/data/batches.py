"""Examples as batches of word ids: what a decoder learns from."""

from collections.abc import Sequence
from typing import NamedTuple, overload

import numpy as np

from watchword.core.errors import DataError, SettingsError
from watchword.core.types import Example
from watchword.data.order import appearances, grouped
from watchword.data.vocabulary import Vocabulary
from watchword.data.words import tokenize

HEAVIEST = 1e6  # weight of an example: so often it is drawn in an epoch
_POOL = 20  # batches that are sorted by length together


class Batch(NamedTuple):
    """B photos, each with K sentences (or fewer, masked) of at most T - 1 words.

    ids: of the examples. rows: (B,) int64, their places among the examples that `Batches` was given.
    words: (B, K, T) int64, `<start>`, then the words: what the decoder reads.
    targets: (B, K, T) int64, the words, then `<end>`: what it has to say. A sentence that was cut has no end.
    mask: (B, K, T) bool, True where a target is real.
    weights: (B,) float32, what the loss of each photo counts for: 1, because `Example.weight` already
        acts on how often a photo is drawn.
    sentences: (B, K) int64, which sentence of its example each is; -1 where there is none.
    views: (B,) int64, in which view each photo is seen; 0 until the loop has drawn one.
    """

    ids: list[str]
    rows: np.ndarray
    words: np.ndarray
    targets: np.ndarray
    mask: np.ndarray
    weights: np.ndarray
    sentences: np.ndarray
    views: np.ndarray


class _Row(NamedTuple):
    """One appearance of a photo: its place among the examples, and the sentences chosen this time, by number."""

    place: int
    sentences: list[tuple[int, list[int]]]


class Batches:
    """The batches of any epoch, the same for the same seed and epoch on every machine.

    Batches hold photos whose longest sentences are about as long, so that little is padding; all
    sentences of a photo share its row. A photo with a weight of 2 appears twice an epoch, one with 0.3
    in three epochs of ten (see `order.appearances`).
    """

    def __init__(
        self,
        examples: Sequence[Example],
        vocabulary: Vocabulary,
        *,
        batch: int = 64,
        sentences: int = 5,
        max_words: int | None = None,
        seed: int = 0,
    ) -> None:
        """Turn the sentences of `examples` into ids, once.

        batch: photos in a batch. sentences: K, of a photo; of more, as many are chosen anew in each epoch.
        max_words: longer sentences are cut after so many words, and teach the word that follows, not an end.

        Examples without a word to learn from are never drawn. Raises `DataError` if none is left, or for
        a weight that is negative or not a number; `SettingsError` for a size below 1.
        """
        for name, value in (("batch", batch), ("sentences", sentences), ("max_words", max_words)):
            if value is not None and value < 1:
                raise SettingsError(f"{name}={value}: at least 1")
        self.batch, self.sentences, self.seed, self.vocabulary = batch, sentences, seed, vocabulary
        longest = None if max_words is None else max_words + 1
        self._ids = [example.id for example in examples]
        self._sentences = [_numbered(example, vocabulary, longest) for example in examples]
        self._weights = _weights(examples, self._sentences)

    def epoch(self, number: int) -> "Epoch":
        """Return the batches of epoch `number`, from 0, in order; each is made when it is asked for."""
        random = np.random.default_rng((self.seed, number))
        rows = [self._draw(int(place), random) for place in appearances(self._weights, random)]
        lengths = np.array([max(len(sentence) for _, sentence in row.sentences) for row in rows], np.int64)
        return Epoch(self, [[rows[i] for i in part] for part in grouped(lengths, self.batch, _POOL, random)])

    def _draw(self, place: int, random: np.random.Generator) -> _Row:
        """Choose K sentences of a photo, or all if it has no more."""
        sentences = self._sentences[place]
        if len(sentences) > self.sentences:
            sentences = [sentences[i] for i in random.permutation(len(sentences))[: self.sentences]]
        return _Row(place, sentences)

    def make(self, rows: Sequence[_Row]) -> Batch:
        """Return one batch of drawn rows, padded to its longest sentence."""
        length = max(len(sentence) for row in rows for _, sentence in row.sentences)
        targets = np.full((len(rows), self.sentences, length), self.vocabulary.pad, np.int64)
        mask, numbers = np.zeros(targets.shape, bool), np.full(targets.shape[:2], -1)
        for i, row in enumerate(rows):
            for k, (number, sentence) in enumerate(row.sentences):
                targets[i, k, : len(sentence)] = sentence
                mask[i, k, : len(sentence)] = True
                numbers[i, k] = number
        words = np.full(targets.shape, self.vocabulary.start, np.int64)
        words[:, :, 1:] = np.where(mask[:, :, 1:], targets[:, :, :-1], self.vocabulary.pad)
        places = np.array([row.place for row in rows], np.int64)
        weights = np.ones(len(rows), np.float32)
        ids, unseen = [self._ids[place] for place in places], np.zeros(len(rows), np.int64)
        return Batch(ids, places, words, targets, mask, weights, numbers, unseen)


class Epoch(Sequence[Batch]):
    """The batches of one epoch, made one by one as they are asked for."""

    def __init__(self, batches: Batches, parts: list[list[_Row]]) -> None:
        """Keep what was drawn; `parts` holds the rows of each batch."""
        self._batches, self._parts = batches, parts

    def __len__(self) -> int:
        """Count the batches."""
        return len(self._parts)

    @overload
    def __getitem__(self, index: int) -> Batch: ...

    @overload
    def __getitem__(self, index: slice) -> "Epoch": ...

    def __getitem__(self, index: int | slice) -> "Batch | Epoch":
        """Make batch `index`; a slice makes none yet."""
        if isinstance(index, slice):
            return Epoch(self._batches, self._parts[index])
        return self._batches.make(self._parts[index])


def _numbered(example: Example, vocabulary: Vocabulary, longest: int | None) -> list[tuple[int, list[int]]]:
    """Return the targets of each sentence that has a known word, at most `longest` of each, with its number."""
    encoded = (vocabulary.encode(tokenize(sentence)) for sentence in example.sentences)
    return [(number, [*ids, vocabulary.end][:longest]) for number, ids in enumerate(encoded) if ids]


def _weights(examples: Sequence[Example], sentences: Sequence[Sequence[object]]) -> np.ndarray:
    """Return how often each example is drawn (N,) float64; 0 where it has no sentence."""
    for example in examples:
        if not 0 <= example.weight <= HEAVIEST:
            raise DataError(
                f"example {example.id!r} has the weight {example.weight}; give a number from 0 to {HEAVIEST:,}"
            )
    weights = np.array([example.weight if said else 0.0 for example, said in zip(examples, sentences, strict=True)])
    if not weights.any():
        raise DataError(f"none of {len(examples)} examples has a sentence to learn from and a weight above 0")
    return weights
