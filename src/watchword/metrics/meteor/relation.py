"""Which words and phrases of references go with which of candidates, asked for millions of pairs at once."""

from typing import NamedTuple

import numpy as np

from watchword.metrics.meteor.ragged import spans

_ODD, _OTHER = 0x9E3779B1, 0x85EBCA77
_BITS = 22


class Numbers(NamedTuple):
    """S sentences: where the numbers of each start, (S + 1,) int64, and the numbers of all."""

    ends: np.ndarray
    numbers: np.ndarray


class Relation:
    """Pairs of numbers, left of references and right of candidates, each with tags.

    Most pairs that are asked for have none. A table of bytes, small enough for the processor's cache,
    says so for nearly all of them; those that are left are looked up.
    """

    def __init__(self, left: np.ndarray, right: np.ndarray, tags: np.ndarray) -> None:
        """Keep rows of three columns, (R,) integers; a pair may have several rows."""
        keys = left.astype(np.int64) << 32 | right
        order = np.argsort(keys, kind="stable")
        self._keys, self._tags = keys[order], np.asarray(tags, np.int64)[order]
        self._left, self._right = left, right
        self._maybe = np.zeros(1 << _BITS, bool)
        self._maybe[_mixed(left, _ODD) ^ _mixed(right, _OTHER)] = True

    def between(self, references: Numbers, candidates: Numbers) -> "Grid":
        """Return what is related between these sentences."""
        return Grid(self, _Kept(references, self._left, _ODD), _Kept(candidates, self._right, _OTHER))

    def find(self, left: "_Kept", rows: np.ndarray, right: "_Kept", columns: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return which of the cells left[rows[c]], right[columns[c]] are related, and the tag of each."""
        hashed = left.mixed[rows]
        hashed ^= right.mixed[columns]
        cells = np.flatnonzero(self._maybe[hashed])
        wanted = left.numbers[rows[cells]].astype(np.int64) << 32 | right.numbers[columns[cells]]
        which, at = spans(np.searchsorted(self._keys, wanted, "left"), np.searchsorted(self._keys, wanted, "right"))
        return cells[which], self._tags[at]


class _Kept:
    """Of the numbers of sentences those that are related to anything, and where they stood."""

    def __init__(self, rows: Numbers, related: np.ndarray, odd: int) -> None:
        flags = np.zeros(int(rows.numbers.max(initial=0)) + 1, bool)
        flags[related] = True
        self.places = np.flatnonzero(flags[rows.numbers])
        self.ends = np.searchsorted(self.places, rows.ends)
        self.numbers = rows.numbers[self.places]
        self.mixed = _mixed(self.numbers, odd)


class Grid:
    """A relation between the numbers of some sentences."""

    def __init__(self, relation: Relation, left: _Kept, right: _Kept) -> None:
        """See `Relation.between`."""
        self._relation, self._left, self._right = relation, left, right

    def find(self, references: np.ndarray, candidates: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return all that is related in (P,) pairs of sentences: the pair, the places of both numbers, the tag."""
        left, right = self._left, self._right
        pairs, places = spans(left.ends[references], left.ends[references + 1])
        about = candidates[pairs]
        rows, columns = spans(right.ends[about], right.ends[about + 1])
        places = places[rows]
        cells, tags = self._relation.find(left, places, right, columns)
        return pairs[rows[cells]], left.places[places[cells]], right.places[columns[cells]], tags


def _mixed(numbers: np.ndarray, odd: int) -> np.ndarray:
    return ((numbers.astype(np.uint32) * np.uint32(odd)) >> np.uint32(32 - _BITS)).astype(np.int32)
