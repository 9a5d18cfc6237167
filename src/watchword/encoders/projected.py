"""Any encoder with its whole projected onto the principal axes of a data set: paper 1, section 3.1 (4,096 to 512)."""

import torch
from torch import Tensor, nn

from watchword.core.errors import DataError
from watchword.core.types import Features
from watchword.data.pca import PCA
from watchword.encoders.base import Encoder


class Projected(Encoder):
    """An encoder, and behind it the axes, which never learn.

    What its trunk sees, or what is read from files in its place, is that of the encoder alone, so kept features serve
    projections of any kind; the projection is part of the top. Cells stay as they are. whole: (B, axes). It names no
    classes, which the encoder tells by what the axes leave out, too.
    """

    mean: Tensor
    axes: Tensor

    def __init__(self, encoder: Encoder, pca: PCA) -> None:
        super().__init__()
        if pca.axes.shape[1] != encoder.whole_width:
            raise DataError(
                f"the axes are of features {pca.axes.shape[1]} wide, {encoder.name} gives {encoder.whole_width}: "
                "fit axes of this encoder"
            )
        self.encoder = encoder
        self.register_buffer("mean", torch.from_numpy(pca.mean).float())
        self.register_buffer("axes", torch.from_numpy(pca.axes).float())
        self.size, self.grid, self.cells_width = encoder.size, encoder.grid, encoder.cells_width
        self.whole_width, self.cut, self.name = len(pca.axes), encoder.cut, encoder.name
        self.published, self.looks, self.row = encoder.published, encoder.looks, encoder.row

    @property
    def looking(self) -> Encoder:
        """The encoder that sees pixels: this one; where features come from files, what reads them."""
        return self if self.looks else self.encoder.looking

    def frozen_units(self) -> nn.Module:
        """Return the units below the encoder's cut."""
        return self.encoder.frozen_units()

    def trunk(self, pixels: Tensor) -> Tensor:
        """Return what the encoder's frozen part makes of pixels."""
        return self.encoder.trunk(pixels)

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return the encoder's features, the whole on the axes: (B, K)."""
        features = self.encoder.top(seen)
        return features._replace(whole=(features.whole - self.mean) @ self.axes.T)
