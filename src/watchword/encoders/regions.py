"""Regions as cells: any encoder, seen through fixed boxes. Paper 5, section 3.1.1; equation (1) reads what comes out.

`PooledRegions` looks at the photo once and pools its cells in each box; `CroppedRegions` looks at each box by itself,
as the paper does. `proposed_regions` has both for boxes that differ from photo to photo.
"""

import hashlib
import math
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn

from watchword.core.errors import SettingsError
from watchword.core.types import Features
from watchword.encoders.base import Encoder, packed, unpacked
from watchword.encoders.crops import cropped
from watchword.encoders.named import encoders
from watchword.encoders.options import nested
from watchword.encoders.proposals.base import COUNT
from watchword.encoders.proposals.named import proposals
from watchword.encoders.roi_align import pooling_matrix

Way = Literal["pooled", "cropped"]


class Regions(Encoder):
    """An encoder whose cells are the regions of a photo: (B, count, W'); the whole is that of the encoder inside.

    grid: (1, count), for regions lie in no rows.
    """

    def __init__(self, encoder: Encoder, count: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.size, self.cut, self.name, self.published = encoder.size, encoder.cut, encoder.name, encoder.published
        self.whole_width, self.cells_width = encoder.whole_width, encoder.cells_width
        self.labels, self.grid = encoder.labels, (1, count)

    def frozen_units(self) -> nn.Module:
        """Return the units below the encoder's cut."""
        return self.encoder.frozen_units()

    def trunk(self, pixels: Tensor) -> Tensor:
        """Return what the encoder's frozen part makes of pixels."""
        return self.encoder.trunk(pixels)

    def classify(self, features: Features[Tensor]) -> Tensor:
        """Return probabilities of the encoder's classes, of the whole."""
        return self.encoder.classify(features)


class PooledRegions(Regions):
    """An encoder with a grid of cells, which are pooled in boxes (R, 4) that every photo has (`roi_align`).

    What its trunk sees is that of the encoder alone, and filed under the same key. boxes: buffer (R, 4) float32.
    """

    boxes: Tensor
    matrix: Tensor

    def __init__(self, encoder: Encoder, boxes: np.ndarray) -> None:
        check_grid(encoder)
        super().__init__(encoder, len(boxes))
        self.register_buffer("boxes", torch.tensor(boxes, dtype=torch.float32))
        self.register_buffer("matrix", torch.from_numpy(pooling_matrix(boxes, encoder.grid)))

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return features: cells (B, R, W'), the whole as it was."""
        return self.rearranged(self.encoder.top(seen))

    @property
    def looking(self) -> Encoder:
        """The encoder inside."""
        return self.encoder

    def rearranged(self, features: Features[Tensor]) -> Features[Tensor]:
        """Return the features of the regions from those of the whole grid."""
        return as_regions(features.whole, self.matrix @ features.cells)


class CroppedRegions(Regions):
    """An encoder that looks at each of the boxes (R, 4) by itself, its pixels drawn up to a whole picture.

    Cells (B, R, W) are the wholes of the boxes, and nothing of it learns: the trunk hands on finished features, which
    cost 1 + R passes a photo. boxes: buffer (R, 4) float32.
    """

    boxes: Tensor

    def __init__(self, encoder: Encoder, boxes: np.ndarray) -> None:
        super().__init__(encoder.eval().requires_grad_(False), len(boxes))
        self.register_buffer("boxes", torch.tensor(boxes, dtype=torch.float32))
        self.cells_width = encoder.whole_width
        self.name, self.published = f"{encoder.name}-crops-{fingerprint_of(boxes)}", ""

    def frozen_units(self) -> nn.Module:
        """Return the whole network."""
        return self.encoder

    def trunk(self, pixels: Tensor) -> Tensor:
        """Return packed features (B, W + R W) of pixels (B, size, size, 3) uint8 RGB."""
        crops = cropped(pixels, self.boxes[None])
        # Box by box: all crops of a batch at once would take twenty times the memory that a batch of photos takes.
        cells = [self.encoder(crops[:, place]).whole for place in range(self.grid[1])]
        return packed(as_regions(self.encoder(pixels).whole, torch.stack(cells, 1)))

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return features: whole (B, W), cells (B, R, W)."""
        return unpacked(seen, self.whole_width, self.cells_width)


def check_grid(encoder: Encoder) -> None:
    """Raise `SettingsError` unless an encoder has a grid of cells to pool from."""
    if math.prod(encoder.grid) < 2:
        raise SettingsError(
            f"{encoder.name} has no grid of cells to pool regions from: give it one (vgg16:cells=conv5), or look at "
            "each region by itself: way=cropped"
        )


def as_regions(whole: Tensor, cells: Tensor) -> Features[Tensor]:
    """Return features whose every cell (B, R, W') is real."""
    return Features(whole, cells, torch.ones_like(cells[:, :, 0], dtype=torch.bool))


def fingerprint_of(boxes: np.ndarray) -> str:
    """Return a short hash of boxes."""
    return hashlib.sha256(np.ascontiguousarray(boxes, np.float32).tobytes()).hexdigest()[:12]


@encoders.add("regions")
def regions(
    *,
    frozen: int | None = None,
    of: str = "efficientnet_lite0",
    boxes: str = "grid",
    way: Way = "pooled",
    count: int = COUNT,
) -> Regions:
    """Return the encoder `of`, seen through the proposals `boxes`; options of either are parted by +:
    "regions:of=vgg16:cells=conv5+size=448,boxes=grid:levels=2x2-3x3".

    way: "pooled", one pass a photo; or "cropped", one for each box, of which nothing learns, whatever is `frozen`.
    count: of boxes a photo, where the proposals find boxes of its own; a grid has as many as it has.
    frozen: units of the trunk, as of the encoder; None for what it freezes by itself.
    """
    from watchword.encoders.proposed_regions import ProposedCrops, ProposedRegions

    make = encoders[nested(of)]
    encoder = make() if frozen is None else make(frozen=frozen)
    # Boxes are judged by an encoder of its own, which stays as it is while this one learns.
    found = proposals[nested(boxes)](judge=make, count=count)
    if found.fixed is not None:
        return (PooledRegions if way == "pooled" else CroppedRegions)(encoder, found.fixed)
    return (ProposedRegions if way == "pooled" else ProposedCrops)(encoder, found, count)
