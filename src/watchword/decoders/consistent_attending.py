"""Attention whose clip has to lie near its sentence: aLSTMs, Gao et al. 2017 (paper 3, section 2.4)."""

from typing import Any

from torch import Tensor, nn
from torch.nn import functional

from watchword.core.types import Features
from watchword.decoders.attending import Attending
from watchword.decoders.base import Tensors
from watchword.decoders.reading import FrameReader


class ConsistentAttending(Attending):
    """Attention over frames, begun by an LSTM that has read them (section 2.4.2.2), in a space shared with sentences.

    The LSTM's last output is given a place in the space of the word vectors. From there the first word is said,
    and `apart` tells how far a sentence lies from it, which `training.consistency` makes smaller (section 2.4.1).
    A sentence lies in the middle of its words (section 2.4.2.1's D). Both are brought to length 1: otherwise the
    nearest way to be near each other is to be nothing.

    cells: width of a frame's vector. whole: not looked at. width, dropout and others: as `Attending`.
    """

    def __init__(self, *, cells: int, width: int, dropout: float, whole: int = 0, **others: Any) -> None:
        super().__init__(whole=width, cells=cells, width=width, dropout=dropout, **others)
        self.reader = FrameReader(cells, width, 1, dropout)
        self.place = nn.Linear(width, width)

    def start(self, features: Features[Tensor]) -> tuple[Tensors, Tensors]:
        """Read the frames; return keys and values of them, and the state h, c (B, 1, H), looked (B, 1, T)."""
        return super().start(features._replace(whole=self.placed(features)))

    def placed(self, features: Features[Tensor]) -> Tensor:
        """Return the places (B, H) of clips in the space of the word vectors."""
        place: Tensor = self.place(self.reader(features.cells, features.mask)[:, -1])
        return place

    def apart(self, features: Features[Tensor], words: Tensor, mask: Tensor) -> Tensor:
        """Return the squared distances (B, K), 0 to 4, of clips from their sentences, words (B, K, T) int64.

        mask: (B, K, T) bool, True where a word is real.
        """
        middle = (self.embedding(words) * mask[..., None]).sum(2)
        clip, said = (functional.normalize(place.float(), dim=-1) for place in (self.placed(features)[:, None], middle))
        return (clip - said).square().sum(-1)
