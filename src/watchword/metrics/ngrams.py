"""Counting n-grams of many sentences at once, as integers.

An n-gram is named by a code: four times its number among the n-grams of its length, plus its length
less one. So one array holds n-grams of all four lengths, and `codes & 3` tells them apart.
"""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

ORDERS = 4  # n-grams of 1 to 4 words, as in BLEU and CIDEr
_WORD_BITS = 32  # a key is the number of an n-gram's first words, shifted by this, and its last word


class NgramRows(NamedTuple):
    """One row for each different n-gram of each sentence, by sentence, then by code.

    sentences: (R,) int32, which sentence. codes: (R,) int32, which n-gram. counts: (R,) int32, how often.
    Half the width of what they are computed with, since 200,000 images have 40 million rows.
    """

    sentences: np.ndarray
    codes: np.ndarray
    counts: np.ndarray

    @property
    def orders(self) -> np.ndarray:
        """(R,) int32: 0 for one word, 3 for four."""
        return self.codes & (ORDERS - 1)


class NgramIndex:
    """Numbers for the n-grams of some sentences, and counts of n-grams in any others.

    N-grams that the index does not know get numbers past the known ones, good for one call of `count`.
    """

    def __init__(self, sentences: Sequence[Sequence[str]]) -> None:
        """Learn the n-grams of `sentences`, each a sequence of words.

        `occurrences` then holds every n-gram of theirs, as often as it is there: the sentence and the code
        of each, two (T,) int64.
        """
        self._words = {word: number for number, word in enumerate(dict.fromkeys(chain.from_iterable(sentences)))}
        self._known = [np.empty(0, np.int64)] * ORDERS  # sorted keys by order; the place of a key is its number
        self.occurrences, self._known = self._find(sentences)

    def count(self, sentences: Sequence[Sequence[str]]) -> NgramRows:
        """Count the n-grams of `sentences`, each a sequence of words."""
        return _tally(*self._find(sentences)[0])

    def _find(self, sentences: Sequence[Sequence[str]]) -> tuple[tuple[np.ndarray, np.ndarray], list[np.ndarray]]:
        """Return the sentence and the code of every n-gram, and the keys that the index did not know, by order."""
        lengths = np.array([len(words) for words in sentences], np.int64)
        words = self._numbers(list(chain.from_iterable(sentences)))
        ends = np.repeat(np.cumsum(lengths), lengths)
        owners = np.repeat(np.arange(len(lengths)), lengths)
        starts, numbers = np.arange(len(words)), words
        codes, holders, unknown = [words * ORDERS], [owners], [np.empty(0, np.int64)]
        for order in range(1, ORDERS):
            inside = starts + order < ends[starts]
            starts, numbers = starts[inside], numbers[inside]
            numbers, fresh = self._look_up(numbers << _WORD_BITS | words[starts + order], order)
            codes.append(numbers * ORDERS + order)
            holders.append(owners[starts])
            unknown.append(fresh)
        return (np.concatenate(holders), np.concatenate(codes)), unknown

    def _numbers(self, words: Sequence[str]) -> np.ndarray:
        """Return the number of each word; words that the index does not know follow those that it does."""
        new: dict[str, int] = {}
        known, first = self._words, len(self._words)
        return np.array(
            [known[word] if word in known else new.setdefault(word, first + len(new)) for word in words], np.int64
        )

    def _look_up(self, keys: np.ndarray, order: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the number of each key, and the keys unknown so far, sorted."""
        known = self._known[order]
        numbers = np.searchsorted(known, keys)
        found = numbers < len(known)
        found[found] = known[numbers[found]] == keys[found]
        fresh, places = np.unique(keys[~found], return_inverse=True)
        numbers[~found] = len(known) + places
        return numbers, fresh


def _tally(sentences: np.ndarray, codes: np.ndarray) -> NgramRows:
    """Count equal pairs of sentence and code."""
    width = int(codes.max(initial=0)) + 1
    pairs, counts = np.unique(sentences * width + codes, return_counts=True)
    columns = (pairs // width, pairs % width, counts)
    return NgramRows(*(column.astype(np.int32) for column in columns))
