"""What every encoder offers, and the registry of encoders by name."""

import hashlib
from collections.abc import Callable

import torch
from torch import Tensor, nn

from watchword.core.errors import SettingsError
from watchword.core.registry import Registry
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
    """

    size: int
    grid: tuple[int, int]
    whole_width: int
    cells_width: int
    cut: int
    name: str
    published: str = ""
    labels: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What features that the trunk gives are filed under: the name, and the weights unless they are published."""
        weights = self.fingerprint()
        return self.name if weights == self.published else f"{self.name}-{weights}"

    def fingerprint(self) -> str:
        """Return a hash of the trunk's weights, or "" where it has none."""
        tensors = self.frozen_units().state_dict().values()
        digest = hashlib.sha256(b"".join(value.numpy().tobytes() for value in tensors))
        return digest.hexdigest()[:12] if tensors else ""

    def frozen_units(self) -> nn.Module:
        """Return the units below the cut."""
        raise NotImplementedError

    def trunk(self, pixels: Tensor) -> Tensor:
        """Return what the frozen part makes of pixels (B, H, W, 3) uint8 RGB."""
        raise NotImplementedError

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return the features of B pictures from what the trunk made of them."""
        raise NotImplementedError

    def forward(self, pixels: Tensor) -> Features[Tensor]:
        """Return the features of pixels (B, H, W, 3) uint8 RGB."""
        return self.top(self.trunk(pixels))

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


encoders: Registry[Callable[..., Encoder]] = Registry("encoder")
