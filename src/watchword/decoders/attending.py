"""An LSTM that looks at the cells before each word: Xu et al. 2015, "Show, Attend and Tell", soft form."""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from watchword.core.types import Features
from watchword.decoders.attention import AdditiveAttention, DotAttention, gathered, heads_of
from watchword.decoders.base import Decoder, Tensors
from watchword.decoders.dropout import Dropout
from watchword.decoders.lstm import LSTMCell

Look = Callable[[Tensor, Tensors], tuple[Tensor, Tensor]]


class Attending(Decoder):
    """Attention by the past state, a gated context into the LSTM, and a deep output layer.

    In Xu et al.'s numbers: weights (4)-(5), context (13) times the gate beta, LSTM (1)-(3), output (7).

    vocabulary: V. whole, cells: widths of the features. width: H, of LSTM, word vectors and context.
    attention: "additive" (the paper's) or "dot" (cheaper); heads: of the dot form.
    dropout: share dropped of features, word vectors and outputs in training; never between steps.
    tied: the output layer shares the word vectors (Press and Wolf 2017).
    """

    def __init__(
        self,
        *,
        vocabulary: int,
        whole: int,
        cells: int,
        width: int,
        attention: Literal["additive", "dot"],
        heads: int,
        dropout: float,
        tied: bool,
    ) -> None:
        super().__init__()
        self.attention: AdditiveAttention | DotAttention = (
            AdditiveAttention(cells, width, width)
            if attention == "additive"
            else DotAttention(cells, width, width, heads)
        )
        self.heads = 1 if attention == "additive" else heads
        self.value = nn.Linear(cells, width)
        self.begin = nn.Linear(whole, 2 * width)
        self.gate = nn.Linear(width, width)
        self.embedding = nn.Embedding(vocabulary, width)
        self.cell = LSTMCell(width, width, recurrent=2 * width)
        self.deep = nn.Linear(2 * width, width)
        self.output = nn.Linear(width, vocabulary)
        self.dropout = Dropout(dropout)
        nn.init.normal_(self.embedding.weight, std=0.5 * width**-0.5)
        if tied:
            self.output.weight = self.embedding.weight

    def start(self, features: Features[Tensor]) -> tuple[Tensors, Tensors]:
        """Return keys and values of the cells, and the state h, c (B, 1, H), looked (B, 1, C)."""
        cells = self.dropout(features.cells)
        values = heads_of(self.value(cells), self.heads)
        memory = {"keys": self.attention.keys(cells), "values": values, "mask": features.mask}
        h, c = self.begin(self.dropout(features.whole))[:, None].tanh().chunk(2, -1)
        return memory, {"h": h, "c": c, "looked": torch.zeros_like(features.cells[:, None, :, 0])}

    def look(self, h: Tensor, memory: Tensors) -> tuple[Tensor, Tensor]:
        """Return the gated context (B, K, H) that h (B, K, H) asks for, and the weights (B, K, heads, C)."""
        weights = self.attention(h, memory["keys"], memory["mask"])
        return self.gather(weights, h, memory), weights

    def gather(self, weights: Tensor, h: Tensor, memory: Tensors) -> Tensor:
        """Return the cells' values, weighed and gated: the context (B, K, H)."""
        return gathered(weights, memory["values"]) * self.gate(h).sigmoid()

    def say(self, h: Tensor, context: Tensor, embedded: Tensor) -> Tensor:
        """Return logits (…, V) from h, context and the vector of the word just read, each (…, H)."""
        return self.output(self.dropout(torch.tanh(self.deep(torch.cat((h, context), -1)) + embedded)))

    def step(self, words: Tensor, memory: Tensors, state: Tensors) -> tuple[Tensor, Tensors]:
        """Read words (B, K); return log-probabilities (B, K, V) of the next, and the new state."""
        embedded = self.embedding(words)
        context, weights = self.look(state["h"], memory)
        h, c = self.cell.advance(self.cell.read(embedded), torch.cat((state["h"], context), -1), state["c"])
        logits = self.say(h, context, embedded)
        return functional.log_softmax(logits, -1), {"h": h, "c": c, "looked": weights.mean(2)}

    def forward(self, features: Features[Tensor], words: Tensor) -> Tensor:
        """Return logits (B, K, T, V) of what follows each of words (B, K, T)."""
        return self.follow(features, words, self.look)

    def follow(self, features: Features[Tensor], words: Tensor, look: Look) -> Tensor:
        """Do what `forward` does, each step's context chosen by `look`."""
        memory, state = self.start(features)
        embedded = self.dropout(self.embedding(words))
        read = self.cell.read(embedded)
        h, c = (state[name].expand(-1, words.shape[1], -1) for name in ("h", "c"))
        states, contexts = [], []
        for now in read.unbind(2):  # not read[:, :, t], whose gradient is a full array for each step
            context, _ = look(h, memory)
            h, c = self.cell.advance(now, torch.cat((h, context), -1), c)
            states.append(h)
            contexts.append(context)
        return self.say(torch.stack(states, 2), torch.stack(contexts, 2), embedded)
