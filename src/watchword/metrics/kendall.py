"""Kendall's rank correlation: whether a metric orders sentences as people do.

Kendall, "Rank Correlation Methods", 1948. tau-b corrects for ties on both sides; tau-c (Stuart 1953) for
unequal numbers of different values, and is what papers report on Flickr8k's expert ratings (Anderson et al.,
"SPICE", ECCV 2016: every rating of every rater is one pair with the metric's score).
"""

from dataclasses import dataclass

import numpy as np

from watchword.core.errors import ScoreError


@dataclass(frozen=True)
class Kendall:
    """tau_b, tau_c: -1 (the opposite order) to 1 (the same); nan where one side has a single value."""

    tau_b: float
    tau_c: float


def kendall(first: np.ndarray, second: np.ndarray) -> Kendall:
    """Return the correlation of two lists of N numbers; O(N log N). `ScoreError` unless they fit and N is 2 or more."""
    given, other = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if given.shape != other.shape or given.ndim != 1 or len(given) < 2:
        raise ScoreError(f"{given.shape} and {other.shape} numbers: rank correlation needs as many of both, 2 or more")
    if not (np.isfinite(given).all() and np.isfinite(other).all()):
        raise ScoreError("rank correlation needs numbers: nan and infinity have no place in an order")
    xs, ys = (np.unique(side, return_inverse=True)[1] for side in (given, other))
    order = np.lexsort((ys, xs))
    return kendall_of_ranks(xs[order], ys[order])


def kendall_of_ranks(xs: np.ndarray, ys: np.ndarray) -> Kendall:
    """Return the correlation of ranks (N,) int64, from 0, sorted by x and among equal x by y."""
    count = len(xs)
    pairs = count * (count - 1) // 2
    tied_x, tied_y = _tied(xs), _tied(ys)
    both = _tied(xs * (int(ys.max()) + 1) + ys)
    agreeing = pairs - tied_x - tied_y + both - 2 * inversions(ys)
    different = min(len(np.unique(xs)), len(np.unique(ys)))
    if different < 2:
        return Kendall(float("nan"), float("nan"))
    return Kendall(
        agreeing / (float(pairs - tied_x) * float(pairs - tied_y)) ** 0.5,
        2 * agreeing * different / (count**2 * (different - 1)),
    )


def inversions(ranks: np.ndarray) -> int:
    """Return in how many pairs of ranks (N,), int64 and not negative, the earlier one is the larger.

    Bit by bit from the top: among numbers that are equal so far, every 1 before a 0 is such a pair.
    """
    total, numbers = 0, ranks
    for bit in reversed(range(int(ranks.max(initial=0)).bit_length())):
        so_far = numbers >> (bit + 1)
        order = np.argsort(so_far, kind="stable")
        numbers, so_far = numbers[order], so_far[order]
        ones = numbers >> bit & 1
        before = np.cumsum(ones) - ones
        starts = np.searchsorted(so_far, so_far)
        total += int((before - before[starts])[ones == 0].sum())
    return total


def _tied(numbers: np.ndarray) -> int:
    """Return how many pairs of `numbers` are equal."""
    counts = np.unique(numbers, return_counts=True)[1]
    return int((counts * (counts - 1) // 2).sum())
