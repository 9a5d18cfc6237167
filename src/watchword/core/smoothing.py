"""Which region each word of a sentence speaks of, neighbours together: the chain of section 3.1.4 of paper 5."""

import numpy as np

from watchword.core.errors import ScoreError, SettingsError


def aligned(similarities: np.ndarray, beta: float) -> np.ndarray:
    """Return the region (T,) int64 of each word: the alignment whose `total` no other exceeds.

    similarities: (T, R), v_i · s_t of word t and region i. beta: what two neighbouring words in the same region
    are worth, 0 or more, in the unit of the similarities; 0 gives each word its best region, and much gives all
    words one. Of equally good alignments: rather stay than change, rather the lower region.

    Equations (10)-(12), and their sign. The paper writes E(a) as the sum of the similarities and of beta for each
    pair that agrees, and says that E is minimised. Taken by the letter, that looks for the regions that fit
    worst. An energy is the negative of a log-probability, and the paper reads similarities as log-probabilities:
    so -E as written is what is minimised, and E as written, `total` here, is what is maximised.

    Exact, by dynamic programming in O(T R): a word either stays in the region of the word before, or comes from
    the best of all regions, which is the same for every region it may go to. Raises `SettingsError` for a beta
    that is negative or no finite number, `ScoreError` for similarities without a region or with one that is not finite.
    """
    given = _checked(similarities, beta)
    steps, regions = given.shape
    if not steps:
        return np.zeros(0, np.int64)
    # One region for all is the best as soon as a change costs more than it can gain; beyond that, beta would
    # only push the similarities out of the digits.
    beta = min(beta, 1 + float(np.ptp(given, 1).sum()))
    stays, best = np.zeros((steps, regions), bool), np.zeros(steps, np.int64)
    score = given[0]  # (R,): of the best alignment of the words so far whose last word is in each region
    for t in range(1, steps):
        best[t] = score.argmax()
        stays[t] = score + beta >= score[best[t]]
        score = given[t] + np.where(stays[t], score + beta, score[best[t]])
    regions_of = np.empty(steps, np.int64)
    regions_of[-1] = score.argmax()
    for t in range(steps - 1, 0, -1):
        regions_of[t - 1] = regions_of[t] if stays[t, regions_of[t]] else best[t]
    return regions_of


def total(similarities: np.ndarray, alignment: np.ndarray, beta: float) -> float:
    """Return what `aligned` maximises, E(a) as equation (10) writes it.

    The similarity of each word of `similarities` (T, R) to its region in `alignment` (T,), summed, plus beta for
    each pair of neighbours in the same region.
    """
    given = _checked(similarities, beta)
    unary = given[np.arange(len(given)), alignment].sum()
    return float(unary + beta * np.count_nonzero(alignment[1:] == alignment[:-1]))


def _checked(similarities: np.ndarray, beta: float) -> np.ndarray:
    """Return the similarities as float64, or raise."""
    if not 0 <= beta < np.inf:
        raise SettingsError(
            f"beta={beta}: 0 or more, and finite; it is what neighbouring words in the same region are worth, "
            "and below 0 it would drive them apart"
        )
    given = np.asarray(similarities, np.float64)
    if given.ndim != 2 or not given.shape[1]:
        raise ScoreError(f"similarities {given.shape}: (words, regions) is what it takes, with one region or more")
    if not np.isfinite(given).all():
        raise ScoreError("a similarity is not finite: leave out regions that are not real, and look at the vectors")
    return given
