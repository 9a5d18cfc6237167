"""Which region a phrase of a sentence speaks of.

similarities: (T, R), v_i · s_t of the T words of the sentence and the R regions of the photo. words: which words of
the sentence the phrase is; one or more.
"""

import numpy as np


def by_sum(similarities: np.ndarray, words: slice) -> int:
    """Return the region that fits the words best together; of equal ones the first."""
    return int(similarities[words].sum(0).argmax())


def by_best_word(similarities: np.ndarray, words: slice) -> int:
    """Return the region that fits any one of the words best: the noun's, as a rule; of equal ones the first."""
    return int(similarities[words].max(0).argmax())


def by_majority(similarities: np.ndarray, alignment: np.ndarray, words: slice) -> int:
    """Return the region to which most of the words are aligned; of several the one that fits the words best together.

    alignment: (T,) int64, the region of each word, as `smoothing.aligned` gives it.
    """
    votes = np.bincount(alignment[words], minlength=similarities.shape[1])
    return int(np.where(votes == votes.max(), similarities[words].sum(0), -np.inf).argmax())
