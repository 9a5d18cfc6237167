"""VGG-16: Simonyan and Zisserman 2015, table 1, column D: thirteen 3 x 3 convolutions and three fully connected layers.

Paper 5 (section 3.1.1 and the released neuraltalk) reads its fc7; Xu et al. 2015 attend to its conv5, 14 x 14.
Weights: torchvision's `vgg16-397923af.pth`, ImageNet top-1 71.6 %, or its authors' own, which neuraltalk had,
`VGG_ILSVRC_16_layers.caffemodel`; each is loaded as it is.
"""

from pathlib import Path

from torch import nn

from watchword.encoders.fully_connected import Cells, FullyConnected, Whole, filled, fully_connected
from watchword.encoders.named import encoders

FILE = "vgg16-397923af.pth"
SHADES = 123.68, 116.779, 103.939  # the mean that Caffe's file was trained with, red, green, blue, from 0 to 255
STAGES = ((1, 2), (2, 2), (4, 3), (8, 3), (8, 3))  # times the first width, and convolutions before each pooling


def convolutions(channels: int) -> nn.Sequential:
    """Return the thirteen convolutions, the first of width `channels`, with ReLU and five poolings."""
    layers: list[nn.Module] = []
    inputs = 3
    for times, repeats in STAGES:
        for _ in range(repeats):
            layers += [nn.Conv2d(inputs, channels * times, 3, padding=1), nn.ReLU()]
            inputs = channels * times
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers)


@encoders.add("vgg16")
def vgg16(
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
    """Return VGG-16. At 224 pixels: whole (B, 4096) of fc6 or fc7, (B, 1000) of fc8; cells (B, 196, 512) of conv5
    (14 x 14), (B, 49, 512) of pool5 (7 x 7).

    weights: a file of torchvision's parameter names, or Caffe's; without it and `pretrained`, that which torchvision
        keeps.
    size, a multiple of 32, channels of the first convolution, and width `hidden` of fc6 and fc7 are as published.
    frozen: units of the trunk, 0 to 14: thirteen convolutions and the fully connected layers; None for all.
    """
    side = size // 32
    network = FullyConnected(
        convolutions(channels),
        fully_connected(channels * 8 * side**2, hidden, dropped_first=False),
        name="vgg16",
        size=size,
        sides=(side * 2, side),
        whole=whole,
        cells=cells,
        frozen=frozen,
    )
    return filled(network, FILE, weights, pretrained=pretrained, shades=SHADES)
