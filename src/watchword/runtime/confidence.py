"""How sure a sentence is: a logistic model over figures of the sentence itself.

The same figures are computed when the model is fitted and when it is used, by `figures`.
What is predicted: that every content word of the sentence stands in some reference sentence.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from watchword.core.errors import BundleError, suggestion
from watchword.core.types import Sentence
from watchword.runtime.fields import Fields


def _word_log_probs(sentence: Sentence) -> tuple[float, ...]:
    """Return the log-probabilities without that of the end; (0,) for a sentence without words."""
    return sentence.log_probs[: len(sentence.words)] or (0.0,)


def _named_label(sentence: Sentence) -> float:
    """Return the probability of the encoder's labels that share a word with the sentence."""
    words = set(sentence.words)
    return sum(share for name, share in sentence.labels if words & set(name.lower().split()))


FIGURES: dict[str, Callable[[Sentence], float]] = {
    "mean_log_prob": lambda s: float(np.mean(_word_log_probs(s))),
    "min_log_prob": lambda s: min(_word_log_probs(s)),
    "sum_log_prob": lambda s: s.log_prob,
    "end_log_prob": lambda s: sum(s.log_probs[len(s.words) :]),
    "words": lambda s: float(len(s.words)),
    "distinct_words": lambda s: float(len(set(s.words))),
    "doubtful_words": lambda s: float(sum(p < math.log(0.3) for p in _word_log_probs(s))),
    "top_label": lambda s: s.labels[0][1] if s.labels else 0.0,
    "named_label": _named_label,
}
"""What can be known of a sentence without references, by name:

mean_log_prob, min_log_prob: over its words. sum_log_prob: its words and its end. end_log_prob: its end,
0 if it was cut off. words, distinct_words: how many. doubtful_words: how many have a probability below 0.3.
top_label: probability of the encoder's likeliest label. named_label: of those labels (of the first
five) that share a word with the sentence.
"""


def figures(sentence: Sentence, names: Iterable[str]) -> np.ndarray:
    """Return the figures of `sentence` called `names`: (N,) float64; `KeyError` for a name not in `FIGURES`."""
    return np.array([FIGURES[name](sentence) for name in names], np.float64)


@dataclass(frozen=True)
class Calibration:
    """A fitted logistic model: probability = 1 / (1 + exp(-(weights . figures + bias)))."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float

    @classmethod
    def parse(cls, fields: Fields) -> "Calibration":
        """Read "features", "weights" and "bias"; `BundleError` for a feature that this version does not know."""
        names = fields.take_list("features", str)
        for name in names:
            if name not in FIGURES:
                raise BundleError(
                    f"{fields.where}: no figure {name!r}{suggestion(name, FIGURES)} among {', '.join(FIGURES)}"
                )
        return cls(names, fields.take_list("weights", float, len(names)), fields.take("bias", float))

    def confidence(self, sentence: Sentence) -> float:
        """Return the probability, 0 to 1, that every content word of `sentence` is right."""
        score = float(figures(sentence, self.names) @ np.array(self.weights, np.float64)) + self.bias
        return 0.5 * (1.0 + math.tanh(score / 2.0))  # the same function, without overflow at either end
