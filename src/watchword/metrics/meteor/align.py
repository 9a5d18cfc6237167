"""The alignment of each pair: the matches that METEOR takes of those that are possible."""

from collections.abc import Iterator

import numpy as np

from watchword.metrics.meteor.matches import Matches
from watchword.metrics.meteor.problem import columns, pose, taken_anyway
from watchword.metrics.meteor.ragged import spans
from watchword.metrics.meteor.search import search

_TOGETHER = 2000  # pairs that are searched at once: few enough for the processor's cache


def align(matches: Matches, ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Return (M,) bool, which matches are taken. ours, theirs: (P,) words of the candidate and the reference."""
    fixed = taken_anyway(matches, ours, theirs)
    taken = fixed.copy()
    open_ = np.unique(matches.pairs[~fixed])
    width = columns(ours[open_], theirs[open_])
    order = np.lexsort((-theirs[open_], width))
    open_, width = open_[order], width[order]
    ends = np.searchsorted(matches.pairs, np.arange(len(ours) + 1))
    for pairs in _batches(open_, width):
        which, rows = spans(ends[pairs], ends[pairs + 1])
        part = Matches(which, *(column[rows] for column in matches[1:]))
        taken[rows[search(pose(part, fixed[rows], ours[pairs], theirs[pairs]))]] = True
    return taken


def _batches(pairs: np.ndarray, width: np.ndarray) -> Iterator[np.ndarray]:
    """Yield parts of `pairs`, each of one width, which does not fall; the fewer the wider."""
    start = 0
    while start < len(pairs):
        size = max(1, _TOGETHER // int(width[start]) ** 2)
        end = min(start + size, int(np.searchsorted(width, width[start], "right")))
        yield pairs[start:end]
        start = end
