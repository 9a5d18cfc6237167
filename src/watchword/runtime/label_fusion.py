"""Several trained models that label clips together: the weighted mean of paper 2, section 4.1 and table 1."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from watchword.core.errors import BundleError
from watchword.data.played import Watched
from watchword.runtime.labeller import Labeller, Labels


class Fused(Labels):
    """Labels by the weighted mean of the probabilities of its members, as of an RGB and a flow model.

    members: the models, two or more. weights: of each, above 0; 1:2 is the paper's 1/3 and 2/3.
    """

    def __init__(self, members: Sequence[Labeller], weights: Sequence[float] | None = None) -> None:
        """Join `members`; alike if no `weights` are given. `BundleError` where they tell different classes apart, or
        weights do not fit.
        """
        first, *others = members
        given = np.ones(len(members)) if weights is None else np.array(weights, np.float64)
        if len(given) != len(members) or not np.isfinite(given.sum()) or given.min() <= 0:
            said = ":".join(f"{weight:g}" for weight in given)
            raise BundleError(f"weights {said} for {len(members)} models: give one above 0 for each, as in 1:2")
        for other in others:
            if set(first.classes) != set(other.classes):
                differ = sorted(set(first.classes) ^ set(other.classes))
                raise BundleError(
                    f"{first.name!r} and {other.name!r} cannot label together: only one of them knows "
                    f"{', '.join(map(repr, differ[:3]))}; train both on the same classes"
                )
        self.members, self.classes = list(members), first.classes
        self.name = "+".join(member.name for member in members)
        self.weights = given / given.sum()
        self._order = [[member.classes.index(name) for name in first.classes] for member in members]

    @property
    def plays(self) -> bool:
        """Whether one of them has to play a clip itself."""
        return any(member.plays for member in self.members)

    def shown(self, source: Watched) -> list[Any]:
        """Return what each member is shown of a clip."""
        return [member.shown(source) for member in self.members]

    def of_shown(self, shown: list[Any]) -> np.ndarray:
        """Return the probabilities (N,) of the classes, in the order of the first member's."""
        rows = [
            member.of_shown(part)[order] for member, part, order in zip(self.members, shown, self._order, strict=True)
        ]
        return (self.weights @ np.stack(rows)).astype(np.float32)
