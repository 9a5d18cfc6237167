"""CaffeNet: Caffe's AlexNet (Krizhevsky et al. 2012): groups, local response normalisation, pictures of 227 pixels.

LRCN (paper 2) reads its fc6, fc7 or fc8.
Weights: Caffe's `bvlc_reference_caffenet.caffemodel`, ImageNet top-1 57.4 %, loaded as it is.
"""

from pathlib import Path
from typing import Literal

from torch import nn

from watchword.core.errors import SettingsError
from watchword.encoders.fully_connected import Cells, FullyConnected, Whole, filled, fully_connected
from watchword.encoders.named import encoders

FILES = {"pool": "bvlc_reference_caffenet.caffemodel", "norm": "bvlc_alexnet.caffemodel"}
URL = "http://dl.caffe.berkeleyvision.org"
SHADES = 122.679, 116.669, 104.007  # the mean of Caffe's ImageNet, red, green and blue, from 0 to 255
SMALLEST = 55  # pixels: below, nothing is left to pool

First = Literal["pool", "norm"]


def convolutions(channels: int, first: First) -> nn.Sequential:
    """Return the five convolutions, the first of width `channels` (96), three of them in two groups.

    first: what comes first behind the first two, pooling (CaffeNet) or normalisation (AlexNet).
    """
    widths = [channels, channels * 8 // 3, channels * 4, channels * 4, channels * 8 // 3]

    def behind() -> list[nn.Module]:
        both = [nn.MaxPool2d(3, 2, ceil_mode=True), nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=1.0)]
        return [nn.ReLU(), *(both if first == "pool" else both[::-1])]

    return nn.Sequential(
        nn.Conv2d(3, widths[0], 11, stride=4),
        *behind(),
        nn.Conv2d(widths[0], widths[1], 5, padding=2, groups=2),
        *behind(),
        nn.Conv2d(widths[1], widths[2], 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(widths[2], widths[3], 3, padding=1, groups=2),
        nn.ReLU(),
        nn.Conv2d(widths[3], widths[4], 3, padding=1, groups=2),
        nn.ReLU(),
        nn.MaxPool2d(3, 2, ceil_mode=True),
    )


@encoders.add("caffenet")
def caffenet(
    *,
    frozen: int | None = None,
    pretrained: bool = True,
    weights: str | Path = "",
    whole: Whole = "fc7",
    cells: Cells = "conv5",
    size: int = 227,
    channels: int = 96,
    hidden: int = 4096,
    first: First = "pool",
) -> FullyConnected:
    """Return CaffeNet. At 227 pixels: whole (B, 4096) of fc6 or fc7, (B, 1000) of fc8; cells (B, 169, 256) of conv5
    (13 x 13), (B, 36, 256) of pool5 (6 x 6).

    weights: Caffe's file, or one of this network's parameters; without it and `pretrained`, that of Caffe's model
        zoo where torchvision keeps its own.
    size, channels of the first convolution (a multiple of 6), and width `hidden` of fc6 and fc7 are as published.
    first: "norm" for Caffe's `bvlc_alexnet.caffemodel`, which normalises before it pools.
    frozen: units of the trunk, 0 to 6: five convolutions and the fully connected layers; None for all.
    """
    if size < SMALLEST:
        raise SettingsError(f"size={size}: CaffeNet takes pictures of {SMALLEST} pixels or more")
    if channels < 6 or channels % 6:
        raise SettingsError(f"channels={channels}: a multiple of 6, so that widths of 8/3 of it have two groups")
    conv5 = _pooled(_pooled((size - 11) // 4 + 1))
    pool5 = _pooled(conv5)
    network = FullyConnected(
        convolutions(channels, first),
        fully_connected(channels * 8 // 3 * pool5**2, hidden, dropped_first=False),
        name="caffenet" if first == "pool" else "caffenet_norm",
        size=size,
        sides=(conv5, pool5),
        whole=whole,
        cells=cells,
        frozen=frozen,
    )
    return filled(network, FILES[first], weights, pretrained=pretrained, url=URL, shades=SHADES)


def _pooled(side: int) -> int:
    """Return the side of a grid after a pooling of 3 with stride 2, which at the edges Caffe begins anew."""
    return -(-(side - 3) // 2) + 1
