"""An LSTM whose first word is the picture: Vinyals et al. 2015, the base of paper 4."""

import torch
from torch import Tensor, nn

from watchword.core.types import Features
from watchword.decoders.base import Decoder, Tensors
from watchword.decoders.dropout import Dropout
from watchword.decoders.lstm import LSTMCell


class PictureFirst(Decoder):
    """Reads the projected picture, then the words (paper 1, equations (3)-(9) and (12)).

    vocabulary: V. features: width of `Features.whole`. width: H, of the LSTM and of the word vectors.
    dropout: share dropped of the picture, word vectors and outputs in training; never between steps.
    """

    def __init__(self, *, vocabulary: int, features: int, width: int, dropout: float) -> None:
        super().__init__()
        self.picture = nn.Linear(features, width)
        self.embedding = nn.Embedding(vocabulary, width)
        self.cell = LSTMCell(width, width)
        self.output = nn.Linear(width, vocabulary)
        self.dropout = Dropout(dropout)
        nn.init.normal_(self.embedding.weight, std=0.5 * width**-0.5)

    def start(self, features: Features[Tensor]) -> tuple[Tensors, Tensors]:
        """Return no memory, and the state h, c (B, 1, H) after the picture was read."""
        x = self.dropout(self.picture(features.whole))[:, None]
        zero = torch.zeros_like(x)
        h, c = self.cell(x, zero, zero)
        return {}, {"h": h, "c": c}

    def step(self, words: Tensor, memory: Tensors, state: Tensors) -> tuple[Tensor, Tensors]:
        """Read words (B, K); return log-probabilities (B, K, V) of the next, and state h, c (B, K, H)."""
        h, c = self.cell(self.embedding(words), state["h"], state["c"])
        return self.output(h).log_softmax(-1), {"h": h, "c": c}

    def forward(self, features: Features[Tensor], words: Tensor) -> Tensor:
        """Return logits (B, K, T, V) of what follows each of words (B, K, T)."""
        _, state = self.start(features)
        read = self.cell.read(self.dropout(self.embedding(words)))
        h, c = (state[name].expand(-1, words.shape[1], -1) for name in ("h", "c"))
        said = []
        for now in read.unbind(2):  # not read[:, :, t], whose gradient is a full array for each step
            h, c = self.cell.advance(now, h, c)
            said.append(h)
        return self.output(self.dropout(torch.stack(said, 2)))
