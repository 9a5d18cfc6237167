"""What AlexNet, CaffeNet and VGG share: torchvision's parameter names, and the layers that features are read from."""

from pathlib import Path
from typing import Literal

from torch import nn

from watchword.core.errors import DataError
from watchword.encoders.caffemodel import in_our_shades
from watchword.encoders.imagenet import CLASSES, imagenet_labels
from watchword.encoders.layered import Layered
from watchword.encoders.weights import PYTORCH, downloaded, load_published, read_weights

Whole = Literal["fc6", "fc7", "fc8"]
Cells = Literal["conv5", "pool5", "whole"]


class FullyConnected(Layered):
    """Convolutions in `features`, the last layer of which is "pool5", and fc6, fc7 and fc8 in `classifier`.

    name: of the network. size: height and width of the pictures, in pixels. sides: of the grids of conv5
        and pool5.
    whole: "fc6" or "fc7" after ReLU, as Caffe hands them on, or "fc8", class scores before softmax.
    cells: "conv5" (after ReLU, before the last pooling), "pool5", or "whole" for that as the only cell.
    frozen: units of the trunk: convolutions, and the fully connected layers as one more; None for all.

    Dropout stands in `classifier` because its layers count in the parameter names; nothing is dropped out.
    """

    def __init__(
        self,
        features: nn.Sequential,
        classifier: nn.Sequential,
        *,
        name: str,
        size: int,
        sides: tuple[int, int],
        whole: Whole,
        cells: Cells,
        frozen: int | None,
    ) -> None:
        super().__init__()
        self.features, self.classifier = features, classifier
        last = [layer for layer in classifier if isinstance(layer, nn.Linear)][("fc6", "fc7", "fc8").index(whole)]
        self._tap = len(features) - (cells == "conv5")
        self._read = list(classifier).index(last) + (1 if whole == "fc8" else 2)
        self.size, self.places, self.whole_width = size, cells != "whole", last.out_features
        convolutions = [layer for layer in features if isinstance(layer, nn.Conv2d)]
        side = {"conv5": sides[0], "pool5": sides[1], "whole": 1}[cells]
        self.grid = side, side
        self.cells_width = convolutions[-1].out_channels if self.places else self.whole_width
        frozen = len(convolutions) + 1 if frozen is None else frozen
        self.name, self.labels = f"{name}-{size}-{cells}-{whole}-{frozen}", imagenet_labels()
        self.freeze(frozen)
        self.parts()[2].requires_grad_(False)

    def parts(self) -> tuple[nn.Sequential, nn.Sequential, nn.Sequential]:
        """Return the layers up to the cells, from there to the whole, and from there to the scores of classes."""
        features, classifier = list(self.features), list(self.classifier)
        upper = nn.Sequential(*features[self._tap :], nn.Flatten(), *classifier[: self._read])
        return nn.Sequential(*features[: self._tap]), upper, nn.Sequential(*classifier[self._read :])


def fully_connected(inputs: int, hidden: int, *, dropped_first: bool) -> nn.Sequential:
    """Return fc6, fc7 and fc8: layers from `inputs` to `hidden`, to `hidden`, to ImageNet's classes.

    dropped_first: whether dropout comes before a layer (AlexNet) or behind its ReLU (VGG), as torchvision numbers it.
    """
    six, seven, eight = nn.Linear(inputs, hidden), nn.Linear(hidden, hidden), nn.Linear(hidden, CLASSES)
    if dropped_first:
        return nn.Sequential(nn.Dropout(), six, nn.ReLU(), nn.Dropout(), seven, nn.ReLU(), eight)
    return nn.Sequential(six, nn.ReLU(), nn.Dropout(), seven, nn.ReLU(), nn.Dropout(), eight)


def filled(
    network: FullyConnected,
    file: str,
    weights: str | Path,
    *,
    pretrained: bool,
    url: str = PYTORCH,
    shades: tuple[float, float, float] | None = None,
) -> FullyConnected:
    """Return a network ready for use: with the `weights` of a file, or the published `file`, or as it is.

    url: where the published file is to be had. shades: red, green and blue, from 0 to 255, of the mean picture that
        Caffe's files of this network were trained with; None where there are none.
    """
    if weights or pretrained:
        source = Path(weights) if weights else downloaded(file, network.name.partition("-")[0], url)
        found = read_weights(source)
        if source.suffix == ".caffemodel":
            if not shades:
                raise DataError(f"{source} is a file of Caffe's, for caffenet or vgg16: give encoder= one of these")
            found = in_our_shades(found, network, shades)
        load_published(network, found, source)
    return network.eval()
