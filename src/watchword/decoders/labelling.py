"""An LSTM that says at every step which class it sees: paper 2 (LRCN), section 4."""

from typing import Literal

import torch
from torch import Tensor, nn

from watchword.core.types import Features
from watchword.decoders.cells import at_rest, walk
from watchword.decoders.dropout import Dropout
from watchword.decoders.lstm import LSTMCell

Kind = Literal["lstm", "none"]


class StepClassifier(nn.Module):
    """Cells in time order (B, T, W), each real, into what is said of the classes after each of them.

    More cells than `length` are gone along in stretches of so many, a new one beginning every `stride` cells, the
    last one with the last cell; the LSTM forgets between them, as the paper has it at test time.

    features: W. classes: N. cell: "lstm", or "none", the paper's baseline that tells every frame by itself.
    width: H, of the LSTM. dropout: share dropped of what is seen of a frame. dropout_after: of what the LSTM says.
    """

    def __init__(
        self,
        *,
        features: int,
        classes: int,
        cell: Kind = "lstm",
        width: int = 256,
        length: int = 16,
        stride: int = 8,
        dropout: float = 0.9,
        dropout_after: float = 0.5,
    ) -> None:
        super().__init__()
        self.length, self.stride = length, stride
        self.cell = LSTMCell(features, width) if cell == "lstm" else None
        self.output = nn.Linear(width if cell == "lstm" else features, classes)
        self.dropout, self.dropout_after = Dropout(dropout), Dropout(dropout_after)

    def forward(self, features: Features[Tensor]) -> Tensor:
        """Return logits (B, S, N) at each of the S steps of all stretches."""
        seen = self.dropout(features.cells)
        if self.cell is None:
            return self.output(seen)
        read = self.cell.read(seen)
        stretches = torch.stack([read[:, first : first + self.length] for first in self.starts(read.shape[1])], 1)
        said = walk(self.cell, stretches, at_rest(self.cell, seen))  # (B, K, L, H)
        return self.output(self.dropout_after(said.flatten(1, 2)))

    def probabilities(self, features: Features[Tensor]) -> Tensor:
        """Return the probabilities (B, N) of the classes: the mean over all steps of all stretches."""
        return self(features).float().softmax(-1).mean(1)

    def starts(self, cells: int) -> list[int]:
        """Return where the stretches begin, among so many cells."""
        last = max(cells - self.length, 0)
        return [*range(0, last, self.stride), last]
