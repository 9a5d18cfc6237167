"""Whether metrics agree with people who rated sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from watchword.core.errors import ScoreError
from watchword.metrics.bootstrap import LEVEL, RESAMPLES, Interval
from watchword.metrics.kendall import Kendall, kendall, kendall_of_ranks

_NOWHERE = Interval(float("nan"), float("nan"))


@dataclass(frozen=True)
class Agreement:
    """How one metric orders sentences beside people: Kendall's tau-b and tau-c, and their 95 % intervals.

    All are nan where one side has a single value.
    """

    tau: Kendall
    tau_b: Interval
    tau_c: Interval


def agreement(
    scores: np.ndarray,
    ratings: np.ndarray,
    images: Sequence[int] | np.ndarray,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Agreement:
    """Return the correlation of scores (N,) with ratings (N,), one pair for each rating that a rater gave.

    images: (N,) the number of the image that each pair is about: the interval draws whole images, since ratings
    of one image go together. Raises `ScoreError` where they do not fit each other.
    """
    groups = np.asarray(images)
    tau = kendall(scores, ratings)  # which checks both
    if groups.shape != np.shape(scores):
        raise ScoreError(f"{groups.shape} images for {np.shape(scores)} scores: give one for each")
    xs, ys, owners = (np.unique(side, return_inverse=True)[1] for side in (scores, ratings, groups))
    order = np.lexsort((ys, xs))
    xs, ys, owners = xs[order], ys[order], owners[order]
    rng, many = np.random.default_rng(seed), int(owners.max()) + 1
    sets: list[tuple[float, float]] = []
    if np.isnan(tau.tau_b):  # one side has a single value, and so has every set
        return Agreement(tau, _NOWHERE, _NOWHERE)
    for _ in range(resamples):
        times = np.bincount(rng.integers(many, size=many), minlength=many)[owners]
        found = kendall_of_ranks(np.repeat(xs, times), np.repeat(ys, times))
        sets.append((found.tau_b, found.tau_c))
    tail = (1 - LEVEL) / 2
    drawn = np.array(sets)
    drawn = drawn[~np.isnan(drawn).any(1)]  # a small set may happen to have a single value
    if not len(drawn):
        return Agreement(tau, _NOWHERE, _NOWHERE)
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0).tolist()
    return Agreement(tau, Interval(low[0], high[0]), Interval(low[1], high[1]))


def by_metric(
    scores: Mapping[str, np.ndarray],
    ratings: np.ndarray,
    images: Sequence[int] | np.ndarray,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> dict[str, Agreement]:
    """Return `agreement` of every metric's scores (N,), by name."""
    return {name: agreement(each, ratings, images, resamples=resamples, seed=seed) for name, each in scores.items()}
