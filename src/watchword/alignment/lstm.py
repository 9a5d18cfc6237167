"""A reader from the left alone: an LSTM, whose last state stands for the sentence (Kiros et al. 2014)."""

import torch
from torch import Tensor, nn

from watchword.alignment.reader import Reader


class LSTMWords(Reader):
    """An LSTM and a linear layer.

    hidden: H. width: D, of the vectors. dropout: of word vectors and states.
    vocabulary, word_width: as `Reader`.
    """

    def make(self, word_width: int, hidden: int, width: int) -> None:
        """Make the layers."""
        self.ahead = nn.LSTM(word_width, hidden, batch_first=True)
        self.leave = nn.Linear(hidden, width)

    def states(self, words: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the states (S, T, H); from the right nothing is read."""
        ahead = self.ahead(self.dropout(self.embedding(words)))[0]
        return ahead, torch.zeros_like(ahead)

    def project(self, ahead: Tensor, back: Tensor) -> Tensor:
        """Return vectors (…, D) of the states."""
        return self.leave(self.dropout(ahead))
