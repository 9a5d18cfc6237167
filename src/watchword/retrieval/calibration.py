"""How likely it is that what was found is what was meant, so that nothing is returned when nothing fits.

A logistic model of two figures of a hit: its score a word, and how many words the sentence has.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from watchword.core.errors import RetrievalError

Scored = Sequence[tuple[float, int]]
Fit = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, float]]


@dataclass(frozen=True)
class Calibration:
    """The model as plain numbers: 1 / (1 + exp(-(per_word * score / words + words * words + bias)))."""

    per_word: float
    words: float
    bias: float

    def probability(self, score: float, words: int) -> float:
        """Return the probability, 0 to 1, that a photo of this `score` (equation 8) fits a sentence of `words`."""
        logit = self.per_word * score / words + self.words * words + self.bias
        return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))


def fit_calibration(positive: Scored, negative: Scored, fit: Fit) -> Calibration:
    """Return the model under which what fits and what does not are likeliest.

    positive: score and number of words of photos with sentences that fit them. negative: the same of those that do
    not; best the highest score in a collection for each sentence of which nothing there fits, since that is
    what a search would return. fit: a logistic regression from features (N, 2) and labels (N,) bool to
    weights (2,) and bias, such as `metrics.logistic.fit_logistic`.

    Raises `RetrievalError` unless there are both, all finite and of at least one word.
    """
    if not positive or not negative:
        raise RetrievalError(f"{len(positive)} scores that fit and {len(negative)} that do not; there have to be both")
    rows = np.array([(score / max(words, 1), words) for score, words in (*positive, *negative)], np.float64)
    if not np.isfinite(rows).all() or rows[:, 1].min() < 1:
        raise RetrievalError("every score has to be finite, and of a sentence of at least one word")
    middle, spread = rows.mean(0), rows.std(0)
    spread[spread == 0] = 1.0
    weights, bias = fit((rows - middle) / spread, np.arange(len(rows)) < len(positive))
    per_word, words = (float(weight) for weight in weights / spread)
    return Calibration(per_word, words, float(bias - (weights / spread) @ middle))


def from_numbers(numbers: Mapping[str, Any]) -> Calibration:
    """Return a calibration from what `dataclasses.asdict` made of it; `ValueError` if it is none."""
    found = Calibration(*(float(numbers[name]) for name in ("per_word", "words", "bias")))
    if not all(map(math.isfinite, (found.per_word, found.words, found.bias))):
        raise ValueError("a number of the calibration is not finite")
    return found
