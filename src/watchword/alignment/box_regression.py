"""Boxes drawn closer to what words name than any of the fixed regions is.

R-CNN's bounding-box regression (Girshick et al. 2014, appendix C), for words instead of classes: where the regions
that fit them lie says roughly where a thing is; what it is, and how those regions look, how large it should be.
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

_SHARP = 0.25  # of a deviation: by how little better a region counts e times as much
_SCALE = 4.0  # of unit vectors, whose numbers are small beside those of similarities
_SHIFT, _STRETCH, _MOST = 0.3, 0.5, 3.0  # of the picture; of the logarithm of a side; and what it is cut at
_LITTLE = 1e-6


class BoxRegression(nn.Module):
    """Similarities, words and regions -> a box. Shapes: N runs of words, R regions, D width of their vectors.

    boxes: buffer (R, 4) float32, of the regions, (x0, y0, x1, y1) as shares of width and height.
    """

    boxes: Tensor

    def __init__(self, boxes: np.ndarray, width: int, hidden: int = 64, dropout: float = 0.3) -> None:
        super().__init__()
        self.register_buffer("boxes", torch.tensor(boxes, dtype=torch.float32))
        self.inner = nn.Linear(2 * len(boxes) + 2 * width, hidden)
        self.outer = nn.Linear(hidden, 4)
        self.dropout = nn.Dropout(dropout)
        nn.init.zeros_(self.outer.weight)
        nn.init.zeros_(self.outer.bias)

    def forward(self, similarities: Tensor, words: Tensor, regions: Tensor) -> Tensor:
        """Return boxes (N, 4) of runs of words, inside the picture and with something of it.

        similarities: (N, R), summed over the words of a run; only how they stand to each other counts. words: (N, D),
        their summed vectors. regions: (N, R, D).
        """
        middle = similarities.mean(1, keepdim=True)
        spread = (similarities - middle).square().mean(1, keepdim=True).sqrt()
        fits = (similarities - middle) / (spread + _LITTLE)
        near = (fits / _SHARP).softmax(1)
        seen = _SCALE * functional.normalize((near[:, None] @ regions)[:, 0], dim=1)
        read = _SCALE * functional.normalize(words, dim=1)
        known = torch.cat([fits, (fits.softmax(1) + _LITTLE).log(), read, seen], 1)
        moved = self.outer(self.dropout(self.inner(known).relu()))
        first = near @ self.boxes
        centre = (first[:, :2] + first[:, 2:]) / 2 + _SHIFT * moved[:, :2]
        side = (first[:, 2:] - first[:, :2]) * (_STRETCH * moved[:, 2:].clamp(-_MOST, _MOST)).exp()
        centre = centre.clamp(0, 1)
        return torch.cat([centre - side / 2, centre + side / 2], 1).clamp(0, 1)
