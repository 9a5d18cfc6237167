"""Whether one set of candidates really scores better than another: two tests over the same images."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from watchword.core.errors import ScoreError
from watchword.metrics.bootstrap import LEVEL, RESAMPLES, figures_of, resampled
from watchword.metrics.tally import Tally

_AT_ONCE = 1 << 21  # swaps that are in memory at a time


@dataclass(frozen=True)
class Comparison:
    """One figure of two systems over the same images.

    first, second: the figures. difference: first - second. low, high: its 95 % interval by the paired bootstrap.
    bootstrap: p of the paired bootstrap test. permutation: p of the paired permutation test. Both two-sided.
    """

    name: str
    first: float
    second: float
    difference: float
    low: float
    high: float
    bootstrap: float
    permutation: float


def compare(
    first: Sequence[Tally], second: Sequence[Tally], *, resamples: int = RESAMPLES, seed: int = 0
) -> list[Comparison]:
    """Return a comparison for each figure of two systems' tallies, whose rows are of the same images in order.

    Paired bootstrap: Koehn, EMNLP 2004, with the shift of Riezler and Maxwell, ACL workshop 2005: how often the
    difference of a drawn set is as far from the mean of such differences as the real one is from none.
    Paired permutation (approximate randomisation): Noreen 1989: how often the difference is as large when a
    coin decides for each image which system said which sentence.

    Raises `ScoreError` where the tallies are of different metrics or numbers of images.
    """
    names = _names(first)
    if names != _names(second) or len(first[0].rows) != len(second[0].rows):
        raise ScoreError("two systems are compared over the same images and metrics; score both in the same way")
    figures = [np.concatenate([tally.whole() for tally in side]) for side in (first, second)]
    difference = figures[0] - figures[1]
    sets = resampled(first, resamples=resamples, seed=seed) - resampled(second, resamples=resamples, seed=seed)
    low, high = np.quantile(sets, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    shifted = _share(sets - sets.mean(0), difference)
    swapped = _share(np.concatenate(list(_swapped(first, second, resamples, seed))), difference)
    columns = (*figures, difference, low, high, shifted, swapped)
    return [Comparison(name, *values) for name, values in zip(names, np.stack(columns, 1).tolist(), strict=True)]


def _names(tallies: Sequence[Tally]) -> list[str]:
    return [name for tally in tallies for name in tally.names]


def _share(differences: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Return (F,) the share of differences (R, F) that are as large as the real ones, which count as one more."""
    slack = 1e-12  # equal sums come out a rounding apart
    return (1 + (np.abs(differences) >= np.abs(real) - slack).sum(0)) / (1 + len(differences))


def _swapped(first: Sequence[Tally], second: Sequence[Tally], resamples: int, seed: int) -> Iterator[np.ndarray]:
    """Yield differences (sets, F) of figures, each image's candidates swapped or not by a coin."""
    mine, theirs = (np.concatenate([tally.rows for tally in side], 1) for side in (first, second))
    images, other = len(mine), theirs - mine
    rng = np.random.default_rng(seed)
    step = max(1, _AT_ONCE // images)
    for start in range(0, resamples, step):
        moved = rng.integers(2, size=(min(step, resamples - start), images)).astype(np.float64) @ other
        yield figures_of(first, mine.sum(0) + moved, images) - figures_of(second, theirs.sum(0) - moved, images)
