"""Sampling: each word drawn from the model's distribution, made sharper or cut short if asked."""

import numpy as np

from watchword.core.types import Features, Stepper
from watchword.generation.candidates import Candidates
from watchword.generation.constraints import Rules
from watchword.generation.hypotheses import Hypothesis
from watchword.generation.likeliest import likeliest
from watchword.generation.unroll import unroll


def sample(
    stepper: Stepper,
    features: Features[np.ndarray],
    rules: Rules,
    generator: np.random.Generator,
    n: int = 1,
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
    length_normalization: float = 0.0,
) -> list[list[Hypothesis]]:
    """Return n sentences of each photo, drawn independently, so some may be equal; `score` orders them.

    A word is drawn from the model's distribution over the allowed words, in this order: raised to the
    power 1 / temperature, cut to the `top_k` likeliest (0: no cut), and cut to the nucleus, the fewest
    likeliest words whose share of what is left reaches `top_p` (Holtzman et al. 2020,
    arXiv:1904.09751; 1.0: no cut). The log-probabilities reported are the model's own all the same,
    before any of this. `rules.must_include` is not looked at.

    One number is drawn for each word that could be said, photo by photo, so photos sampled one after
    another from one generator say what they say in one batch.
    """
    chances = generator.random((len(features.whole), n, rules.max_words + 1))

    def choose(candidates: Candidates, spoken: int) -> np.ndarray:
        return draw(candidates.log_probs, chances[..., spoken], temperature, top_k, top_p)

    enough = top_k if top_k else None
    return unroll(stepper, features, rules, choose, n, enough, length_normalization)


def draw(log_probs: np.ndarray, chances: np.ndarray, temperature: float, top_k: int, top_p: float) -> np.ndarray:
    """Return a place (B, K) among the N words for each chance (B, K), a number from 0 up to 1.

    log_probs: (B, K, N), -inf for words that may not be drawn; see `sample` for the rest.
    """
    if not top_k and top_p == 1.0:
        return _invert(_weights(log_probs, temperature), chances)
    places, ranked = likeliest(log_probs, top_k or log_probs.shape[-1])
    weights = _weights(ranked, temperature)
    before = weights.cumsum(axis=-1) - weights
    weights[before >= top_p * weights.sum(axis=-1, keepdims=True)] = 0
    return np.take_along_axis(places, _invert(weights, chances)[..., None], axis=-1)[..., 0]


def _weights(log_probs: np.ndarray, temperature: float) -> np.ndarray:
    """Return exp(log_probs / temperature) as float64, scaled so that the largest of each row is 1."""
    top = log_probs.max(axis=-1, keepdims=True)
    lowered = log_probs.astype(np.float64) - np.where(np.isneginf(top), 0, top)
    return np.exp(lowered / temperature)


def _invert(weights: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """Return where the running sum of the weights (B, K, N) passes each chance (B, K) of their whole."""
    sums = weights.cumsum(axis=-1)
    marks = chances * sums[..., -1]  # less than the whole, since chances are less than 1 by what a float resolves
    return (sums <= marks[..., None]).sum(axis=-1).clip(max=weights.shape[-1] - 1)  # a row of zeros has no such place
