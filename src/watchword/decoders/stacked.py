"""A stack of LSTMs, one of which sees the picture at every step: paper 2 (LRCN), section 5 and figure 6."""

from torch import Tensor, nn

from watchword.core.errors import SettingsError
from watchword.core.types import Features
from watchword.decoders.base import Decoder, Tensors
from watchword.decoders.cells import at_rest, walk
from watchword.decoders.dropout import Dropout
from watchword.decoders.lstm import LSTMCell


class Stacked(Decoder):
    """LSTMs over one another: words into the lowest, and out of the highest the next word.

    Factored, the lowest is left to language alone and the second joins what it says with the picture;
    unfactored, the lowest reads picture and word together. The picture's part of an activation is the
    same at each step, so it is multiplied once for a photo; in teacher forcing each LSTM goes along the
    whole sentence before the one above it begins, which makes one product of all that it reads.

    vocabulary: V. features: width of `Features.whole`. width: H, of each LSTM and of the word vectors.
    layers: how many LSTMs; factored: see above, takes two at least (`SettingsError`).
    dropout: share dropped of the picture, word vectors and what each LSTM hands up; never between steps.
    """

    def __init__(
        self, *, vocabulary: int, features: int, width: int, layers: int, factored: bool, dropout: float
    ) -> None:
        super().__init__()
        if factored and layers < 2:
            raise SettingsError(
                f"layers={layers}: a factored stack has one LSTM for words alone and one for the picture; "
                "give layers=2 or more, or factored=false"
            )
        self.sees = int(factored)
        self.embedding = nn.Embedding(vocabulary, width)
        self.picture = nn.Linear(features, 4 * width, bias=False)
        self.cells = nn.ModuleList(LSTMCell(width, width) for _ in range(layers))
        self.output = nn.Linear(width, vocabulary)
        self.dropout = Dropout(dropout)
        nn.init.normal_(self.embedding.weight, std=0.5 * width**-0.5)
        for cell in self.lstms()[1:]:
            # What an LSTM hands up lies near 0 at first; from torch's own start four of them take three times as long.
            nn.init.uniform_(cell.input.weight, -3 * width**-0.5, 3 * width**-0.5)

    def start(self, features: Features[Tensor]) -> tuple[Tensors, Tensors]:
        """Return the picture's part of an activation (B, 1, 4H), and the state h0, c0, h1, … (B, 1, H), all zero."""
        picture = self.picture(self.dropout(features.whole))[:, None]
        state: Tensors = {}
        for layer, cell in enumerate(self.lstms()):
            state[f"h{layer}"], state[f"c{layer}"] = at_rest(cell, features.whole)
        return {"picture": picture}, state

    def step(self, words: Tensor, memory: Tensors, state: Tensors) -> tuple[Tensor, Tensors]:
        """Read words (B, K); return log-probabilities (B, K, V) of the next, and the new state."""
        x, after = self.embedding(words), dict(state)
        for layer, cell in enumerate(self.lstms()):
            read = cell.read(x) + memory["picture"] if layer == self.sees else cell.read(x)
            x, c = cell.advance(read, state[f"h{layer}"], state[f"c{layer}"])
            after |= {f"h{layer}": x, f"c{layer}": c}
        return self.output(x).log_softmax(-1), after

    def forward(self, features: Features[Tensor], words: Tensor) -> Tensor:
        """Return logits (B, K, T, V) of what follows each of words (B, K, T)."""
        memory, state = self.start(features)
        x = self.dropout(self.embedding(words))
        for layer, cell in enumerate(self.lstms()):
            read = cell.read(x)
            if layer == self.sees:
                read = read + memory["picture"][:, :, None]
            x = self.dropout(walk(cell, read, (state[f"h{layer}"], state[f"c{layer}"])))
        return self.output(x)

    def lstms(self) -> list[LSTMCell]:
        """Return the LSTMs, the lowest first."""
        return [cell for cell in self.cells if isinstance(cell, LSTMCell)]
