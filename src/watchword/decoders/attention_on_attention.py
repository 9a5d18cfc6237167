"""Attention whose answer is asked whether it bears on the question: Huang et al. 2019, "Attention on Attention"."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from watchword.core.types import Features
from watchword.decoders.attention import DotAttention, gathered, heads_of
from watchword.decoders.base import Decoder, Tensors
from watchword.decoders.dropout import Dropout
from watchword.decoders.lstm import LSTMCell


class Relevance(nn.Module):
    """The AoA module (section 3.1): information Wi [found; query] + bi times a gate sigmoid(Wg [found; query] + bg).

    So of what attention found as much is passed on as bears on the question.

    width: of both, and of the answer.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.both = nn.Linear(2 * width, 2 * width)

    def forward(self, found: Tensor, query: Tensor) -> Tensor:
        """Return the answer (…, width) to query (…, width), of which attention found (…, width)."""
        return functional.glu(self.both(torch.cat((found, query), -1)), -1)


class Refining(nn.Module):
    """A layer of the refining module (section 3.2.1): the cells look at each other, LayerNorm(A + AoA(A, A, A)).

    width: W, of the cells. heads: of the attention. dropout: share of what is added that is dropped in training.
    """

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.attention = DotAttention(width, width, width, heads)
        self.value = nn.Linear(width, width)
        self.relevance = Relevance(width)
        self.dropout = Dropout(dropout)
        self.norm = nn.LayerNorm(width)

    def forward(self, cells: Tensor, mask: Tensor) -> Tensor:
        """Return cells (B, C, W) of cells (B, C, W) and mask (B, C) bool."""
        weights = self.attention(cells, self.attention.keys(cells), mask)
        found = gathered(weights, heads_of(self.value(cells), self.attention.heads))
        return self.norm(cells + self.dropout(self.relevance(found, cells)))


class AttentionOnAttention(Decoder):
    """An LSTM that asks the cells after each word, and says the next one of what bears on the question alone.

    Section 3.2.2: h, m = LSTM([word, picture + c of the word before], h, m); c = AoA(attention(h, A, A), h); the word
    after is said of c. Otherwise than in the paper, the picture is the encoder's vector of the whole, not the mean of
    A, and has weights of its own, so that it is multiplied once; the LSTM begins from it; and the vector of the word
    just read is added to c before the output layer, which may share its weights.

    vocabulary: V. whole, cells: widths of the features. width: H, of LSTM, word vectors, refined cells and answer.
    heads: of every attention. layers: how many times the cells look at each other first (6 in the paper, 0 for none).
    dropout: share dropped of features, word vectors and answers in training; never between steps.
    tied: the output layer shares the word vectors (Press and Wolf 2017).
    """

    def __init__(
        self,
        *,
        vocabulary: int,
        whole: int,
        cells: int,
        width: int,
        heads: int,
        layers: int,
        dropout: float,
        tied: bool,
    ) -> None:
        super().__init__()
        self.narrow = nn.Linear(cells, width)
        self.refining = nn.ModuleList(Refining(width, heads, dropout) for _ in range(layers))
        self.attention = DotAttention(width, width, width, heads)
        self.value = nn.Linear(width, width)
        self.relevance = Relevance(width)
        self.begin = nn.Linear(whole, 2 * width)
        self.picture = nn.Linear(whole, 4 * width, bias=False)
        self.embedding = nn.Embedding(vocabulary, width)
        self.cell = LSTMCell(width, width, recurrent=2 * width)
        self.output = nn.Linear(width, vocabulary)
        self.dropout = Dropout(dropout)
        nn.init.normal_(self.embedding.weight, std=0.5 * width**-0.5)
        if tied:
            self.output.weight = self.embedding.weight

    def start(self, features: Features[Tensor]) -> tuple[Tensors, Tensors]:
        """Return keys and values of the cells and the picture's part, and h, c, answer (B, 1, H), looked (B, 1, C)."""
        cells = self.narrow(self.dropout(features.cells))
        for layer in self.refining:
            cells = layer(cells, features.mask)
        whole = self.dropout(features.whole)
        memory = {
            "keys": self.attention.keys(cells),
            "values": heads_of(self.value(cells), self.attention.heads),
            "mask": features.mask,
            "picture": self.picture(whole)[:, None],
        }
        h, c = self.begin(whole)[:, None].tanh().chunk(2, -1)
        looked = torch.zeros_like(features.cells[:, None, :, 0])
        return memory, {"h": h, "c": c, "answer": torch.zeros_like(h), "looked": looked}

    def ask(self, h: Tensor, memory: Tensors) -> tuple[Tensor, Tensor]:
        """Return the answer (B, K, H) to the question h (B, K, H), and the weights (B, K, heads, C)."""
        weights = self.attention(h, memory["keys"], memory["mask"])
        return self.relevance(gathered(weights, memory["values"]), h), weights

    def say(self, answer: Tensor, embedded: Tensor) -> Tensor:
        """Return logits (…, V) from the answer and the vector of the word just read, each (…, H)."""
        return self.output(self.dropout(answer + embedded))

    def step(self, words: Tensor, memory: Tensors, state: Tensors) -> tuple[Tensor, Tensors]:
        """Read words (B, K); return log-probabilities (B, K, V) of the next, and the new state."""
        embedded = self.embedding(words)
        read = self.cell.read(embedded) + memory["picture"]
        h, c = self.cell.advance(read, torch.cat((state["h"], state["answer"]), -1), state["c"])
        answer, weights = self.ask(h, memory)
        after = {"h": h, "c": c, "answer": answer, "looked": weights.mean(2)}
        return functional.log_softmax(self.say(answer, embedded), -1), after

    def forward(self, features: Features[Tensor], words: Tensor) -> Tensor:
        """Return logits (B, K, T, V) of what follows each of words (B, K, T)."""
        memory, state = self.start(features)
        embedded = self.dropout(self.embedding(words))
        read = self.cell.read(embedded) + memory["picture"][:, :, None]
        h, c, answer = (state[name].expand(-1, words.shape[1], -1) for name in ("h", "c", "answer"))
        answers = []
        for now in read.unbind(2):  # not read[:, :, t], whose gradient is a full array for each step
            h, c = self.cell.advance(now, torch.cat((h, answer), -1), c)
            answer, _ = self.ask(h, memory)
            answers.append(answer)
        return self.say(torch.stack(answers, 2), embedded)
