"""Scheduled sampling: in training, too, a decoder reads words of its own."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from watchword.core.types import Features
from watchword.data.batches import Batch
from watchword.training.objectives import Objective


class Scheduled:
    """An objective over sentences in which some of the words that are read were drawn from the model.

    Bengio et al. 2015 (arXiv:1506.03099), decaying linearly: a decoder that only ever reads what people
    wrote never learns to go on from its own mistakes. What it has to say stays what people said; the
    draws, made without dropout, pass no gradient on.

    objective: of the mixed sentences. share: of the words read that are the model's own, reached in the
    last of `epochs` by equal steps from 0 in the first. never: ids that are not drawn, for they are never
    read when a sentence is said: padding, start, end, unknown.
    """

    def __init__(self, objective: Objective, share: float, epochs: int, never: Sequence[int]) -> None:
        self.objective, self.share, self.epochs = objective, share, epochs
        self.never = torch.tensor(list(never), dtype=torch.long)
        self.now = 0.0

    def begin(self, epoch: int) -> None:
        """Set the share of epoch number `epoch`, from 0; a single epoch has all of it. The objective is told, too."""
        getattr(self.objective, "begin", lambda epoch: None)(epoch)
        self.now = self.share * (min(1.0, epoch / (self.epochs - 1)) if self.epochs > 1 else 1.0)

    def __call__(self, decoder: Any, features: Features[Tensor], batch: Batch) -> tuple[Tensor, int]:
        """Return what the objective says of the batch, read with this epoch's share of the model's own words."""
        if self.now:
            batch = batch._replace(words=self.mixed(decoder, features, torch.from_numpy(batch.words)).numpy())
        return self.objective(decoder, features, batch)

    @torch.no_grad()
    def mixed(self, decoder: Any, features: Features[Tensor], words: Tensor) -> Tensor:
        """Return words (B, K, T) int64 with some in the place of people's, each drawn after those before it."""
        learning = decoder.training
        decoder.eval()
        memory, state = decoder.start(features)
        state = {name: value.expand(-1, words.shape[1], *value.shape[2:]) for name, value in state.items()}
        own, read = torch.rand(words.shape) < self.now, words.clone()
        for step in range(words.shape[2] - 1):
            log_probs, state = decoder.step(read[..., step], memory, state)
            chances = log_probs.float().index_fill(-1, self.never, -torch.inf).softmax(-1)
            said = torch.multinomial(chances.flatten(0, 1), 1).view_as(words[..., 0])
            read[..., step + 1] = said.where(own[..., step + 1], words[..., step + 1])
        decoder.train(learning)
        return read
