"""Any convolutional network of torchvision, and any image network of timm, where those are installed."""

import importlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from watchword.core.errors import DataError, SettingsError
from watchword.core.types import Features
from watchword.encoders.base import Encoder, as_features, check_cut
from watchword.encoders.imagenet import DEVIATION, MEAN, normalised
from watchword.encoders.named import encoders
from watchword.encoders.weights import load_published, read_weights

# What torchvision calls the first part that no longer has places.
HEADS = {"avgpool", "classifier", "fc", "head", "heads"}


class Installed(Encoder):
    """Units in a row that make maps of pictures: cells row by row, and their mean as the whole.

    units: from maps (B, 3, size, size) to maps (B, W, H, L). mean, deviation: of the shades, from 0 to 1.
    frozen: how many of the units belong to the trunk; None for all.
    """

    def __init__(
        self,
        units: nn.Sequential,
        *,
        name: str,
        size: int,
        frozen: int | None,
        mean: tuple[float, ...] = MEAN,
        deviation: tuple[float, ...] = DEVIATION,
    ) -> None:
        super().__init__()
        self.units, self.mean, self.deviation, self.size = units, mean, deviation, size
        self.cut = len(units) if frozen is None else frozen
        check_cut(self.cut, len(units))
        with torch.inference_mode():
            maps = units.eval()(torch.zeros(1, 3, size, size))
        self.whole_width = self.cells_width = maps.shape[1]
        self.grid = tuple(maps.shape[2:])
        self.name = f"{name}-{size}-{self.cut}"
        self.frozen_units().requires_grad_(False)

    def frozen_units(self) -> nn.Module:
        """Return the units below the cut."""
        return self.units[: self.cut]

    def trunk(self, pixels: Tensor) -> Tensor:
        """Return maps (B, W, H, L) after the frozen units, of pixels (B, size, size, 3) uint8 RGB."""
        return self.units[: self.cut](normalised(pixels, self.mean, self.deviation))

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return features: cells (B, H L, W), whole (B, W), from the trunk's maps."""
        return as_features(self.units[self.cut :](seen))


@encoders.add("torchvision")
def from_torchvision(
    *,
    frozen: int | None = None,
    network: str = "resnet50",
    pretrained: bool = True,
    weights: str | Path = "",
    size: int = 224,
) -> Installed:
    """Return a network of torchvision, cut before its pooling; `torchvision.models.list_models()` names them.

    weights: a file of them. Without it and `pretrained`, torchvision's own, which it may have to download.
    frozen: units of the trunk, from 0 to the number of the network's parts; None for all.
    Raises `SettingsError` for one that is no chain of parts which ends in maps.
    """
    library = _needed("torchvision", lambda: importlib.import_module("torchvision.models"))
    whole = _made(lambda: library.get_model(network, weights="DEFAULT" if pretrained and not weights else None))
    if weights:
        load_published(whole, read_weights(weights), weights)
    return Installed(_chain(whole.eval(), network, size), name=f"torchvision-{network}", size=size, frozen=frozen)


@encoders.add("timm")
def from_timm(
    *,
    frozen: int | None = None,
    network: str = "resnet50",
    pretrained: bool = True,
    weights: str | Path = "",
    size: int = 0,
) -> Installed:
    """Return a network of timm as one unit; `timm.list_models()` names them. Patches of a transformer are cells.

    weights: a file of them, its classifier among them. Without it and `pretrained`, timm's own, which it may
    have to download. size: of the pictures; 0 for what the network was trained on. frozen: 0, or 1 (None) for all.
    """
    library = _needed("timm", lambda: importlib.import_module("timm"))
    whole = _made(lambda: library.create_model(network, pretrained=pretrained and not weights))
    if weights:
        load_published(whole, read_weights(weights), weights)
    form = whole.pretrained_cfg
    return Installed(
        nn.Sequential(TimmMaps(whole)),
        name=f"timm-{network}",
        size=size or form["input_size"][-1],
        frozen=frozen,
        mean=form["mean"],
        deviation=form["std"],
    )


class TimmMaps(nn.Module):
    """What a network of timm makes of a picture before it pools, always as maps (B, W, H, L)."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        """Return maps of maps x (B, 3, H, L)."""
        seen = self.network.forward_features(x)
        if seen.dim() == 3:  # tokens: those in front stand for no place
            seen = seen[:, getattr(self.network, "num_prefix_tokens", 0) :].transpose(1, 2)
            # Of `unflatten` a graph would keep how many pictures it saw.
            return seen.reshape(seen.shape[0], seen.shape[1], math.isqrt(seen.shape[2]), -1)
        channels_last = seen.shape[1] != self.network.num_features == seen.shape[3]
        return seen.permute(0, 3, 1, 2) if channels_last else seen


def _chain(network: nn.Module, name: str, size: int) -> nn.Sequential:
    """Return the parts of a network up to its head, and make sure that one after the other they give what it gives."""
    parts: dict[str, nn.Module] = {}
    taken: list[Tensor] = []
    for part, child in network.named_children():
        if part in HEADS:
            child.register_forward_pre_hook(lambda _, given: taken.append(given[0]))
            break
        parts[part] = child
    layers = list(parts.values())
    if len(layers) == 1 and isinstance(layers[0], nn.Sequential):  # "features": its own parts can be cut
        layers = list(layers[0])
    chain, picture = nn.Sequential(*layers), torch.rand(1, 3, size, size)
    try:
        with torch.inference_mode():
            network(picture)
            maps = chain(picture)
        pooled = maps if taken[0].dim() == 4 else maps.mean((2, 3))
        same = torch.allclose(pooled, taken[0], atol=1e-4)
    except (RuntimeError, IndexError, AssertionError, TypeError, NotImplementedError):
        same = False
    if not same:
        raise SettingsError(
            f"torchvision's {name!r} is no chain of parts that ends in maps; take one that is, as resnet50, "
            f"or timm's: encoder=timm:network={name}"
        )
    return chain


def _needed(package: str, load: Callable[[], Any]) -> Any:
    try:
        return load()
    except ModuleNotFoundError:
        raise SettingsError(f"the encoder {package!r} needs {package}: pip install {package}") from None


def _made(make: Callable[[], Any]) -> Any:
    try:
        return make()
    except (OSError, RuntimeError, ValueError) as problem:
        reason = str(problem).splitlines()[0][:200]
        raise DataError(f"this network cannot be had: {reason}; give weights=FILE if it is to be downloaded") from None
