"""What every reader of sentences shares: ids in; out, a vector for each word, or one for the sentence."""

from torch import Tensor, nn


class Reader(nn.Module):
    """Reads a sentence in both directions. Letters: S sentences, T words, H hidden, D width of the common space.

    vocabulary: V. width: D, of the vectors. hidden: H. word_width: of the word vectors; 300 in paper 5.
    dropout: share dropped in training, never between words.

    Padding stands right of the words, and never changes a word's vector.
    """

    def __init__(
        self,
        *,
        vocabulary: int,
        width: int,
        hidden: int,
        word_width: int = 300,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, word_width)
        self.dropout = nn.Dropout(dropout)
        nn.init.normal_(self.embedding.weight, std=word_width**-0.5)
        self.make(word_width, hidden, width)

    def make(self, word_width: int, hidden: int, width: int) -> None:
        """Make the layers."""
        raise NotImplementedError

    def states(self, words: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return what was read up to each word, from the left and from the right: both (S, T, H)."""
        raise NotImplementedError

    def project(self, ahead: Tensor, back: Tensor) -> Tensor:
        """Return linear projections (…, D) of what was read from the left and from the right, both (…, H)."""
        raise NotImplementedError

    def activate(self, projected: Tensor) -> Tensor:
        """Return word vectors (S, T, D) of projections (S, T, D)."""
        return projected

    def forward(self, words: Tensor, mask: Tensor) -> Tensor:
        """Return vectors (S, T, D) of words (S, T) int64; zero where mask (S, T) bool says padding."""
        vectors = self.activate(self.project(*self.states(words, mask)))
        return vectors.masked_fill(~mask[:, :, None], 0.0)

    def whole(self, words: Tensor, mask: Tensor) -> Tensor:
        """Return one vector a sentence (S, D), of the last states of both directions; zero where no word is.

        Not rectified: vectors without a negative number would share one corner of the space.
        """
        ahead, back = self.states(words, mask)
        last = (mask.sum(1) - 1).clamp_min(0)[:, None, None].expand(-1, 1, ahead.shape[2])
        projected = self.project(ahead.gather(1, last)[:, 0], back[:, 0])
        return projected.masked_fill(~mask.any(1)[:, None], 0.0)
