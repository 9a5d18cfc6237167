"""LSTMs read the frames, another asks before each word which moments matter: paper 3's own model."""

from typing import Any

import torch
from torch import Tensor

from watchword.core.types import Features
from watchword.decoders.attending import Attending
from watchword.decoders.base import Tensors
from watchword.decoders.hard_attending import HardAttending
from watchword.decoders.reading import FrameReader


class AttentiveVideo(Attending):
    """Attention over time (paper 3, section 3.4), of a clip that a stack of LSTMs has read (sections 1.1 and 3.3).

    What is asked of a moment, and looked at, is its frame beside what the stack had made of all frames up to it:
    from the frame alone nothing of the order could be known. The paper's m, s and z of section 3.4.2 are the scores,
    weights and context of `Attending`, which begins from the stack's last h.

    cells: width of a frame's vector. layers: of the stack. whole: not looked at.
    width, dropout and others: as `Attending`; the LSTMs of the stack are `width` wide, too.
    """

    def __init__(self, *, cells: int, width: int, layers: int, dropout: float, whole: int = 0, **others: Any) -> None:
        super().__init__(whole=width, cells=cells + width, width=width, dropout=dropout, **others)
        self.reader = FrameReader(cells, width, layers, dropout)

    def start(self, features: Features[Tensor]) -> tuple[Tensors, Tensors]:
        """Read the frames; return keys and values of the moments, and the state h, c (B, 1, H), looked (B, 1, T)."""
        read = self.reader(features.cells, features.mask)
        moments = torch.cat((features.cells, read.to(features.cells.dtype)), -1)
        return super().start(Features(read[:, -1], moments, features.mask))


class HardAttentiveVideo(AttentiveVideo, HardAttending):
    """The same, looking at one moment for a word (section 3.4.1, "hard"); learnt as `HardAttending` is."""
