"""AlexNet: Krizhevsky 2014, "One weird trick", the form that torchvision has: five convolutions without groups
or local normalisation, and three fully connected layers.

LRCN (paper 2) reads fc6, fc7 or fc8 of CaffeNet, Caffe's variant of it (`caffenet`).
Weights: torchvision's `alexnet-owt-7be5be79.pth`, ImageNet top-1 56.5 %, loaded as it is.
"""

from pathlib import Path

from torch import nn

from watchword.core.errors import SettingsError
from watchword.encoders.fully_connected import Cells, FullyConnected, Whole, filled, fully_connected
from watchword.encoders.named import encoders

FILE = "alexnet-owt-7be5be79.pth"
SMALLEST = 63  # pixels: below, nothing is left to pool


def convolutions(channels: int) -> nn.Sequential:
    """Return the five convolutions, the first of width `channels` (64), with ReLU and three poolings."""
    widths = [channels, channels * 3, channels * 6, channels * 4, channels * 4]
    return nn.Sequential(
        nn.Conv2d(3, widths[0], 11, stride=4, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Conv2d(widths[0], widths[1], 5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Conv2d(widths[1], widths[2], 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(widths[2], widths[3], 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(widths[3], widths[4], 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
    )


@encoders.add("alexnet")
def alexnet(
    *,
    frozen: int | None = None,
    pretrained: bool = True,
    weights: str | Path = "",
    whole: Whole = "fc7",
    cells: Cells = "conv5",
    size: int = 224,
    channels: int = 64,
    hidden: int = 4096,
) -> FullyConnected:
    """Return AlexNet. At 224 pixels: whole (B, 4096) of fc6 or fc7, (B, 1000) of fc8; cells (B, 169, 256) of conv5
    (13 x 13), (B, 36, 256) of pool5 (6 x 6).

    weights: a file of torchvision's parameter names; without it and `pretrained`, that which torchvision keeps.
    size, channels of the first convolution, and width `hidden` of fc6 and fc7 are as published.
    frozen: units of the trunk, 0 to 6: five convolutions and the fully connected layers; None for all.
    """
    if size < SMALLEST:
        raise SettingsError(f"size={size}: AlexNet takes pictures of {SMALLEST} pixels or more")
    first = (size - 7) // 4 + 1
    conv5 = _pooled(_pooled(first))
    pool5 = _pooled(conv5)
    network = FullyConnected(
        convolutions(channels),
        fully_connected(channels * 4 * pool5**2, hidden, dropped_first=True),
        name="alexnet",
        size=size,
        sides=(conv5, pool5),
        whole=whole,
        cells=cells,
        frozen=frozen,
    )
    return filled(network, FILE, weights, pretrained=pretrained)


def _pooled(side: int) -> int:
    """Return the side of a grid after a pooling of 3 with stride 2."""
    return (side - 3) // 2 + 1
