"""Which recurrent cell, and how it walks along whole sentences."""

from typing import Literal

import torch
from torch import Tensor

from watchword.decoders.lstm import LSTMCell
from watchword.decoders.rnn import RNNCell

Kind = Literal["lstm", "tanh", "relu"]
Cell = LSTMCell | RNNCell


def cell_for(kind: Kind, inputs: int, width: int, *, rectified: bool = False) -> Cell:
    """Return the cell of that kind: an LSTM, or an RNN by its activation (see `RNNCell` for `rectified`)."""
    return LSTMCell(inputs, width) if kind == "lstm" else RNNCell(inputs, width, activation=kind, rectified=rectified)


def at_rest(cell: Cell, like: Tensor) -> tuple[Tensor, ...]:
    """Return what moves in the cell, all zero: h, or h and c (B, 1, H), for as many photos as `like` (B, …) has."""
    zero = torch.zeros_like(like.flatten(1)[:, None, :1]).expand(-1, -1, cell.width)
    return tuple(zero for _ in cell.moves)


def walk(cell: Cell, read: Tensor, state: tuple[Tensor, ...], *, first: Tensor | None = None) -> Tensor:
    """Return every h (B, K, T, H) of the cell along sentences that it has `read` (B, K, T, …).

    state: where it begins, each (B, 1, H) or (B, K, H). first: added to what is read at the first step (B, 1, …).
    """
    state = tuple(part.expand(-1, read.shape[1], -1) for part in state)
    said = []
    for t, now in enumerate(read.unbind(2)):  # not read[:, :, t], whose gradient is a full array for each step
        state = cell.advance(now if t or first is None else now + first, *state)
        said.append(state[0])
    return torch.stack(said, 2)
