"""The figures of one set of candidates, of the whole set and of every image, and how sure they are."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from watchword.metrics.bootstrap import RESAMPLES, Interval, intervals
from watchword.metrics.tally import Tally

BLEUS = ("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4")
METRICS = (*BLEUS, "METEOR", "ROUGE-L", "CIDEr-D", "CIDEr")  # the order of papers' tables
METEOR_VERSIONS = {"METEOR": "meteor:1.5", "METEOR-exact-stem": "meteor:exact-stem"}


class CaptionScores(Mapping[str, float]):
    """The figures of one set of candidates, by name.

    BLEU, METEOR and ROUGE-L are 0 to 1, CIDEr-D 0 to 10; CIDEr is 0 to 10 and a little more.

    images: ids in the order of `per_image`. sentences: the candidates, tokenised, in that order.
    signature: what the figures depend on besides the sentences; compare only those with equal signatures.
    tallies: each metric's statistics of every image.
    """

    def __init__(
        self,
        images: Sequence[str],
        sentences: Sequence[str],
        tallies: Sequence[Tally],
        only: Sequence[str],
        signature: str,
    ) -> None:
        self.images, self.sentences = tuple(images), tuple(sentences)
        self.tallies, self.signature = tuple(tallies), signature
        known = {name for tally in tallies for name in tally.names if name in only or name not in METRICS}
        self._names = sorted(known, key=[*METRICS, *METEOR_VERSIONS].index)

    @cached_property
    def _figures(self) -> dict[str, float]:
        return {name: float(each) for name, each in self._chosen([tally.whole() for tally in self.tallies]).items()}

    @cached_property
    def per_image(self) -> dict[str, np.ndarray]:
        """The figures of every image alone, by name, each (P,) float64; BLEU of the set is not their mean."""
        return self._chosen([tally.each().T for tally in self.tallies])

    def intervals(self, *, resamples: int = RESAMPLES, seed: int = 0) -> dict[str, Interval]:
        """Return the 95 % interval of every figure, over images, by the bootstrap."""
        found = intervals(self.tallies, resamples=resamples, seed=seed)
        return {name: found[name] for name in self._names}

    def __getitem__(self, name: str) -> float:
        """Return the figure called `name`."""
        return self._figures[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of figures."""
        return iter(self._names)

    def __len__(self) -> int:
        """Count the figures."""
        return len(self._names)

    def __repr__(self) -> str:
        """Show the figures."""
        shown = ", ".join(f"{name}: {value:.4f}" for name, value in self.items())
        return f"<CaptionScores {shown}; {self.signature}>"

    def _chosen(self, figures: Sequence[np.ndarray]) -> dict[str, Any]:
        """Return those of each tally's figures, first axis its names, that were asked for, in order."""
        found = {
            name: value
            for tally, values in zip(self.tallies, figures, strict=True)
            for name, value in zip(tally.names, values, strict=True)
        }
        return {name: found[name] for name in self._names}
