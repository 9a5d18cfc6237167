"""An LSTM that looks at one cell before each word: Xu et al. 2015, "Show, Attend and Tell", hard form."""

from typing import Any, NamedTuple

import torch
from torch import Tensor

from watchword.core.types import Features
from watchword.decoders.attending import Attending
from watchword.decoders.base import Tensors

LEAST = 1e-8  # keeps the logarithm of a cell's chance finite


class Choices(NamedTuple):
    """What was said, and what was looked at for it.

    logits: (B, K, T, V). log_chances: (B, K, T), of the cells that were drawn; 0 where none was.
    entropies: (B, K, T), of the chances of all cells, in nats.
    """

    logits: Tensor
    log_chances: Tensor
    entropies: Tensor


class HardAttending(Attending):
    """Attention that takes one cell, not a mean of all: section 4.1, equations (8)-(11).

    In training a cell is drawn by the weights (8)-(9), and `training.choosing` turns `choose` into the loss;
    the gradient passes through the cell that was taken, and through the weights of the photos in `soft`.
    Outside training, the likeliest cell is taken. With heads, each takes its own.

    soft: share of photos whose cells are not drawn but averaged; the paper's 0.5 makes learning steadier.
    others: as `Attending`.

    Attributes:
        baseline: () float32, the moving average of a word's log-probability, kept with the weights
            so that a resumed run has it. 0, which no such average is, before the first step.
    """

    baseline: Tensor

    def __init__(self, *, soft: float = 0.5, **others: Any) -> None:
        super().__init__(**others)
        self.soft = soft
        self.register_buffer("baseline", torch.tensor(0.0))

    def look(self, h: Tensor, memory: Tensors) -> tuple[Tensor, Tensor]:
        """Return the context (B, K, H) of the likeliest cell, and that cell as weights of 1 and 0 (B, K, heads, C)."""
        weights = self.attention(h, memory["keys"], memory["mask"])
        taken = one_hot(weights, weights)
        return self.gather(taken, h, memory), taken

    def forward(self, features: Features[Tensor], words: Tensor) -> Tensor:
        """Return logits (B, K, T, V) of what follows each of words (B, K, T), cells drawn in training."""
        return self.choose(features, words).logits if self.training else super().forward(features, words)

    def choose(self, features: Features[Tensor], words: Tensor) -> Choices:
        """Draw a cell for each of words (B, K, T) and return what came of it."""
        photos, sentences, steps = words.shape
        shape = (steps, photos, sentences, self.heads, features.cells.shape[1])
        # The least of exponential noise over weight falls on each cell as often as its weight says.
        noise = iter(torch.empty(shape, device=words.device).exponential_())
        soft = (torch.rand(photos, 1, 1, 1, device=words.device) < self.soft).float()
        seen, taken = [], []

        def look(h: Tensor, memory: Tensors) -> tuple[Tensor, Tensor]:
            weights = self.attention(h, memory["keys"], memory["mask"])
            drawn = one_hot(weights.detach() / next(noise), weights)
            seen.append(weights)
            taken.append(drawn)
            used = torch.lerp(drawn, weights, soft.to(weights.dtype))
            return self.gather(used, h, memory), used

        logits = self.follow(features, words, look)
        chances, drawn = torch.stack(seen, 2).float(), torch.stack(taken, 2).float()  # (B, K, T, heads, C)
        logs = chances.clamp_min(LEAST).log()
        log_chances = (logs * drawn).sum((-1, -2)) * (1 - soft[..., 0])
        return Choices(logits, log_chances, -(chances * logs).sum((-1, -2)))


def one_hot(scores: Tensor, like: Tensor) -> Tensor:
    """Return 1 at the highest of scores (…, C) and 0 elsewhere, of the kind of `like`."""
    return torch.zeros_like(like).scatter(-1, scores.argmax(-1, keepdim=True), 1.0)
