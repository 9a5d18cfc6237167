"""What every encoder offers."""

import hashlib
from typing import Self

import torch
from torch import Tensor, nn

from watchword.core.errors import SettingsError
from watchword.core.types import Features


class Encoder(nn.Module):
    """A network cut in two: a frozen `trunk`, whose output can be computed once and kept, and a `top`.

    Joint training (paper 4) moves the top only, so that an epoch costs a fraction of the whole network.

    Attributes:
        size: height and width of the pictures it takes, in pixels.
        grid: rows and columns of the cells.
        whole_width, cells_width: widths of `Features.whole` and `Features.cells`.
        cut: how many units, from the pixels on, are frozen: they are the trunk.
        name: of the network and its cut.
        published: fingerprint of the trunk as `name` alone stands for it.
        labels: the names of its own classes, or () where it has no classifier.
        looks: whether it sees pictures at all; False where all its features came from a file.
        row: then, the shape of what is kept of a photo or clip.
        any_size: whether its graph is the same for pictures of other sizes, so that models that look at such share it.
    """

    size: int
    grid: tuple[int, int]
    whole_width: int
    cells_width: int
    cut: int
    name: str
    published: str = ""
    labels: tuple[str, ...] = ()
    looks: bool = True
    row: tuple[int, ...] = ()
    any_size: bool = False

    @property
    def key(self) -> str:
        """What features that the trunk gives are filed under: the name, and the weights unless they are published."""
        weights = self.fingerprint()
        return self.name if weights == self.published else f"{self.name}-{weights}"

    def fingerprint(self) -> str:
        """Return a hash of the trunk's weights, or "" where it has none."""
        tensors, digest = self.frozen_units().state_dict().values(), hashlib.sha256()
        for value in tensors:
            digest.update(value.contiguous().numpy())
        return digest.hexdigest()[:12] if tensors else ""

    def frozen_units(self) -> nn.Module:
        """Return the units below the cut."""
        raise NotImplementedError

    def train(self, mode: bool = True) -> Self:
        """Stay as in use: statistics of batch normalisation never move, and nothing is dropped out."""
        return super().train(False)

    def trunk(self, pixels: Tensor) -> Tensor:
        """Return what the frozen part makes of pixels (B, H, W, 3) uint8 RGB."""
        raise NotImplementedError

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return the features of B pictures from what the trunk made of them."""
        raise NotImplementedError

    def forward(self, pixels: Tensor) -> Features[Tensor]:
        """Return the features of pixels (B, H, W, 3) uint8 RGB."""
        return self.top(self.trunk(pixels))

    @property
    def looking(self) -> "Encoder":
        """The encoder that sees pixels: this one, or another whose features it only puts together in another way."""
        return self

    @property
    def single(self) -> "Encoder":
        """The encoder of single pictures that a graph holds: this one, or that which looks at the frames of a clip."""
        return self

    def rearranged(self, features: Features[Tensor]) -> Features[Tensor]:
        """Return what this encoder makes of the features of `looking`."""
        return features

    def classify(self, features: Features[Tensor]) -> Tensor:
        """Return probabilities (B, len(labels)) of the encoder's own classes."""
        raise NotImplementedError(f"{type(self).__name__} has no classifier")


def check_cut(frozen: int, units: int) -> None:
    """Raise `SettingsError` unless so many of an encoder's units can be frozen."""
    if not 0 <= frozen <= units:
        raise SettingsError(f"frozen={frozen}: from 0 to {units}, the units that this encoder has")


def as_features(maps: Tensor) -> Features[Tensor]:
    """Return maps (B, W, H, L) as features: cells row by row, and their mean as the whole."""
    cells = maps.flatten(2).transpose(1, 2).contiguous()
    mask = torch.ones_like(cells[:, :, 0], dtype=torch.bool)
    return Features(cells.mean(1), cells, mask)


def as_one_cell(whole: Tensor) -> Features[Tensor]:
    """Return vectors (B, W) as features whose only cell is the whole, for decoders that look at nothing else."""
    return Features(whole, whole[:, None], torch.ones_like(whole[:, :1], dtype=torch.bool))


def packed(features: Features[Tensor]) -> Tensor:
    """Return features as one row for each picture (B, W + C W'): what a trunk that leaves no top to learn hands on."""
    return torch.cat((features.whole, features.cells.flatten(1)), 1)


def unpacked(rows: Tensor, whole: int, cells: int) -> Features[Tensor]:
    """Return the features that were `packed` into rows, of widths W = `whole` and W' = `cells`."""
    places = rows[:, whole:].reshape(rows.shape[0], -1, cells)  # of `unflatten` a graph would keep how many rows it saw
    return Features(rows[:, :whole], places, torch.ones_like(places[:, :, 0], dtype=torch.bool))
