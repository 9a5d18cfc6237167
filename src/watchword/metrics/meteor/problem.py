"""What the search has to decide: pairs of sentences and their matches, as arrays that it can step through."""

from typing import NamedTuple

import numpy as np

from watchword.metrics.meteor.matches import Matches
from watchword.metrics.meteor.ragged import offsets, spans
from watchword.metrics.meteor.related import EXACT

_WORD = 64  # bits
_BELOW = np.array([(1 << bits) - 1 for bits in range(_WORD + 1)], np.uint64)


class Problem(NamedTuple):
    """S pairs, those with the longer references first, and their M matches.

    words: (S,) of the reference. longest: J, the most of them. first: (S * J + 1,), for each word of each
    reference its first match. fixed: (S * J,) bool, where a word's only match is taken in any case.
    starts, ends: (M,) of each match in the candidate. gains: (M,) words covered, as the search counts them.
    distances: (M,) between the places in the two sentences. masks: (W, M) uint64, the words of both sentences
    that a match covers, one bit each. used: (W, S) uint64, those of fixed matches. bits: (S,), where the bits
    of the reference begin.
    """

    words: np.ndarray
    longest: int
    first: np.ndarray
    fixed: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    gains: np.ndarray
    distances: np.ndarray
    masks: np.ndarray
    used: np.ndarray
    bits: np.ndarray


def taken_anyway(matches: Matches, ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Return (M,) bool: the only match of its first word in the reference, with no word that another match covers.

    ours, theirs: (P,) words of the candidate and of the reference of each pair.
    """
    starts = offsets(theirs)[matches.pairs] + matches.reference_places
    only = np.bincount(starts)[starts] == 1 if len(starts) else np.zeros(0, bool)
    for lengths, places, sizes in (
        (ours, matches.places, matches.sizes),
        (theirs, matches.reference_places, matches.reference_sizes),
    ):
        first = offsets(lengths)[matches.pairs] + places
        _, covered = spans(first, first + sizes)
        crowded = offsets(np.bincount(covered, minlength=int(lengths.sum())) > 1)
        only &= crowded[first + sizes] == crowded[first]
    return only


def pose(matches: Matches, fixed: np.ndarray, ours: np.ndarray, theirs: np.ndarray) -> Problem:
    """Return the problem of S pairs, whose references do not grow longer; arguments as in `taken_anyway`."""
    longest = int(theirs.max())
    node = matches.pairs * longest + matches.reference_places
    known = np.zeros(len(theirs) * longest, bool)
    known[node[fixed]] = True
    ends, reference_starts = matches.places + matches.sizes, ours[matches.pairs] + matches.reference_places
    masks = np.stack(
        [
            _bits(matches.places, ends, column)
            | _bits(reference_starts, reference_starts + matches.reference_sizes, column)
            for column in range(int(columns(ours, theirs).max()))
        ]
    )
    used = np.zeros((len(masks), len(theirs)), np.uint64)
    for column, mask in zip(used, masks, strict=True):
        np.bitwise_or.at(column, matches.pairs[fixed], mask[fixed])
    return Problem(
        theirs,
        longest,
        offsets(np.bincount(node, minlength=len(known))),
        known,
        matches.places,
        ends,
        _gains(matches.modules, matches.sizes) + _gains(matches.modules, matches.reference_sizes),
        np.abs(matches.places - matches.reference_places),
        masks,
        used,
        ours,
    )


def columns(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Return how many columns of bits each pair of so many words needs."""
    return (ours + theirs - 1) // _WORD + 1


def _gains(modules: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return the words that a match counts for: times 1, or, where it is not exact, times 0.5 and rounded down."""
    return np.where(modules == EXACT, sizes, sizes // 2)


def _bits(starts: np.ndarray, ends: np.ndarray, column: int) -> np.ndarray:
    """Return uint64: of the bits from `starts` to `ends` those that are in a column."""
    low, high = (np.clip(places - _WORD * column, 0, _WORD) for places in (starts, ends))
    return _BELOW[high] & ~_BELOW[low]
