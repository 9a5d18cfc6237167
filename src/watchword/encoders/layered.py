"""Networks of convolutions followed by fully connected layers: the cells are read among the first, the whole
among the second.
"""

from torch import Tensor, nn

from watchword.core.types import Features
from watchword.encoders.base import Encoder, as_features, as_one_cell, check_cut, packed, unpacked
from watchword.encoders.imagenet import normalised


class Layered(Encoder):
    """The joints of such a network; what it is made of, `parts` says.

    Its units, from the pixels on, are its convolutions, each with what follows it up to the next, and as
    one more the fully connected layers that lie before the whole. With all of them frozen the trunk hands
    on finished features, and a run over kept features pays for no layer of the network.
    """

    places: bool  # whether the cells are places; else the only cell is the whole

    def parts(self) -> tuple[nn.Sequential, nn.Sequential, nn.Sequential]:
        """Return the layers up to the cells, from there to the whole, and from there to the scores of classes."""
        raise NotImplementedError

    def freeze(self, frozen: int) -> None:
        """Let the first `frozen` units be the trunk, once the layers are there."""
        self._starts = [i for i, layer in enumerate(self.parts()[0]) if isinstance(layer, nn.Conv2d)]
        check_cut(frozen, len(self._starts) + 1)
        self.cut = frozen
        self.frozen_units().requires_grad_(False)

    @property
    def finished(self) -> bool:
        """Tell whether nothing is left for the top to do."""
        return self.cut > len(self._starts)

    def frozen_units(self) -> nn.Module:
        """Return the units below the cut."""
        lower, upper, _ = self.parts()
        return nn.Sequential(lower, upper) if self.finished else lower[: self._end()]

    def _end(self) -> int:
        """Return how many of the layers up to the cells are the trunk's."""
        return self._starts[self.cut] if self.cut < len(self._starts) else len(self.parts()[0])

    def normalise(self, pixels: Tensor) -> Tensor:
        """Return maps (B, 3, H, L) float32 of pixels (B, H, L, 3) uint8 RGB, as the network expects them."""
        return normalised(pixels)

    def trunk(self, pixels: Tensor) -> Tensor:
        """Return maps (B, W, H, L) after the frozen units; if all are frozen, packed features (B, W + C W'), or the
        whole (B, W) where it is the only cell.
        """
        maps = self.parts()[0][: self._end()](self.normalise(pixels))
        if not self.finished:
            return maps
        return packed(self._features(maps)) if self.places else self.parts()[1](maps)

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return features: cells (B, C, W'), whole (B, W), from what the trunk made of B pictures."""
        if self.finished:
            return unpacked(seen, self.whole_width, self.cells_width) if self.places else as_one_cell(seen)
        return self._features(self.parts()[0][self._end() :](seen))

    def _features(self, maps: Tensor) -> Features[Tensor]:
        whole = self.parts()[1](maps)
        return as_features(maps)._replace(whole=whole) if self.places else as_one_cell(whole)

    def scores(self, features: Features[Tensor]) -> Tensor:
        """Return the scores (B, classes) of the last layer, before any softmax."""
        return self.parts()[2](features.whole)

    def classify(self, features: Features[Tensor]) -> Tensor:
        """Return probabilities (B, classes)."""
        return self.scores(features).softmax(-1)
