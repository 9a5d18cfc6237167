"""The vectors of an index in memory, to guess who could be among the best.

A small index is held as it is (float32), and scores are exact. A large one is held in a byte a number (`coding`):
a short form of every region is gone through, then the long form of the best twentieth of the photos.
What is guessed here is scored again from the index itself, see `searching`.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from watchword.core.evenly import evenly
from watchword.retrieval.blocks import Block, Forms
from watchword.retrieval.coding import fit_coding
from watchword.retrieval.photo import arrays
from watchword.retrieval.snapshot import Snapshot

EXACT_NUMBERS = 32_000_000  # 128 MB: 6,250 photos of 20 regions of 256
BLOCK = 1024  # photos; the codes of one region of each, made float32, fit into the cache
SAMPLE = 2048  # photos whose vectors decide on the coding
SECOND_SHARE, SECOND_LEAST = 0.05, 2000  # who is looked at a second time
_THREADS = min(4, os.cpu_count() or 1)

Given = TypeVar("Given")
Result = TypeVar("Result")


class Held:
    """Vectors of photos by content hash. slots: the number of each in `scores`."""

    def __init__(self, photos: Snapshot, exact_numbers: int = EXACT_NUMBERS) -> None:
        """Read the vectors of all photos of a snapshot."""
        self._exact_numbers = exact_numbers
        self._blocks = list[Block]()
        self.slots = dict[str, int]()
        self.exact = exact_numbers >= _numbers(photos)
        self._coding = None if self.exact else fit_coding(_sample(photos))
        self.take_in(photos)

    def take_in(self, photos: Snapshot) -> None:
        """Read the vectors of those photos of a newer snapshot that are not held yet."""
        fresh = dict[str, int]()
        for place, content in enumerate(photos.contents):
            if content not in self.slots:
                fresh.setdefault(content, place)
        encode = self._coding.encode if self._coding else _as_they_are
        places = np.array([*fresh.values()], np.int64)

        def block(start: int) -> Block:
            read = photos.fetch(places[start : start + BLOCK], "vectors")
            return Block(arrays(read.column("vectors")), encode)

        with ThreadPoolExecutor(_THREADS) as pool:
            self._blocks += _all(pool, block, range(0, len(places), BLOCK))
        self.slots.update(zip(fresh, range(len(self.slots), len(self.slots) + len(fresh)), strict=True))

    def suits(self, photos: Snapshot) -> bool:
        """Tell whether going on with a newer snapshot is better than reading all of it anew."""
        wanted = set(photos.contents)
        gone = sum(content not in wanted for content in self.slots)
        crumbs = len(self._blocks) > 32 + 2 * len(self.slots) // BLOCK
        return not crumbs and 2 * gone <= len(self.slots) and self.exact == (self._exact_numbers >= _numbers(photos))

    def best(
        self, words: np.ndarray, slots: np.ndarray, count: int, *, less: np.ndarray, cosine: bool = False
    ) -> np.ndarray:
        """Return which of `slots` (M,) seem to score best for words (T, D): places in it, at most `count`.

        less: (M,), what is taken from the score of each.
        """
        with ThreadPoolExecutor(_THREADS) as pool, _blas().limit(limits=1, user_api="blas"):
            if self._coding is None:
                return _largest(self._scores((words.T,), cosine, pool)[slots] - less, count)
            forms = self._coding.words(words)
            some = _largest(self._scores(forms, cosine, pool)[slots] - less, max(_second(len(slots)), count))
            return some[_largest(self._again(forms, slots[some], cosine, pool) - less[some], count)]

    def _scores(self, words: Forms, cosine: bool, pool: ThreadPoolExecutor) -> np.ndarray:
        """Return the scores of all slots, by the first form: (S,) float32."""
        return np.concatenate(
            [*_all(pool, lambda block: block.scores(words, 0, cosine=cosine), self._blocks)]
            or [np.empty(0, np.float32)]
        )

    def _again(self, words: Forms, slots: np.ndarray, cosine: bool, pool: ThreadPoolExecutor) -> np.ndarray:
        """Return the scores of some slots by the last form: (M,) float32."""
        starts = np.cumsum([0, *map(len, self._blocks)])
        order = np.argsort(slots, kind="stable")
        cuts = np.searchsorted(slots[order], starts)
        work = [(i, slots[order[a:b]] - starts[i]) for i, (a, b) in enumerate(pairwise(cuts)) if b > a]
        found = _all(
            pool,
            lambda each: self._blocks[each[0]].scores(words, -1, cosine=cosine, places=each[1]),
            work,
        )
        scores = np.empty(len(slots), np.float32)
        scores[order] = np.concatenate([*found])
        return scores


@cache
def _blas() -> Any:
    """Return what limits the threads of matrix products: where each block has one, more get in each other's way."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _all(pool: ThreadPoolExecutor, function: Callable[[Given], Result], given: Sequence[Given]) -> list[Result]:
    """Return what a function makes of each of what is given, several at a time."""
    return list(pool.map(function, given)) if len(given) > 1 else [function(each) for each in given]


def _as_they_are(vectors: np.ndarray) -> Forms:
    return (vectors,)


def _numbers(photos: Snapshot) -> int:
    """Count the numbers that the vectors of a snapshot consist of."""
    width = photos.table.schema.field("vectors").type.value_type.list_size
    return width * int(sum(photos.column("regions")))


def _sample(photos: Snapshot) -> np.ndarray:
    """Return the vectors of some photos, evenly taken: (N, D)."""
    places = evenly(len(photos), SAMPLE)
    return np.concatenate(arrays(photos.fetch(places, "vectors").column("vectors")))


def _second(count: int) -> int:
    """Return how many of `count` photos are looked at a second time."""
    return max(SECOND_LEAST, int(count * SECOND_SHARE))


def _largest(scores: np.ndarray, count: int) -> np.ndarray:
    """Return the places of the largest scores, in no order."""
    return np.argpartition(-scores, count)[:count] if count < len(scores) else np.arange(len(scores))
