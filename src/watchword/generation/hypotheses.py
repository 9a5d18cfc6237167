"""What a search hands back: a hypothesis, a sentence as ids with what the model thought of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np


@dataclass(frozen=True)
class Hypothesis:
    """One sentence about one photo, as word ids.

    words: without start and end.
    log_probs: the model's natural logarithm of the probability of each word, then of the end if `ended`.
    score: what it was ranked by: see `normalised`, or `consensus.by_consensus`.
    ended: False if the sentence reached the longest length allowed before the model ended it.
    looked_at: (words, C) float32, the weight of each cell when each word was chosen; None where the
        decoder does not attend.
    """

    words: tuple[int, ...]
    log_probs: tuple[float, ...]
    score: float
    ended: bool
    looked_at: np.ndarray | None = field(default=None, compare=False, repr=False)

    @property
    def log_prob(self) -> float:
        """The natural logarithm of the probability of the whole hypothesis."""
        return float(sum(self.log_probs))


class Spoken(NamedTuple):
    """P hypotheses of each of B photos as arrays, T the longest.

    words: (B, P, T) int64. log_probs: (B, P, T) float32. counts: (B, P) int64, how many of the T are words.
    ends: (B, P) float32, the logarithm of the probability of the end; NaN where the sentence is unfinished.
    scores: (B, P) float64; -inf where there is no hypothesis.
    looked: (B, P, T, C) float32, or None.
    """

    words: np.ndarray
    log_probs: np.ndarray
    counts: np.ndarray
    ends: np.ndarray
    scores: np.ndarray
    looked: np.ndarray | None


def normalised(log_probs: np.ndarray, length: np.ndarray | int, exponent: float) -> np.ndarray:
    """Return log_probs / length ** exponent, the score of sentences.

    log_probs: of whole sentences, any shape. length: how many words were predicted, the end counted
    as one, so it equals `len(Hypothesis.log_probs)`. exponent: 0 ranks by probability, 1 by the mean
    over the words (Wu et al. 2016, arXiv:1609.08144, equation 14 has a softened form of this).
    """
    return log_probs / np.asarray(length, dtype=np.float64) ** exponent


def hypotheses(spoken: Spoken) -> list[list[Hypothesis]]:
    """Return the hypotheses of each photo: finished ones first, then by falling score."""
    finished = ~np.isnan(spoken.ends)
    order = np.lexsort((-spoken.scores, ~finished))
    there = np.isfinite(spoken.scores)
    return [
        [_hypothesis(spoken, photo, place) for place in places if there[photo, place]]
        for photo, places in enumerate(order.tolist())
    ]


def distinct(found: Sequence[Hypothesis]) -> list[Hypothesis]:
    """Return the hypotheses of one photo without those whose words an earlier one has."""
    first: dict[tuple[int, ...], Hypothesis] = {}
    for told in found:
        first.setdefault(told.words, told)
    return list(first.values())


def _hypothesis(spoken: Spoken, photo: int, place: int) -> Hypothesis:
    count, end = int(spoken.counts[photo, place]), float(spoken.ends[photo, place])
    log_probs = spoken.log_probs[photo, place, :count].tolist()
    ended = not np.isnan(end)
    return Hypothesis(
        words=tuple(spoken.words[photo, place, :count].tolist()),
        log_probs=(*log_probs, end) if ended else tuple(log_probs),
        score=float(spoken.scores[photo, place]),
        ended=ended,
        looked_at=None if spoken.looked is None else spoken.looked[photo, place, :count].astype(np.float32),
    )
