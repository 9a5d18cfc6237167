"""Features of clips that others computed, a file for each clip: see `data.clip_features`."""

from pathlib import Path
from typing import Annotated

import numpy as np
import torch
from torch import Tensor, nn

from watchword.core.errors import DataError
from watchword.core.settings import Count, Range
from watchword.core.types import Features
from watchword.data.clip_features import read_clip_features
from watchword.encoders.base import Encoder
from watchword.encoders.frames import MOST
from watchword.encoders.named import encoders


class ClipFeatures(Encoder):
    """Vectors of frames from files. Nothing of it learns and it sees no picture.

    grid: (1, T), for frames lie in no rows. width: of a vector.
    """

    size, cut, looks = 1, 0, False

    def __init__(self, *, count: int, width: int) -> None:
        super().__init__()
        self.name = f"clip_features-{count}-{width}"
        self.grid, self.whole_width, self.cells_width = (1, count), width, width
        self.row = (count, width)

    def read(self, path: Path) -> np.ndarray:
        """Return the row (T, W) float32 of a file. Raises `ClipError`."""
        return read_clip_features(path, *self.row)

    def frozen_units(self) -> nn.Module:
        """Return nothing: there is no network."""
        return nn.Sequential()

    def trunk(self, pixels: Tensor) -> Tensor:
        """Raise `DataError`: there is no network that could look."""
        raise DataError(
            f"{self.name}: these features come from files, and no network is here that could compute them of other "
            "clips; evaluate the checkpoint on clips whose features are there, or train on an encoder that looks"
        )

    def top(self, seen: Tensor) -> Features[Tensor]:
        """Return features: cells (B, T, W) of rows (B, T, W), whole (B, W) their mean."""
        return Features(seen.mean(1), seen, torch.ones_like(seen[:, :, 0], dtype=torch.bool))


@encoders.add("clip_features")
def clip_features(*, frozen: int = 0, count: Annotated[int, Range(1, MOST)] = 80, width: Count = 4096) -> ClipFeatures:
    """Return features of `count` frames a clip, each `width` wide, from the .npy files that a data set's paths name.

    Of a file with more frames as many are taken, evenly; of one with fewer some are taken twice. `frozen` says nothing
    here, for nothing can learn.
    """
    return ClipFeatures(count=count, width=width)
