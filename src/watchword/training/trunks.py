"""The frozen trunk of an encoder run by ONNX Runtime, several times faster than by PyTorch on a CPU."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

from watchword.training.graphs import write


class TrunkGraph(nn.Module):
    """pixels -> seen."""

    def __init__(self, encoder: Any) -> None:
        """Wrap an encoder."""
        super().__init__()
        self.encoder = encoder

    def forward(self, pixels: Tensor) -> Tensor:
        """Return what the trunk saw of pixels (B, H, W, 3) uint8."""
        return self.encoder.trunk(pixels)


class Trunk:
    """A function from pixels to what the trunk sees.

    shape: of one photo's row, without the axis B.
    """

    def __init__(self, encoder: Any) -> None:
        """Turn the trunk of `encoder` into a graph and open it; of an encoder that does not look there is none."""
        self.size, self.session, self._encoder = encoder.size, None, encoder
        if not encoder.looks:
            self.shape: tuple[int, ...] = encoder.row
            return
        pixels = torch.zeros(2, encoder.size, encoder.size, 3, dtype=torch.uint8)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "trunk.onnx"
            write(TrunkGraph(encoder), (pixels,), path, ["pixels"], ["seen"], half=False)
            self.session = onnxruntime.InferenceSession(str(path))
        self.shape = self(pixels.numpy()[:1]).shape[1:]

    def __call__(self, pixels: np.ndarray) -> np.ndarray:
        """Return (B, …) float32 of pixels (B, H, W, 3) uint8; `DataError` from an encoder that does not look."""
        if self.session is None:
            return self._encoder.trunk(pixels)
        return self.session.run(None, {"pixels": pixels})[0]
