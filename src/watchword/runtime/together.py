"""Several trained models that describe pictures together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from watchword.core.errors import BundleError
from watchword.core.types import Features, Stepper, Way
from watchword.data.played import Playing, Watched
from watchword.generation.ensemble import Bound, Ensemble, Mean, shares
from watchword.runtime.captioner import FRAMES_TOGETHER, Captioner
from watchword.runtime.pipeline import AnySource, Decoded, decoded_batches
from watchword.runtime.sentences import Labels

SHOWN = 3  # words that only one model knows, as an error names them


class Together(Captioner):
    """Describes as one model does; each word is chosen by the weighted mean of what the members think of it.

    Members may be shown clips in different ways, as an RGB and a flow model are; each sees its own frames.
    members: the models, two or more. weights: of each, summing to one. Labels, grid and usual search are the first
    one's; the way to look at regions is that of whichever learnt them. There is no confidence: a calibration holds for
    the probabilities of the model that it was fitted to, not for a mean.
    """

    def __init__(
        self, members: Sequence[Captioner], mean: Mean = "probabilities", weights: Sequence[float] | None = None
    ) -> None:
        """Join `members`; mean: of "probabilities" or of "log_probabilities", see `generation.ensemble.Ensemble`.

        weights: how much each counts; alike if None. Raises `BundleError` where their vocabularies, the sizes of their
        pictures or their ways to look at regions differ, or only some are of clips, and `SearchError` for another mean,
        for weights that do not fit or for no member.
        """
        self.stepper: Stepper = Ensemble([member.stepper for member in members], mean, weights)
        first = members[0]
        for other in members[1:]:
            _refuse_strangers(first, other)
        self.members = list(members)
        self.name = "+".join(member.name for member in members)
        self.manifest = replace(first.manifest, calibration=None, regions=_regions(members))
        self.vocabulary, self.threads = first.vocabulary, first.threads
        self.weights = shares(weights, len(members)).tolist()
        self._mean, self._beside = mean, Beside([member.manifest.frames for member in members])

    def weighed(self, weights: Sequence[float]) -> "Together":
        """Return the same members with other weights; `SearchError` where these do not fit."""
        return Together(self.members, self._mean, weights)

    def decoded(self, sources: Iterable[AnySource], batch: int) -> Iterator[list[Decoded[AnySource]]]:
        """Yield sources with their pixels, those of one way to show a clip behind those of another."""
        if not self._beside.several:
            return super().decoded(sources, batch)
        few = max(1, min(batch, FRAMES_TOGETHER // self._beside.count))
        return decoded_batches(sources, self.manifest.size, few, self.threads, self._beside)

    def encode(self, pixels: np.ndarray, boxes: np.ndarray | None = None) -> tuple[Features[np.ndarray], list[Labels]]:
        """Return what the first member's encoder sees."""
        return self.members[0].encode(self._beside.part(pixels, self.manifest.frames), boxes)

    def look(
        self, pixels: np.ndarray, boxes: np.ndarray | None = None
    ) -> tuple[Stepper, Features[np.ndarray], list[Labels]]:
        """Have each encoder look once, however many members share it."""
        seen: dict[tuple[str, Playing | None], tuple[Features[np.ndarray], list[Labels]]] = {}
        bound = list[Stepper]()
        for member in self.members:
            frames = member.manifest.frames
            key = member.manifest.files["encoder.onnx"].sha256, frames
            if key not in seen:
                seen[key] = member.encode(self._beside.part(pixels, frames), boxes)
            bound.append(Bound(member.stepper, seen[key][0]))
        return Ensemble(bound, self._mean, self.weights), *next(iter(seen.values()))


class Beside:
    """Ways to show a clip, one behind another along T; of each that there is, once."""

    def __init__(self, ways: Iterable[Playing | None]) -> None:
        """Take the ways of several models; None is that of a model of photos."""
        self._starts: dict[Playing, int] = {}
        self.count = 0
        for way in filter(None, ways):
            if way not in self._starts:
                self._starts[way] = self.count
                self.count += way.count

    @property
    def several(self) -> bool:
        """Tell whether there is more than one way."""
        return len(self._starts) > 1

    def __call__(self, source: Watched, size: int) -> np.ndarray:
        """Return what is shown of a clip in all ways: (T, size, size, 3) uint8."""
        return np.concatenate([way(source, size) for way in self._starts])

    def part(self, pixels: np.ndarray, way: Playing | None) -> np.ndarray:
        """Return what is shown in one way (B, T', size, size, 3) of pixels (B, T, size, size, 3) in all of them."""
        if way is None or not self.several or pixels.ndim == 4:
            return pixels
        return pixels[:, self._starts[way] : self._starts[way] + way.count]


def load(
    model: str | Path | Sequence[str | Path], mean: Mean = "probabilities", weights: Sequence[float] | None = None
) -> Captioner:
    """Return one model, or several in a list together; errors as of `Captioner.load` and `Together`."""
    if isinstance(model, str | Path):
        return Captioner.load(model)
    return Together([Captioner.load(each) for each in model], mean, weights)


def _refuse_strangers(first: Captioner, other: Captioner) -> None:
    """Raise `BundleError` unless both speak the same words and look in one way."""
    mine, theirs = first.vocabulary.words, other.vocabulary.words
    names = f"{first.name!r} and {other.name!r} cannot describe together: "
    if mine != theirs:
        raise BundleError(
            f"{names}their vocabularies differ ({_difference(mine, theirs)}); "
            "train both on the same data with the same minimum, or one with --start-from the other"
        )
    if (first.manifest.frames is None) != (other.manifest.frames is None):
        raise BundleError(
            f"{names}one of them is shown frames of clips, the other single photos; "
            "choose models whose encoders both look at frames (encoder=frames:of=...), or neither"
        )
    if first.manifest.size != other.manifest.size:
        raise BundleError(
            f"{names}they take pictures of {first.manifest.size} and {other.manifest.size} pixels; "
            "choose models whose encoders take pictures of one size"
        )


def _regions(members: Sequence[Captioner]) -> Way | None:
    """Return how those members that learnt regions looked at them; `BundleError` where they did in two ways."""
    ways = {member.manifest.regions: member.name for member in members if member.manifest.regions}
    if len(ways) > 1:
        told = " and ".join(f"{name!r} learnt regions {way}" for way, name in ways.items())
        raise BundleError(f"{told}, so they cannot describe together; choose models that looked at them in one way")
    return next(iter(ways), None)


def _difference(mine: Sequence[str], theirs: Sequence[str]) -> str:
    """Say in which way two vocabularies differ."""
    sides = (("first", set(mine) - set(theirs)), ("second", set(theirs) - set(mine)))
    only = [f"only the {name} knows {', '.join(map(repr, sorted(words)[:SHOWN]))}" for name, words in sides if words]
    return "; ".join([f"{len(mine)} and {len(theirs)} words", *(only or ["in another order"])])
