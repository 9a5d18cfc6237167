"""METEOR's beam search, over thousands of pairs at once.

One pair at a time, the search goes over the reference word by word and keeps the best 40 ways to align what
it has seen. A word begins any of its matches that is free, or is skipped. Better is who covers more words,
in fewer chunks, with less distance between the places in the two sentences. Two habits of the Java program
decide many results and are kept: words covered are rounded down for each match and sentence; and the
distance of a match that is tried is added to whatever is tried after it, not to itself.
`tests/metrics/meteor/naive.py` says the same at length.

Here a row of arrays is one way of one pair, and its rank is one integer, which no other way has. From the
highest bits to the lowest: the pair, words not covered, chunks, distance, place in the list before sorting.
"""

from typing import NamedTuple

import numpy as np

from watchword.metrics.meteor.problem import Problem
from watchword.metrics.meteor.ragged import offsets, spans

BEAM = 40
_BITS = 62  # of a rank; longer ones, of sentences of thousands of words, are Python's integers
_CLOSED = -1  # in place of the word where the open chunk would go on


class _Ways(NamedTuple):
    """N ways: ranks, (N,); used words, (W, N) uint64; last, (N,), where the open chunk goes on in the candidate;
    parents, (N,), places in the list before; matches, (N,), what was begun last, or -1.
    """

    ranks: np.ndarray
    used: np.ndarray
    last: np.ndarray
    parents: np.ndarray
    matches: np.ndarray

    def take(self, rows: np.ndarray | slice) -> "_Ways":
        return _Ways(self.ranks[rows], self.used[:, rows], self.last[rows], self.parents[rows], self.matches[rows])


def search(problem: Problem) -> np.ndarray:
    """Return the numbers of the matches that the best way of each pair takes."""
    return _Search(problem).run()


