"""A reader with gates: a bidirectional GRU (Cho et al. 2014), as later matchers have (Lee et al. 2018)."""

import torch
from torch import Tensor, nn

from watchword.alignment.reader import Reader


class GatedWords(Reader):
    """A GRU from the left, another from the right, and one linear layer over both.

    hidden: H, of each direction. width: D, of the vectors. dropout: of word vectors and states.
    vocabulary, word_width: as `Reader`.

    The one from the right reads sentences turned round within their length, so that padding stays on the
    right and both are plain recurrences, which export; packed sequences do not.
    """

    def make(self, word_width: int, hidden: int, width: int) -> None:
        """Make the layers."""
        self.ahead = nn.GRU(word_width, hidden, batch_first=True)
        self.back = nn.GRU(word_width, hidden, batch_first=True)
        self.leave = nn.Linear(2 * hidden, width)

    def states(self, words: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the states (S, T, H) of both directions."""
        read, places = self.dropout(self.embedding(words)), turned(mask)
        return self.ahead(read)[0], at(self.back(at(read, places))[0], places)

    def project(self, ahead: Tensor, back: Tensor) -> Tensor:
        """Return vectors (…, D) of both states."""
        return self.leave(self.dropout(torch.cat([ahead, back], -1)))


def turned(mask: Tensor) -> Tensor:
    """Return places (S, T) int64 that read the words of mask (S, T) from the last to the first, padding as it was.

    Read by them twice, a sentence is as before.
    """
    places = torch.arange(mask.shape[1], device=mask.device)
    mirrored = mask.sum(1, keepdim=True) - 1 - places
    return torch.where(mirrored < 0, places, mirrored)


def at(vectors: Tensor, places: Tensor) -> Tensor:
    """Return the vectors (S, T, W) that stand at places (S, T)."""
    return vectors.gather(1, places[:, :, None].expand(-1, -1, vectors.shape[2]))
