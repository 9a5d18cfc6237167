"""How far figures would move with other images: the bootstrap.

Efron and Tibshirani, "An Introduction to the Bootstrap", 1993; for such scores Koehn, "Statistical
significance tests for machine translation evaluation", EMNLP 2004. Images are drawn with replacement; the
rarity of words in CIDEr stays that of all references.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from watchword.core.errors import ScoreError
from watchword.metrics.tally import Tally

RESAMPLES = 1000
LEVEL = 0.95
_AT_ONCE = 1 << 21  # draws that are in memory at a time


@dataclass(frozen=True)
class Interval:
    """Where a figure lies, with the confidence that was asked for."""

    low: float
    high: float


def intervals(
    tallies: Sequence[Tally], *, resamples: int = RESAMPLES, seed: int = 0, level: float = LEVEL
) -> dict[str, Interval]:
    """Return the percentile interval of every figure of `tallies`, by name.

    resamples: how many sets of images are drawn. level: share of them inside, 0 to 1.
    Raises `ScoreError` for fewer than 2 resamples or a level outside 0 to 1.
    """
    if not 0 < level < 1:
        raise ScoreError(f"level {level}: a share between 0 and 1, such as 0.95")
    tail = (1 - level) / 2
    ends = np.quantile(resampled(tallies, resamples=resamples, seed=seed), [tail, 1 - tail], axis=0)
    names = [name for tally in tallies for name in tally.names]
    return {name: Interval(*each) for name, each in zip(names, ends.T.tolist(), strict=True)}


def resampled(tallies: Sequence[Tally], *, resamples: int = RESAMPLES, seed: int = 0) -> np.ndarray:
    """Return (resamples, figures) float64: the figures of `tallies`, in their order, of drawn sets of images.

    With the same seed and number of images the same sets are drawn.
    """
    images = len(tallies[0].rows)
    rows = np.concatenate([tally.rows for tally in tallies], 1)
    sums = np.concatenate([times @ rows for times in drawn(images, resamples, seed)])
    return figures_of(tallies, sums, images)


def figures_of(tallies: Sequence[Tally], sums: np.ndarray, images: int) -> np.ndarray:
    """Return figures (R, F) from sums (R, S) of the rows of all `tallies` side by side."""
    ends = np.cumsum([tally.rows.shape[1] for tally in tallies])
    parts = np.split(sums, ends[:-1], axis=1)
    return np.concatenate([tally.figure(part, images) for tally, part in zip(tallies, parts, strict=True)], 1)


def drawn(images: int, resamples: int, seed: int) -> Iterator[np.ndarray]:
    """Yield, a few sets at a time, (sets, images) float64: how often each image is in each drawn set."""
    if resamples < 2:
        raise ScoreError(f"{resamples} resamples: 2 or more; 1,000 are usual")
    rng = np.random.default_rng(seed)
    step = max(1, _AT_ONCE // images)
    for first in range(0, resamples, step):
        sets = min(step, resamples - first)
        draws = rng.integers(images, size=(sets, images), dtype=np.int32)
        yield np.stack([np.bincount(each, minlength=images) for each in draws]).astype(np.float64)
