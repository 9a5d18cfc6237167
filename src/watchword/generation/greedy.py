"""Greedy search: always the likeliest word."""

import numpy as np

from watchword.core.types import Features, Stepper
from watchword.generation.constraints import Rules
from watchword.generation.hypotheses import Hypothesis
from watchword.generation.unroll import unroll


def greedy_search(
    stepper: Stepper, features: Features[np.ndarray], rules: Rules, length_normalization: float = 0.0
) -> list[list[Hypothesis]]:
    """Return one sentence of each photo, made of the likeliest allowed word at each step.

    `rules.must_include` is not looked at; `length_normalization` only shapes the score that is reported.
    """
    return unroll(
        stepper,
        features,
        rules,
        choose=lambda candidates, spoken: candidates.ranks.argmax(axis=-1),
        sentences=1,
        enough=1,
        length_normalization=length_normalization,
    )
