"""Regions cut out of the pixels, each drawn up to the size that a network takes."""

import torch
from torch import Tensor

from watchword.encoders.roi_align import between


def cropped(pixels: Tensor, boxes: Tensor) -> Tensor:
    """Return the pixels of boxes (B, R, 4) of B pictures (B, H, L, 3) uint8, each squashed to their height and length:
    (B, R, H, L, 3) uint8. Boxes (1, R, 4) are those of every picture.

    Shades between pixels are read as `roi_align` reads features (bilinear): a box is never larger than its picture,
    so nothing is drawn smaller. In plain products, so that it is part of a graph.
    """
    height, length = pixels.shape[1:3]
    x0, y0, x1, y1 = boxes.unbind(-1)
    down, across = between(y0, y1, height, height), between(x0, x1, length, length)
    shades = pixels.permute(0, 3, 1, 2).to(boxes.dtype)[:, None]  # (B, 1, 3, H, L)
    drawn = down[:, :, None] @ shades @ across[:, :, None].transpose(-1, -2)
    return drawn.round().clamp(0, 255).to(torch.uint8).permute(0, 1, 3, 4, 2)
