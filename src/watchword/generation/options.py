"""How to look for sentences, each option checked."""

import math
from dataclasses import dataclass

import numpy as np

from watchword.core.errors import SearchError

MOST = 1000  # sentences of a photo at once


def demand(met: bool, complaint: str) -> None:
    """Raise `SearchError` with a complaint unless what is asked is met."""
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
    groups: of the beam, which keep away from each other's words by `diversity` nats a hypothesis (see
    `diverse.diverse_search`); 1 is plain beam search, which does not read `diversity`.
    sample: draw words instead; then neither `beam` nor `groups` is read. temperature, top_k, top_p: as in
    `sampling.sample`; read only when sampling. seed: of the draws; None takes a new one each time.
    draws: sentences drawn, of which the n likeliest different ones are kept, as LRCN does (Donahue et al.
    2015); a temperature below 1 suits it, for above 1 hardly any of them is likely. 0 draws n and keeps them all.
    Of beam, n and draws there are at most `MOST`.

    Values that make no sense raise `SearchError`, and `TypeError` where a whole number is not one.
    """

    beam: int = 3
    n: int = 1
    length_normalization: float = 0.0
    groups: int = 1
    diversity: float = 0.5
    sample: bool = False
    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    seed: int | None = None
    draws: int = 0

    def __post_init__(self) -> None:
        """Check every option."""
        _demand_whole(beam=self.beam, n=self.n, groups=self.groups, top_k=self.top_k, draws=self.draws)
        _demand_whole(seed=0 if self.seed is None else self.seed)
        self._check_beam()
        self._check_draws()

    @property
    def candidates(self) -> int:
        """How many sentences of a photo a consensus chooses among: what is drawn, or what the beam ends."""
        return (self.draws or self.n) if self.sample else self.beam

    def _check_beam(self) -> None:
        demand(self.beam >= 1, f"beam={self.beam}: 1 (greedy) or more")
        demand(self.n >= 1, f"n={self.n}: 1 or more")
        for name, count in (("beam", self.beam), ("n", self.n), ("draws", self.draws)):
            demand(count <= MOST, f"{name}={count}: at most {MOST}, for each takes memory and time")
        demand(
            self.sample or self.n <= self.beam,
            f"n={self.n} sentences from beam={self.beam}: a beam gives at most as many as it is wide; "
            f"set beam={self.n} or more, or sample",
        )
        demand(
            0 <= self.length_normalization < math.inf,
            f"length_normalization={self.length_normalization}: 0 (rank by probability) or more, as in 0.7",
        )
        demand(self.groups >= 1, f"groups={self.groups}: 1 (plain beam search) or more")
        demand(
            self.sample or self.beam % self.groups == 0,
            f"groups={self.groups} of beam={self.beam}: each has an equal share of the beam; "
            f"set beam={-(-self.beam // self.groups) * self.groups}",
        )
        demand(0 <= self.diversity < math.inf, f"diversity={self.diversity}: 0 (none) or more, as in 0.5")

    def _check_draws(self) -> None:
        demand(
            0 < self.temperature < math.inf,
            f"temperature={self.temperature}: more than 0; for the likeliest words set beam=1 and do not sample",
        )
        demand(self.top_k >= 0, f"top_k={self.top_k}: 0 (every word) or more")
        demand(0 < self.top_p <= 1, f"top_p={self.top_p}: more than 0, up to 1 (every word)")
        demand(self.seed is None or self.seed >= 0, f"seed={self.seed}: 0 or more, or None for a new one each time")
        demand(self.draws == 0 or self.sample, f"draws={self.draws}: sentences are drawn only if asked for; set sample")
        demand(
            self.draws == 0 or self.draws >= self.n,
            f"draws={self.draws} for n={self.n} sentences: n of them are kept, so draw {self.n} or more",
        )


DEFAULTS = SearchOptions()
