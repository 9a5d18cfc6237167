"""The plain CNN of paper 1, section 3.1: convolutions and fully connected layers, depth 6."""

from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from watchword.core.types import Features
from watchword.encoders.base import Encoder, as_features, check_cut, encoders


class PlainCNN(Encoder):
    """Four 3 x 3 convolutions, each halving the picture, and two fully connected layers: depth 6.

    Depth counts convolutional and fully connected layers (paper 1). `whole` is the second-to-last
    layer, as in the paper; `cells` are the last convolution's positions.

    size: height and width of the pictures, a multiple of 16. channels: of the first convolution,
        doubled by each next. width: of the second-to-last layer (4,096 in the paper). classes: of the last.
    frozen: how many of the convolutions belong to the trunk.
    """

    def __init__(self, *, size: int, channels: int, width: int, classes: int, frozen: int) -> None:
        super().__init__()
        widths = [3, *(channels * 2**i for i in range(4))]
        self.convolutions = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in pairwise(widths))
        check_cut(frozen, len(self.convolutions))
        self.size, self.grid = size, (size // 16, size // 16)
        self.whole_width, self.cells_width = width, widths[-1]
        self.hidden = nn.Linear(widths[-1] * (size // 16) ** 2, width)
        self.classifier = nn.Linear(width, classes)
        for layer in (*self.convolutions, self.hidden):
            # He et al. 2015: with torch's own start a picture's signal dies out on its way through the layers.
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
        self.cut = frozen
        self.name = f"plain_cnn-{size}-{channels}-{frozen}"
        self.frozen_units().requires_grad_(False)

    def frozen_units(self) -> nn.Module:
        """Return the convolutions below the cut."""
        return self.convolutions[: self.cut]

    def trunk(self, pixels: Tensor) -> Tensor:
        """Return maps (B, W, H, L) float32 after the frozen convolutions, of pixels (B, H, W, 3) uint8 RGB."""
        return self._convolve(pixels.permute(0, 3, 1, 2).float() / 127.5 - 1, slice(self.cut))

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return features: cells (B, (H / 16)², 8 channels), whole (B, width), from the trunk's maps."""
        maps = self._convolve(seen, slice(self.cut, None))
        return as_features(maps)._replace(whole=torch.relu(self.hidden(maps.flatten(1))))

    def _convolve(self, x: Tensor, part: slice) -> Tensor:
        for convolution in self.convolutions[part]:
            x = functional.max_pool2d(torch.relu(convolution(x)), 2)
        return x

    def scores(self, features: Features[Tensor]) -> Tensor:
        """Return the scores (B, classes) of the last fully connected layer, before any softmax."""
        return cast(Tensor, self.classifier(features.whole))

    def classify(self, features: Features[Tensor]) -> Tensor:
        """Return probabilities (B, classes)."""
        return self.scores(features).softmax(-1)


@encoders.add("plain_cnn")
def plain_cnn(*, frozen: int = 0, size: int = 32, channels: int = 8, width: int = 64, classes: int = 2) -> PlainCNN:
    """Return a plain CNN of depth 6 with random weights."""
    return PlainCNN(size=size, channels=channels, width=width, classes=classes, frozen=frozen)
