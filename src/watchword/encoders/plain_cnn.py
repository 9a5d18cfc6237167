"""The plain CNN of paper 1, section 3.1: convolutions and two fully connected layers, depth 6 to 16.

Trained on the classes of a data set (`watchword encoder train`), then read as features. The paper gives the
depths and the width of the second-to-last layer, 4,096; the rest is chosen here (docs/decisions.md).
"""

import json
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from watchword.core.errors import CheckpointError, DataError, SettingsError
from watchword.encoders.layered import Layered
from watchword.encoders.named import encoders
from watchword.encoders.weights import load_published, read_weights

DEPTHS = (6, 8, 10, 12, 14, 16)
STAGES = 4  # each ends in a pooling that halves the picture


class Convolution(nn.Conv2d):
    """A 3 x 3 convolution with ReLU, and maybe a pooling that halves the picture."""

    def __init__(self, inputs: int, outputs: int, *, halved: bool) -> None:
        super().__init__(inputs, outputs, 3, padding=1)
        self.halved = halved

    def forward(self, x: Tensor) -> Tensor:
        """Return maps (B, outputs, H, L), or half as high and long, of maps x (B, inputs, H, L)."""
        x = torch.relu(super().forward(x))
        return functional.max_pool2d(x, 2) if self.halved else x


class PlainCNN(Layered):
    """So many convolutions and fully connected layers as `depth` says (paper 1): depth - 2 and two.

    The convolutions stand in four stages of equal or nearly equal length, each stage twice as wide as the
    one before and half as large. `whole` is the second-to-last layer, as in the paper; `cells` are the
    last convolution's positions.

    size: height and width of the pictures, a multiple of 16. channels: of the first stage.
    width: of the second-to-last layer. labels: the names of the classes, or how many there are.
    frozen: units of the trunk: convolutions, and the second-to-last layer as one more.
    """

    places = True

    def __init__(
        self, *, depth: int, size: int, channels: int, width: int, labels: tuple[str, ...] | int, frozen: int
    ) -> None:
        super().__init__()
        if depth not in DEPTHS:
            raise SettingsError(f"depth={depth}: one of {', '.join(map(str, DEPTHS))}")
        if size < 16 or size % 16:
            raise SettingsError(f"size={size}: a multiple of 16")
        widths = [3, *(channels * 2**stage for stage in stages(depth))]
        ends = [after > before for before, after in pairwise([*stages(depth), STAGES])]
        self.convolutions = nn.ModuleList(
            Convolution(a, b, halved=end) for (a, b), end in zip(pairwise(widths), ends, strict=True)
        )
        self.size, self.grid = size, (size // 16, size // 16)
        self.whole_width, self.cells_width = width, widths[-1]
        self.hidden = nn.Linear(widths[-1] * (size // 16) ** 2, width)
        self.labels = () if isinstance(labels, int) else labels
        self.classifier = nn.Linear(width, labels if isinstance(labels, int) else len(labels))
        for layer in (*self.convolutions, self.hidden):
            # He et al. 2015: with torch's own start a picture's signal dies out on its way through the layers.
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
        self.form = {"depth": depth, "size": size, "channels": channels, "width": width}
        self.name = f"plain_cnn{depth}-{size}-{channels}-{frozen}"
        self.freeze(frozen)

    def parts(self) -> tuple[nn.Sequential, nn.Sequential, nn.Sequential]:
        """Return the convolutions, the second-to-last layer with its ReLU, and the last layer."""
        hidden = nn.Sequential(nn.Flatten(), self.hidden, nn.ReLU())
        return nn.Sequential(*self.convolutions), hidden, nn.Sequential(self.classifier)

    def normalise(self, pixels: Tensor) -> Tensor:
        """Return maps (B, 3, H, L) from -1 to 1 of pixels (B, H, L, 3) uint8 RGB."""
        return pixels.permute(0, 3, 1, 2).float() / 127.5 - 1


def stages(depth: int) -> list[int]:
    """Return the stage, 0 to 3, of each convolution; where they do not come out even, later stages have more."""
    each, more = divmod(depth - 2, STAGES)
    return [stage for stage in range(STAGES) for _ in range(each + (stage >= STAGES - more))]


def save(network: PlainCNN, path: Path) -> None:
    """Write a network with its form and the names of its classes, for `plain_cnn(weights=path)`.

    A kill leaves what was there. Raises `CheckpointError` where there is no room.
    """
    form = json.dumps(network.form | {"labels": network.labels or network.classifier.out_features})
    tensors = {name: value.contiguous() for name, value in network.state_dict().items()}
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        save_file(tensors, draft, {"plain_cnn": form})
        draft.replace(path)
    except (OSError, SafetensorError) as problem:
        draft.unlink(missing_ok=True)
        raise CheckpointError(f"{path} could not be written ({problem}): make room, or name another file") from None


def holds_one(path: Path) -> bool:
    """Tell whether a file holds what `save` writes, or nothing."""
    try:
        return not path.stat().st_size or bool(form_of(path))
    except DataError:
        return False


def form_of(path: str | Path) -> dict[str, Any]:
    """Return what `save` wrote beside the weights: depth, size, channels, width, labels. Raises `DataError`."""
    try:
        with safe_open(path, "pt") as file:
            return dict(json.loads((file.metadata() or {})["plain_cnn"]))
    except (OSError, SafetensorError, KeyError, ValueError, TypeError) as problem:
        raise _not_ours(path, problem) from None


def trained(path: str | Path, frozen: int) -> PlainCNN:
    """Return the network that `save` wrote; `DataError` for any other file."""
    weights, form = read_weights(path), form_of(path)
    try:
        labels = form.pop("labels")
        network = PlainCNN(**form, labels=labels if isinstance(labels, int) else tuple(labels), frozen=frozen)
    except (KeyError, ValueError, TypeError) as problem:
        raise _not_ours(path, problem) from None
    load_published(network, weights, path)
    return network


def _not_ours(path: str | Path, problem: Exception) -> DataError:
    return DataError(f"{path} is no plain CNN that was trained here ({problem}): `watchword encoder train` writes one")


@encoders.add("plain_cnn")
def plain_cnn(
    *,
    frozen: int = 0,
    weights: str | Path = "",
    depth: int = 6,
    size: int = 32,
    channels: int = 8,
    width: int = 64,
    classes: int = 2,
) -> PlainCNN:
    """Return a plain CNN: one that was trained, from its file of `weights`, which says its form and classes, or one
    of random weights and the form given, which is small here for the sake of tests.

    frozen: units of the trunk, 0 to depth - 1: the convolutions, and the second-to-last layer as one more.
    """
    if weights:
        return trained(weights, frozen)
    return PlainCNN(depth=depth, size=size, channels=channels, width=width, labels=classes, frozen=frozen)
