"""ImageNet: the names of its classes, and the shades that networks trained on it expect."""

from importlib import resources

import torch
from torch import Tensor

CLASSES = 1000
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of red, green and blue, from 0 to 1


def imagenet_labels() -> tuple[str, ...]:
    """Return the names of ImageNet's 1,000 classes, in the order in which published classifiers have them."""
    text = resources.files(__package__).joinpath("imagenet_labels.txt").read_text(encoding="utf-8")
    return tuple(text.splitlines())


def normalised(pixels: Tensor, mean: tuple[float, ...] = MEAN, deviation: tuple[float, ...] = DEVIATION) -> Tensor:
    """Return pixels (B, H, L, 3) uint8 RGB as maps (B, 3, H, L) float32, less the mean, in deviations."""
    shift, scale = (torch.tensor(each).view(3, 1, 1) * 255 for each in (mean, deviation))
    return (pixels.permute(0, 3, 1, 2).float() - shift) / scale
