"""Sentences from semantic tuples, in the three forms of paper 2, section 6 and figure 10.

A tuple is features: whole (B, W) the probabilities of the words of all roles, cells (B, R, W) the likeliest tuple,
a row a role. They come from a file (`encoders.from_tuples`), or a `labeller` makes them of clip features.
"""

from typing import Any

from torch import Tensor, nn

from watchword.core.types import Features
from watchword.decoders.base import Decoder, Tensors
from watchword.decoders.cells import walk
from watchword.decoders.dropout import Dropout
from watchword.decoders.lstm import LSTMCell
from watchword.decoders.reading import along, handed_up
from watchword.decoders.stacked import Stacked


class SeesTuples(Stacked):
    """Forms (b) and (c): a stack of LSTMs that is shown the whole tuple at every step.

    maxima: (b), the likeliest tuple, the sum of its one-hot rows; else (c), the probabilities.
    labeller: makes tuples of what it is given, where that is none yet. The others: see `Stacked`.
    """

    def __init__(self, *, maxima: bool, labeller: nn.Module | None = None, **others: Any) -> None:
        super().__init__(**others)
        self.maxima, self.labeller = maxima, labeller

    def start(self, features: Features[Tensor]) -> tuple[Tensors, Tensors]:
        """Return memory and state as `Stacked` does, the tuple in the place of the picture."""
        seen = self.labeller(features) if self.labeller else features
        if self.maxima:
            seen = seen._replace(whole=(seen.cells * seen.mask[..., None]).sum(1))
        return super().start(seen)


class ReadsTuples(Decoder):
    """Form (a): the same stack of LSTMs first reads the likeliest tuple, word by word, and then says the sentence.

    Nothing but its state is left when it begins to speak; that is what (b) and (c) do not have to carry. It reads
    the cells of anything, frames in time order among them, and is then the encoder-decoder of section 2.2.2.2 of
    paper 3: a cell is multiplied into a word vector's width, which of a one-hot row picks a vector.

    vocabulary: V. cells: width of `Features.cells`. width: H, of each LSTM and of the word vectors.
    layers: LSTMs in the stack. dropout: share dropped of what is read and what each LSTM hands up; never between
    steps. labeller: as in `SeesTuples`.
    """

    def __init__(
        self,
        *,
        vocabulary: int,
        cells: int,
        width: int,
        layers: int,
        dropout: float,
        labeller: nn.Module | None = None,
    ) -> None:
        super().__init__()
        self.labeller = labeller
        self.reading = nn.Linear(cells, width)
        self.embedding = nn.Embedding(vocabulary, width)
        self.cells = nn.ModuleList(LSTMCell(width, width) for _ in range(layers))
        self.output = nn.Linear(width, vocabulary)
        self.dropout = Dropout(dropout)
        nn.init.normal_(self.embedding.weight, std=0.5 * width**-0.5)
        for cell in self.lstms()[1:]:
            handed_up(cell.input, width)

    def start(self, features: Features[Tensor]) -> tuple[Tensors, Tensors]:
        """Read the cells; return nothing to remember besides the state h0, c0, h1, … (B, 1, H)."""
        seen = self.labeller(features) if self.labeller else features
        x = self.reading(self.dropout(seen.cells))
        state: Tensors = {}
        for layer, cell in enumerate(self.lstms()):
            said, c = along(cell, cell.read(x), seen.mask)
            state |= {f"h{layer}": said[:, -1:], f"c{layer}": c[:, None]}
            x = self.dropout(said)
        return {}, state

    def step(self, words: Tensor, memory: Tensors, state: Tensors) -> tuple[Tensor, Tensors]:
        """Read words (B, K); return log-probabilities (B, K, V) of the next, and the new state."""
        x, after = self.embedding(words), dict(state)
        for layer, cell in enumerate(self.lstms()):
            x, c = cell.advance(cell.read(x), state[f"h{layer}"], state[f"c{layer}"])
            after |= {f"h{layer}": x, f"c{layer}": c}
        return self.output(x).log_softmax(-1), after

    def forward(self, features: Features[Tensor], words: Tensor) -> Tensor:
        """Return logits (B, K, T, V) of what follows each of words (B, K, T)."""
        _, state = self.start(features)
        x = self.dropout(self.embedding(words))
        for layer, cell in enumerate(self.lstms()):
            x = self.dropout(walk(cell, cell.read(x), (state[f"h{layer}"], state[f"c{layer}"])))
        return self.output(x)

    def lstms(self) -> list[LSTMCell]:
        """Return the LSTMs, the lowest first."""
        return [cell for cell in self.cells if isinstance(cell, LSTMCell)]
