"""One entry to every search over words."""

import math
from dataclasses import dataclass

import numpy as np

from watchword.core.errors import SearchError
from watchword.core.types import Features, Stepper
from watchword.generation.beam import beam_search
from watchword.generation.constrained import constrained_search
from watchword.generation.constraints import Rules
from watchword.generation.greedy import greedy_search
from watchword.generation.hypotheses import Hypothesis
from watchword.generation.sampling import sample


def _demand(met: bool, complaint: str) -> None:
    if not met:
        raise SearchError(complaint)


def _demand_whole(**given: object) -> None:
    for name, value in given.items():
        if not isinstance(value, int | np.integer):
            raise TypeError(f"{name}={value!r} is of type {type(value).__name__}; give a whole number, as in {name}=3")


@dataclass(frozen=True)
class SearchOptions:
    """How to look for sentences; what a sentence may be is said by `Rules`.

    beam: hypotheses kept at each step; 1 is greedy search. n: sentences returned of each photo, at most
    `beam` of them unless they are sampled. length_normalization: 0 ranks sentences by probability, 1 by
    the mean over their words (see `hypotheses.normalised`).
    sample: draw words instead; then `beam` is not read. temperature, top_k, top_p: as in
    `sampling.sample`; read only when sampling. seed: of the draws; None takes a new one each time.

    Values that make no sense raise `SearchError`, and `TypeError` where a whole number is not one.
    """

    beam: int = 3
    n: int = 1
    length_normalization: float = 0.0
    sample: bool = False
    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    seed: int | None = None

    def __post_init__(self) -> None:
        """Check every option."""
        _demand_whole(beam=self.beam, n=self.n, top_k=self.top_k, seed=0 if self.seed is None else self.seed)
        _demand(self.beam >= 1, f"beam={self.beam}: 1 (greedy) or more")
        _demand(self.n >= 1, f"n={self.n}: 1 or more")
        _demand(
            self.sample or self.n <= self.beam,
            f"n={self.n} sentences from beam={self.beam}: a beam gives at most as many as it is wide; "
            f"set beam={self.n} or more, or sample",
        )
        _demand(
            0 <= self.length_normalization < math.inf,
            f"length_normalization={self.length_normalization}: 0 (rank by probability) or more, as in 0.7",
        )
        _demand(
            0 < self.temperature < math.inf,
            f"temperature={self.temperature}: more than 0; for the likeliest words set beam=1 and do not sample",
        )
        _demand(self.top_k >= 0, f"top_k={self.top_k}: 0 (every word) or more")
        _demand(0 < self.top_p <= 1, f"top_p={self.top_p}: more than 0, up to 1 (every word)")
        _demand(self.seed is None or self.seed >= 0, f"seed={self.seed}: 0 or more, or None for a new one each time")


DEFAULTS = SearchOptions()


def search(
    stepper: Stepper,
    features: Features[np.ndarray],
    rules: Rules,
    options: SearchOptions = DEFAULTS,
    generator: np.random.Generator | None = None,
) -> list[list[Hypothesis]]:
    """Return for each photo its sentences, best first: finished ones before unfinished ones, then by score.

    generator: for sampling a row of batches from one stream of draws; by default one is made from
    `options.seed`. Raises `SearchError` where rules and options cannot be met together.
    """
    _demand(
        not (options.sample and rules.must_include),
        "words can be demanded (must_include) of a beam search only; leave sampling out",
    )
    if len(features.whole) == 0:
        return []
    alpha = options.length_normalization
    if options.sample:
        draws = generator or np.random.default_rng(options.seed)
        cuts = (options.temperature, options.top_k, options.top_p)
        return sample(stepper, features, rules, draws, options.n, *cuts, alpha)
    if rules.must_include:
        return constrained_search(stepper, features, rules, options.beam, options.n, alpha)
    if options.beam == 1:
        return greedy_search(stepper, features, rules, alpha)
    return beam_search(stepper, features, rules, options.beam, options.n, alpha)
