"""Several trained models that describe pictures together."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from watchword.core.errors import BundleError
from watchword.core.types import Features, Stepper
from watchword.generation.ensemble import Bound, Ensemble, Mean
from watchword.runtime.captioner import Captioner
from watchword.runtime.sentences import Labels

SHOWN = 3  # words that only one model knows, as an error names them


class Together(Captioner):
    """Describes as one model does; each word is chosen by the mean of what the members think of it.

    members: the models, two or more. Labels, grid and usual search are the first one's. There is no
    confidence: a calibration holds for the probabilities of the model that it was fitted to, not for a mean.
    """

    def __init__(self, members: Sequence[Captioner], mean: Mean = "probabilities") -> None:
        """Join `members`; mean: of "probabilities" or of "log_probabilities", see `generation.ensemble.Ensemble`.

        Raises `BundleError` where their vocabularies or the sizes of their pictures differ, and `SearchError`
        for another mean or no member.
        """
        self.stepper: Stepper = Ensemble([member.stepper for member in members], mean)
        first = members[0]
        for other in members[1:]:
            _refuse_strangers(first, other)
        self.members = list(members)
        self.name = "+".join(member.name for member in members)
        self.manifest = replace(first.manifest, calibration=None)
        self.vocabulary, self.threads = first.vocabulary, first.threads
        self._mean = mean

    def encode(self, pixels: np.ndarray, boxes: np.ndarray | None = None) -> tuple[Features[np.ndarray], list[Labels]]:
        """Return what the first member's encoder sees."""
        return self.members[0].encode(pixels, boxes)

    def look(
        self, pixels: np.ndarray, boxes: np.ndarray | None = None
    ) -> tuple[Stepper, Features[np.ndarray], list[Labels]]:
        """Have each encoder look once, however many members share it."""
        seen: dict[str, tuple[Features[np.ndarray], list[Labels]]] = {}
        bound = list[Stepper]()
        for member in self.members:
            key = member.manifest.files["encoder.onnx"].sha256
            if key not in seen:
                seen[key] = member.encode(pixels, boxes)
            bound.append(Bound(member.stepper, seen[key][0]))
        return Ensemble(bound, self._mean), *next(iter(seen.values()))


def load(model: str | Path | Sequence[str | Path], mean: Mean = "probabilities") -> Captioner:
    """Return one model, or several in a list together; errors as of `Captioner.load` and `Together`."""
    if isinstance(model, str | Path):
        return Captioner.load(model)
    return Together([Captioner.load(each) for each in model], mean)


def _refuse_strangers(first: Captioner, other: Captioner) -> None:
    """Raise `BundleError` unless both speak the same words and look at pictures of one size."""
    mine, theirs = first.vocabulary.words, other.vocabulary.words
    names = f"{first.name!r} and {other.name!r} cannot describe together: "
    if mine != theirs:
        raise BundleError(
            f"{names}their vocabularies differ ({_difference(mine, theirs)}); "
            "train both on the same data with the same minimum, or one with --start-from the other"
        )
    if first.manifest.size != other.manifest.size:
        raise BundleError(
            f"{names}they take pictures of {first.manifest.size} and {other.manifest.size} pixels; "
            "choose models whose encoders take pictures of one size"
        )


def _difference(mine: Sequence[str], theirs: Sequence[str]) -> str:
    """Say in which way two vocabularies differ."""
    sides = (("first", set(mine) - set(theirs)), ("second", set(theirs) - set(mine)))
    only = [f"only the {name} knows {', '.join(map(repr, sorted(words)[:SHOWN]))}" for name, words in sides if words]
    return "; ".join([f"{len(mine)} and {len(theirs)} words", *(only or ["in another order"])])
