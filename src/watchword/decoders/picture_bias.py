"""A recurrent network that hears of the picture once, as a bias of its first step: papers 1 and 5."""

import torch
from torch import Tensor, nn

from watchword.core.types import Features
from watchword.decoders.base import Decoder, Tensors
from watchword.decoders.cells import Kind, at_rest, cell_for, walk
from watchword.decoders.dropout import Dropout


class PictureBias(Decoder):
    """Paper 1, equations (10)-(12), and paper 5, equations (13)-(15): bv = Whi picture joins the first activation.

    Of an LSTM that is the vector `a` of all its gates. The state counts: "first" is 1 before the first word, then 0.

    vocabulary: V. features: width of `Features.whole`. words: width of the word vectors. width: H.
    cell: "lstm", or an RNN with "tanh" or "relu"; rectified: see `RNNCell`.
    dropout: share dropped of the picture, word vectors and outputs in training; never between steps.
    """

    def __init__(
        self,
        *,
        vocabulary: int,
        features: int,
        words: int,
        width: int,
        cell: Kind,
        dropout: float,
        rectified: bool = False,
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, words)
        self.cell = cell_for(cell, words, width, rectified=rectified)
        self.picture = nn.Linear(features, self.cell.input.out_features, bias=False)
        self.output = nn.Linear(width, vocabulary)
        self.dropout = Dropout(dropout)
        nn.init.normal_(self.embedding.weight, std=0.5 * words**-0.5)

    def start(self, features: Features[Tensor]) -> tuple[Tensors, Tensors]:
        """Return the memory, bv (B, 1, H) or (B, 1, 4H), and the state: h, c (B, 1, H) zero, first (B, 1, 1) one."""
        bias = self.picture(self.dropout(features.whole))[:, None]
        moving = dict(zip(self.cell.moves, at_rest(self.cell, features.whole), strict=True))
        return {"bias": bias}, {"first": torch.ones_like(features.whole[:, None, :1]), **moving}

    def step(self, words: Tensor, memory: Tensors, state: Tensors) -> tuple[Tensor, Tensors]:
        """Read words (B, K); return log-probabilities (B, K, V) of the next, and the new state."""
        read = self.cell.read(self.embedding(words)) + state["first"] * memory["bias"]
        moved = self.cell.advance(read, *(state[name] for name in self.cell.moves))
        after = dict(zip(self.cell.moves, moved, strict=True))
        return self.output(moved[0]).log_softmax(-1), {"first": torch.zeros_like(state["first"]), **after}

    def forward(self, features: Features[Tensor], words: Tensor) -> Tensor:
        """Return logits (B, K, T, V) of what follows each of words (B, K, T)."""
        memory, state = self.start(features)
        read = self.cell.read(self.dropout(self.embedding(words)))
        said = walk(self.cell, read, tuple(state[name] for name in self.cell.moves), first=memory["bias"])
        return self.output(self.dropout(said))
