"""What every decoder offers: `start` and `step` for search, `forward` for teacher forcing."""

from torch import Tensor, nn

from watchword.core.types import Features

Tensors = dict[str, Tensor]


class Decoder(nn.Module):
    """Scores of the next word.

    Attributes:
        output: the layer whose bias starts as the logarithm of word frequency.
        embedding: the vectors of the words that are read.
    """

    output: nn.Linear
    embedding: nn.Embedding

    def start(self, features: Features[Tensor]) -> tuple[Tensors, Tensors]:
        """Return the memory of B photos, first axis B, and the state before the first word, first axes (B, 1)."""
        raise NotImplementedError

    def step(self, words: Tensor, memory: Tensors, state: Tensors) -> tuple[Tensor, Tensors]:
        """Read words (B, K) int64 and return log-probabilities (B, K, V) of the next, and the new state."""
        raise NotImplementedError

    def forward(self, features: Features[Tensor], words: Tensor) -> Tensor:
        """Return logits (B, K, T, V): what follows each of words (B, K, T) int64 of K sentences a photo."""
        raise NotImplementedError
