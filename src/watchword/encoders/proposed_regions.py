"""Regions as cells where boxes differ from photo to photo: a row of what was seen carries its boxes behind it.

Boxes cannot be proposed inside a graph. So `trunk` is for PyTorch; kept features are made by `ProposedTrunk`, which
proposes, has a graph look (`looking`), and joins what it saw and the boxes into rows. `top` reads rows of either.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from watchword.core.errors import SettingsError
from watchword.core.types import Features
from watchword.encoders.base import Encoder, unpacked
from watchword.encoders.crops import cropped
from watchword.encoders.proposals.base import Proposals, padded
from watchword.encoders.regions import Regions, check_grid
from watchword.encoders.roi_align import pooling
from watchword.encoders.whole_only import WholeOnly


class Proposed(Regions):
    """What both ways share. proposals: where the boxes come from; count: of boxes a photo, R.

    A photo with fewer boxes than R has cells of zeros in
    their place, and a mask that says so.
    """

    proposals: Proposals

    @property
    def looking(self) -> Encoder:
        """The encoder whose trunk has to look at `pictures`. No module of its own: its weights are there already."""
        return self.encoder

    def boxes_for(self, pixels: np.ndarray, paths: Sequence[Path | None] | None = None) -> np.ndarray:
        """Return boxes (B, R, 4) float32, zeros where there are fewer, of pixels (B, H, L, 3) uint8 and their paths."""
        named = paths or [None] * len(pixels)  # boxes of a file are of paths alone
        count = self.grid[1]
        found = [self.proposals.propose(picture, path)[0] for picture, path in zip(pixels, named, strict=True)]
        return np.stack([padded(boxes, count) for boxes in found])

    def boxes_in(self, rows: Tensor) -> Tensor:
        """Return the boxes (B, R, 4) that rows carry; zeros where a photo has fewer."""
        return rows[:, -4 * self.grid[1] :].unflatten(1, (-1, 4))

    def pictures(self, pixels: Tensor, boxes: Tensor) -> Tensor:
        """Return what has to be looked at (B P, size, size, 3) uint8: P pictures for each photo, photo by photo."""
        raise NotImplementedError

    def rows(self, seen: Tensor, boxes: Tensor) -> Tensor:
        """Return rows (B, N) of what `looking` saw of the pictures and boxes (B, R, 4)."""
        # Of `len` a graph would keep the number that it was made with, of `shape` it does not.
        return torch.cat((seen.reshape(boxes.shape[0], -1), boxes.flatten(1).to(seen.dtype)), 1)

    def trunk(self, pixels: Tensor) -> Tensor:
        """Return rows (B, N) of pixels (B, size, size, 3) uint8 RGB; `SettingsError` where a graph is made of it."""
        if torch.onnx.is_in_onnx_export():
            raise SettingsError(
                f"{self.name}: boxes that are proposed for each photo are no part of a graph; take boxes=grid, or "
                "export `forward` with its boxes given"
            )
        return self._seen(pixels, torch.from_numpy(self.boxes_for(pixels.numpy())))

    def forward(self, pixels: Tensor, boxes: Tensor | None = None) -> Features[Tensor]:
        """Return the features of pixels (B, size, size, 3), in boxes (B, R, 4) if they are known already."""
        return self.top(self.trunk(pixels) if boxes is None else self._seen(pixels, boxes))

    def _seen(self, pixels: Tensor, boxes: Tensor) -> Tensor:
        return self.rows(self.looking.trunk(self.pictures(pixels, boxes)), boxes)


class ProposedRegions(Proposed):
    """An encoder with a grid of cells, which are pooled in the boxes of each photo (`roi_align`)."""

    def __init__(self, encoder: Encoder, proposals: Proposals, count: int) -> None:
        check_grid(encoder)
        super().__init__(encoder, count)
        self.proposals = proposals
        self.name, self.published = f"{encoder.name}-{proposals.name}-pooled{count}", encoder.published
        with torch.inference_mode():
            self._shape = encoder.trunk(torch.zeros(1, self.size, self.size, 3, dtype=torch.uint8)).shape[1:]

    def pictures(self, pixels: Tensor, boxes: Tensor) -> Tensor:
        """Return the photos themselves: P is 1."""
        return pixels

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return features of rows: cells (B, R, W'), the whole as it was."""
        boxes = self.boxes_in(seen)
        features = self.encoder.top(seen[:, : -4 * self.grid[1]].unflatten(1, self._shape))
        mask = are_real(boxes)
        cells = pooling(boxes.to(features.cells.dtype), self.encoder.grid) @ features.cells
        return Features(features.whole, cells * mask[..., None], mask)


class ProposedCrops(Proposed):
    """An encoder that looks at each box of a photo by itself; nothing of it learns. Cells are the wholes of boxes."""

    def __init__(self, encoder: Encoder, proposals: Proposals, count: int) -> None:
        super().__init__(encoder.eval().requires_grad_(False), count)
        self.proposals, self.cells_width = proposals, encoder.whole_width
        self.name, self.published = f"{encoder.name}-{proposals.name}-crops{count}", ""

    def frozen_units(self) -> nn.Module:
        """Return the whole network."""
        return self.encoder

    @property
    def looking(self) -> Encoder:
        """The encoder up to its whole."""
        return WholeOnly(self.encoder)

    def pictures(self, pixels: Tensor, boxes: Tensor) -> Tensor:
        """Return each photo, and its R boxes behind it: P is 1 + R."""
        return torch.cat((pixels[:, None], cropped(pixels, boxes)), 1).flatten(0, 1)

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return features of rows: whole (B, W), cells (B, R, W)."""
        mask = are_real(self.boxes_in(seen))
        whole, cells, _ = unpacked(seen[:, : -4 * self.grid[1]], self.whole_width, self.cells_width)
        return Features(whole, cells * mask[..., None], mask)


def are_real(boxes: Tensor) -> Tensor:
    """Tell which of boxes (B, R, 4) have an area: (B, R) bool."""
    return (boxes[..., 2] > boxes[..., 0]) & (boxes[..., 3] > boxes[..., 1])
