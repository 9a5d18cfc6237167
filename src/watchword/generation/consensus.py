"""Consensus: of several candidates, the one that is most like the others."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from watchword.core.errors import SearchError
from watchword.generation.hypotheses import Hypothesis

Alike = Callable[[Sequence[Sequence[int]]], np.ndarray]
"""From N sentences as word ids to (N, N) floats: how much sentence i is like sentence j, were j the reference."""


def by_consensus(candidates: Sequence[Hypothesis], alike: Alike) -> list[Hypothesis]:
    """Return the candidates by falling mean likeness to the others, which becomes their score.

    Minimum Bayes risk (Kumar and Byrne 2004) with likeness for loss: what most candidates agree on is what
    most readers would accept. Devlin et al. 2015 (arXiv:1505.04467) choose among neighbours' captions so. A
    sentence that was drawn several times counts as often. Finished sentences come before unfinished ones;
    of equals the one in front stays there. Raises `SearchError` where `alike` gives another shape.
    """
    if len(candidates) < 2:
        return list(candidates)
    likeness = np.array(alike([told.words for told in candidates]), dtype=np.float64)
    if likeness.shape != (len(candidates),) * 2:
        raise SearchError(f"consensus gave shape {likeness.shape} for {len(candidates)} sentences; a square is needed")
    np.fill_diagonal(likeness, 0.0)
    means = likeness.sum(axis=1) / (len(candidates) - 1)
    order = np.lexsort((-means, [not told.ended for told in candidates]))
    return [replace(candidates[place], score=float(means[place])) for place in order.tolist()]
