"""One entry to every search over words."""

from dataclasses import replace

import numpy as np

from watchword.core.types import Features, Stepper
from watchword.generation.beam import beam_search
from watchword.generation.consensus import Alike, by_consensus
from watchword.generation.constrained import constrained_search
from watchword.generation.constraints import Rules
from watchword.generation.diverse import diverse_search
from watchword.generation.greedy import greedy_search
from watchword.generation.hypotheses import Hypothesis, distinct
from watchword.generation.options import DEFAULTS, SearchOptions, demand
from watchword.generation.sampling import sample

__all__ = ["SearchOptions", "search"]


def search(
    stepper: Stepper,
    features: Features[np.ndarray],
    rules: Rules,
    options: SearchOptions = DEFAULTS,
    generator: np.random.Generator | None = None,
    alike: Alike | None = None,
) -> list[list[Hypothesis]]:
    """Return for each photo its sentences, best first: finished ones before unfinished ones, then by score.

    generator: for sampling a row of batches from one stream of draws; by default one is made from
    `options.seed`. alike: if given, the n best are those of `options.candidates` that are most like the others
    (see `consensus.by_consensus`). Raises `SearchError` where rules and options cannot be met together.
    """
    demand(
        not (options.sample and rules.must_include),
        "words can be demanded (must_include) of a beam search only; leave sampling out",
    )
    demand(
        options.sample or options.groups == 1 or not rules.must_include,
        f"words can be demanded (must_include) of a plain beam search only, not of groups={options.groups}",
    )
    demand(
        alike is None or options.candidates > 1,
        "a consensus needs sentences to choose among; set beam=2 or more, or sample with draws=2 or more",
    )
    if len(features.whole) == 0:
        return []
    if alike is None:
        return _found(stepper, features, rules, options, generator)
    wanted = replace(options, n=options.candidates, draws=0)
    found = _found(stepper, features, rules, wanted, generator)
    return [distinct(by_consensus(photo, alike))[: options.n] for photo in found]


def _found(
    stepper: Stepper,
    features: Features[np.ndarray],
    rules: Rules,
    options: SearchOptions,
    generator: np.random.Generator | None,
) -> list[list[Hypothesis]]:
    """Return what the search that the options ask for finds."""
    alpha = options.length_normalization
    if options.sample:
        draws = generator or np.random.default_rng(options.seed)
        cuts = (options.temperature, options.top_k, options.top_p)
        drawn = sample(stepper, features, rules, draws, options.draws or options.n, *cuts, alpha)
        return [distinct(photo)[: options.n] for photo in drawn] if options.draws else drawn
    if rules.must_include:
        return constrained_search(stepper, features, rules, options.beam, options.n, alpha)
    if options.beam == 1:
        return greedy_search(stepper, features, rules, alpha)
    if options.groups > 1:
        apart = (options.groups, options.diversity)
        return diverse_search(stepper, features, rules, options.beam, options.n, alpha, *apart)
    return beam_search(stepper, features, rules, options.beam, options.n, alpha)
