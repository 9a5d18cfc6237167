"""LSTMs that read the frames of a clip in time order, before a word is said: papers 2 and 3."""

import torch
from torch import Tensor, nn

from watchword.decoders.dropout import Dropout
from watchword.decoders.lstm import LSTMCell


def along(cell: LSTMCell, read: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Return every h (B, T, H), and the last c (B, H), of an LSTM along frames that it has `read` (B, T, 4H).

    It begins at rest. mask: (B, T) bool; at a frame that is not real, h and c stay as they were.
    """
    h = c = torch.zeros_like(read[:, 0, : cell.width])
    seen = []
    for now, real in zip(read.unbind(1), mask[..., None].unbind(1), strict=True):
        next_h, next_c = cell.advance(now, h, c)
        h, c = torch.where(real, next_h, h), torch.where(real, next_c, c)
        seen.append(h)
    return torch.stack(seen, 1), c


def handed_up(layer: nn.Linear, width: int) -> None:
    """Start the weights of a layer that reads an LSTM's h of `width`.

    What an LSTM hands up lies near 0 at first; from torch's own start a stack learns several times as slowly.
    """
    nn.init.uniform_(layer.weight, -3 * width**-0.5, 3 * width**-0.5)


class FrameReader(nn.Module):
    """A stack of LSTMs along the frames (paper 3, sections 1.1 and 3.3; its survey's encoder, section 2.4.2.2).

    cells: width of a frame's vector. width: H, of each LSTM. layers: how many.
    dropout: share dropped of frames and of what each LSTM hands up in training; never between steps.
    """

    def __init__(self, cells: int, width: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.layers = nn.ModuleList(LSTMCell(width if layer else cells, width) for layer in range(layers))
        self.dropout = Dropout(dropout)
        for cell in self.lstms()[1:]:
            handed_up(cell.input, width)

    def forward(self, cells: Tensor, mask: Tensor) -> Tensor:
        """Return every h (B, T, H) of the highest LSTM along cells (B, T, W'), of which mask (B, T) are real.

        The last of them is that after the last real frame.
        """
        seen = cells
        for cell in self.lstms():
            seen, _ = along(cell, cell.read(self.dropout(seen)), mask)
        return seen

    def lstms(self) -> list[LSTMCell]:
        """Return the LSTMs, the lowest first."""
        return [cell for cell in self.layers if isinstance(cell, LSTMCell)]
