"""Sentences as arrays of words and of the phrases in them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from watchword.metrics.meteor.hashes import places
from watchword.metrics.meteor.lexicon import Lexicon
from watchword.metrics.meteor.normal import words_of
from watchword.metrics.meteor.paraphrases import extend
from watchword.metrics.meteor.ragged import offsets
from watchword.metrics.meteor.vocabulary import Vocabulary


class Phrases(NamedTuple):
    """Phrases of S sentences that the table knows, by sentence, then by place, the shorter first.

    ends: (S + 1,) int64, where those of each sentence start in the columns, (F,) each: numbers in the
    table, the places of their first words in the sentence, their words.
    """

    ends: np.ndarray
    numbers: np.ndarray
    places: np.ndarray
    sizes: np.ndarray


class Sentences(NamedTuple):
    """S sentences.

    ends: (S + 1,) int64, where the words of each start in `words`, (W,) int32, numbers of the vocabulary.
    functions: (W + 1,) int64, how many function words stand before each word.
    """

    ends: np.ndarray
    words: np.ndarray
    functions: np.ndarray
    phrases: Phrases

    @property
    def lengths(self) -> np.ndarray:
        """(S,) int64, words of each sentence."""
        return np.diff(self.ends)


def read_sentences(texts: Sequence[str], vocabulary: Vocabulary, lexicon: Lexicon) -> Sentences:
    """Return `texts` as arrays; their words join the `vocabulary`."""
    split = [words_of(text, lexicon) for text in texts]
    ends = offsets(np.fromiter(map(len, split), np.int64, len(split)))
    words = vocabulary.numbers(split)
    functions = offsets(vocabulary.function[words])
    return Sentences(ends, words, functions, _phrases(ends, vocabulary.keys[words], lexicon.paraphrases.keys))


def _phrases(ends: np.ndarray, words: np.ndarray, known: np.ndarray) -> Phrases:
    """Find the phrases whose keys are `known`, and the beginnings of phrases, in the keys of all `words`."""
    last = np.repeat(ends[1:], np.diff(ends))
    starts, keys = np.arange(len(words)), np.zeros(len(words), np.uint64)
    numbers, begins, sizes = [np.empty(0, np.int64)], [starts[:0]], []
    size = 0
    while len(starts):
        keys = extend(keys, words[starts + size])
        order = np.argsort(keys)  # neighbours in the table are looked up one after the other
        found = np.empty(len(keys), np.int64)
        found[order] = places(known, keys[order])
        kept = np.flatnonzero(found >= 0)
        size += 1
        numbers.append(found[kept])
        begins.append(starts[kept])
        sizes.append(len(kept))
        kept = kept[starts[kept] + size < last[starts[kept]]]
        starts, keys = starts[kept], keys[kept]
    begin = np.concatenate(begins)
    order = np.argsort(begin, kind="stable")
    begin = begin[order]
    owners = np.searchsorted(ends, begin, "right") - 1
    return Phrases(
        np.searchsorted(begin, ends),
        np.concatenate(numbers)[order],
        begin - ends[owners],
        np.repeat(np.arange(1, len(sizes) + 1), sizes)[order],
    )
