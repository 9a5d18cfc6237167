"""Two LSTMs that read all frames, then speak: S2VT, Venugopalan et al. 2015b (paper 3, section 2.3)."""

import torch
from torch import Tensor, nn

from watchword.core.types import Features
from watchword.decoders.base import Decoder, Tensors
from watchword.decoders.cells import walk
from watchword.decoders.dropout import Dropout
from watchword.decoders.lstm import LSTMCell
from watchword.decoders.reading import along, handed_up


class S2VT(Decoder):
    """The first LSTM watches frames, the second hears what it makes of them, and words (section 2.3.2.1).

    While frames are read the second is given no word, and while words are said the first is given no frame: zeros
    in place of either. Both keep their weights from reading to speaking, and nothing is said, so nothing is lost,
    before the last frame was read. What the first goes through while the second speaks depends on no word: it is
    the same for all sentences of a clip, and is computed once for them in training.

    vocabulary: V. cells: width of a frame's vector. width: H, of both LSTMs. words: width of the word vectors,
    and of the space that frames are brought to (section 2.3.2.2).
    dropout: share dropped of frames, word vectors, what is handed up and outputs in training; never between steps.
    """

    def __init__(self, *, vocabulary: int, cells: int, width: int, words: int, dropout: float) -> None:
        super().__init__()
        self.frame = nn.Linear(cells, words)
        self.embedding = nn.Embedding(vocabulary, words)
        self.watching = LSTMCell(words, width)
        self.telling = LSTMCell(words, width)
        self.heard = nn.Linear(width, 4 * width, bias=False)
        self.output = nn.Linear(width, vocabulary)
        self.dropout = Dropout(dropout)
        nn.init.normal_(self.embedding.weight, std=0.5 * words**-0.5)
        handed_up(self.heard, width)

    def start(self, features: Features[Tensor]) -> tuple[Tensors, Tensors]:
        """Read the frames; return no memory, and the state h, c, told, kept (B, 1, H).

        h, c: of the LSTM that watches. told, kept: h and c of the one that tells.
        """
        frames = self.dropout(self.frame(self.dropout(features.cells)))
        seen, c = along(self.watching, self.watching.read(frames), features.mask)
        without_words = self.heard(self.dropout(seen)) + self.telling.input.bias
        told, kept = along(self.telling, without_words, features.mask)
        return {}, {"h": seen[:, -1:], "c": c[:, None], "told": told[:, -1:], "kept": kept[:, None]}

    def step(self, words: Tensor, memory: Tensors, state: Tensors) -> tuple[Tensor, Tensors]:
        """Read words (B, K); return log-probabilities (B, K, V) of the next, and the new state."""
        h, c = self.watch_nothing(state["h"], state["c"])
        read = self.telling.read(self.embedding(words)) + self.heard(h)
        told, kept = self.telling.advance(read, state["told"], state["kept"])
        return self.output(told).log_softmax(-1), {"h": h, "c": c, "told": told, "kept": kept}

    def watch_nothing(self, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        """Return the next h and c (…, H) of the LSTM that watches, given a frame of zeros."""
        return self.watching.advance(self.watching.input.bias, h, c)

    def forward(self, features: Features[Tensor], words: Tensor) -> Tensor:
        """Return logits (B, K, T, V) of what follows each of words (B, K, T)."""
        _, state = self.start(features)
        h, c, after = state["h"], state["c"], []
        for _ in range(words.shape[2]):
            h, c = self.watch_nothing(h, c)
            after.append(h)
        heard = self.heard(self.dropout(torch.stack(after, 2)))  # (B, 1, T, 4H)
        read = self.telling.read(self.dropout(self.embedding(words))) + heard
        return self.output(self.dropout(walk(self.telling, read, (state["told"], state["kept"]))))