class _Search:
    """One run over all pairs of a problem."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        pairs = len(problem.words)
        nodes = np.diff(problem.first)
        owners = np.repeat(np.arange(len(nodes)) // problem.longest, nodes)
        covered = int(np.bincount(owners, problem.gains, pairs).max())
        distance = int(np.bincount(owners, problem.distances, pairs).max())
        self._fan = int(nodes.max()) + 1
        self._list = (BEAM * self._fan).bit_length()
        self._distance = 1 << self._list
        self._chunk = self._distance << distance.bit_length()
        self._word = self._chunk << (problem.longest + 1).bit_length()
        self._pair = self._word.bit_length() - 1 + covered.bit_length()
        self._kind = np.int64 if self._pair + pairs.bit_length() <= _BITS else object
        self._start = np.arange(pairs).astype(self._kind) * (1 << self._pair) + covered * self._word

    def run(self) -> np.ndarray:
        problem = self._problem
        pairs = len(problem.words)
        none = np.full(pairs, _CLOSED)
        ways = _Ways(self._start, problem.used, none, np.arange(pairs), none)
        trail, ended = [], []
        for place in range(problem.longest + 1):
            ways, owners, listed = self._best(ways)
            trail.append((ways.parents, ways.matches))
            active = int(np.searchsorted(-problem.words, -place, "left"))
            end = int(np.searchsorted(owners, active))
            ended.append(end + self._winners(ways.take(slice(end, None)), owners[end:], listed[end:]))
            ways = self._step(ways.take(slice(0, end)), owners[:end], listed[:end], place)
        return _walk_back(trail, ended)

    def _best(self, ways: _Ways) -> tuple[_Ways, np.ndarray, np.ndarray]:
        """Return the best ways of each pair in order; the pair of each; and what their successors' ranks begin with."""
        order = np.argsort(ways.ranks)
        owners = (ways.ranks[order] >> self._pair).astype(np.int64)
        starts = offsets(np.bincount(owners, minlength=len(self._problem.words)))
        number = np.arange(len(order)) - starts[owners]
        if len(order) and number.max() >= BEAM:
            kept = number < BEAM
            order, owners, number = order[kept], owners[kept], number[kept]
        ways = ways.take(order)
        return ways, owners, (ways.ranks >> self._list << self._list) + number * self._fan

    def _winners(self, ways: _Ways, owners: np.ndarray, listed: np.ndarray) -> np.ndarray:
        """Close the last chunk, and return the place of the best way of each pair."""
        order = np.argsort(listed + self._times(ways.last != _CLOSED, self._chunk))
        return order[np.flatnonzero(np.diff(owners[order], prepend=-1))]

    def _step(self, ways: _Ways, owners: np.ndarray, listed: np.ndarray, place: int) -> _Ways:
        """Return what comes of `ways` at one word of the reference: each passes it, and some begin a match there."""
        problem = self._problem
        node = owners * problem.longest + place
        first, after = problem.first[node], problem.first[node + 1]
        fixed = problem.fixed[node]
        taken = _bit(ways.used, problem.bits[owners] + place) & ~fixed
        match = np.where(fixed, first, -1)
        follows = np.where(fixed, problem.starts[match], _CLOSED)
        last = np.where(taken, ways.last, np.where(fixed, problem.ends[match], _CLOSED))
        ranks = listed + self._times(~taken & (ways.last != _CLOSED) & (ways.last != follows), self._chunk)
        passing = _Ways(ranks, ways.used, last, np.arange(len(owners)), match)
        open_ = np.flatnonzero(~fixed & ~taken & (after > first))
        if not len(open_):
            return passing
        beginning, distances = self._begin(ways, listed, open_, first[open_], after[open_])
        ranks[open_] += self._times(distances, self._distance) + (after - first)[open_]
        return _Ways(*(np.concatenate(columns, axis=-1) for columns in zip(beginning, passing, strict=True)))

    def _begin(
        self, ways: _Ways, listed: np.ndarray, rows: np.ndarray, first: np.ndarray, after: np.ndarray
    ) -> tuple[_Ways, np.ndarray]:
        """Begin each free match, `first` to `after`, of some `rows`; return also the distances that each row tried."""
        problem = self._problem
        which, at = spans(first, after)
        parents = rows[which]
        free = ~_clash(ways.used, parents, problem.masks, at)
        tried, begins = offsets(np.where(free, problem.distances[at], 0)), offsets(after - first)
        before = (tried[:-1] - tried[begins[which]])[free]
        number = (at - first[which])[free]
        parents, at = parents[free], at[free]
        last = ways.last[parents]
        ranks = listed[parents] + number + self._times(before, self._distance)
        ranks -= self._times(problem.gains[at], self._word)
        ranks += self._times((last != _CLOSED) & (last != problem.starts[at]), self._chunk)
        used = ways.used[:, parents] | problem.masks[:, at]
        return _Ways(ranks, used, problem.ends[at], parents, at), np.diff(tried[begins])

    def _times(self, counts: np.ndarray, unit: int) -> np.ndarray:
        return counts.astype(self._kind) * unit


def _bit(used: np.ndarray, bits: np.ndarray) -> np.ndarray:
    """Return (N,) bool: whether one bit is set in each column of `used`, (W, N)."""
    words = used[0] if len(used) == 1 else used[bits >> 6, np.arange(len(bits))]
    return (words >> (bits & 63).astype(np.uint64) & np.uint64(1)).astype(bool)


def _clash(used: np.ndarray, rows: np.ndarray, masks: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return whether used[:, rows[n]] and masks[:, at[n]] have a bit in common."""
    clash = np.zeros(len(rows), bool)
    for column, mask in zip(used, masks, strict=True):
        clash |= (column[rows] & mask[at]) != 0
    return clash


def _walk_back(trail: list[tuple[np.ndarray, np.ndarray]], ended: list[np.ndarray]) -> np.ndarray:
    """Return the matches along the ways from those that `ended` after each step back to the start."""
    ways, chosen = np.empty(0, np.int64), []
    for (parents, matches), winners in zip(reversed(trail), reversed(ended), strict=True):
        ways = np.concatenate([ways, winners])
        chosen.append(matches[ways])
        ways = parents[ways]
    taken = np.concatenate(chosen)
    return taken[taken >= 0]
