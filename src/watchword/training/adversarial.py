"""A decoder trained against a discriminator that learns to tell its sentences from people's: paper 3, section 2.2."""

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from watchword.core.types import Features
from watchword.data.batches import Batch
from watchword.training.objectives import CrossEntropy, SelfCritical, tensors


class Adversarial:
    """First the generator learns from people, then the discriminator to tell the two apart, then each in turn.

    1. `generator_epochs`: cross-entropy. 2. `discriminator_epochs`: of the discriminator alone, see `telling_apart`.
    3. From there on, of every `turns` + 1 steps one is the generator's and the others the discriminator's. The
    generator earns the discriminator's probability that a person said its sentence (policy gradient: its sentences
    are drawn, and words cannot be moved a little), plus `anchor` times the cross-entropy of step 1, without which
    whatever the discriminator does not see may drift.

    In every step only one of the two has a gradient, so one optimiser serves both as two would.

    smoothing: of the labels, in cross-entropy. draws: sentences drawn of a clip, K; their mean reward is the
    baseline, so at least 2. max_words: of a drawn sentence.
    """

    def __init__(
        self,
        smoothing: float,
        *,
        generator_epochs: int,
        discriminator_epochs: int,
        turns: int,
        draws: int,
        anchor: float,
        max_words: int,
    ) -> None:
        self.taught = CrossEntropy(smoothing)
        self.generator_epochs, self.discriminator_epochs = generator_epochs, discriminator_epochs
        self.turns, self.draws, self.anchor, self.max_words = turns, draws, anchor, max_words
        self.epoch = 0

    def begin(self, epoch: int) -> None:
        """Take notice that epoch number `epoch`, from 0, begins."""
        self.epoch = epoch

    def __call__(self, decoder: Any, features: Features[Tensor], batch: Batch) -> tuple[Tensor, int]:
        """Return what falls in this step, and how many sentences it is of.

        decoder: has a `discriminator`, as `decoders.discriminator.Discriminator`.
        """
        if self.epoch < self.generator_epochs:
            return self.taught(decoder, features, batch)
        if self.epoch < self.generator_epochs + self.discriminator_epochs:
            return self.telling_apart(decoder, features, batch)
        judge = decoder.discriminator
        mine = int(judge.turns) % (self.turns + 1) == 0
        judge.turns += 1  # kept with the weights, so that a run that is resumed goes on with whose turn it was
        return (self.pleasing if mine else self.telling_apart)(decoder, features, batch)

    def telling_apart(self, decoder: Any, features: Features[Tensor], batch: Batch) -> tuple[Tensor, int]:
        """Return the discriminator's loss of a sentence, in nats: cross-entropy of whether it is people's (survey's
        objective of D).

        Half of it is about what people said of the clip. The other half is about what the generator says of it, and
        about what people said of another clip of the batch, which is well made and not true.
        """
        judge = decoder.discriminator
        drawn = self._earning(decoder, features).draw(decoder, features)
        features = Features(*(part.detach() for part in features))
        _, targets, mask, _ = tensors(batch)
        others, known = targets.roll(1, 0), mask.roll(1, 0)
        people = mean_of(functional.softplus(-judge(features, targets, mask)), mask.any(-1))
        said = functional.softplus(judge(features, drawn, until_end(drawn, judge.end))).mean()
        # What was said of both clips is true of both; a clip of a weight above 1 may stand beside itself, too.
        untrue = known.any(-1) & ~(others[:, :, None] == targets[:, None]).all(-1).any(2)
        if untrue.any():
            said = (said + mean_of(functional.softplus(judge(features, others, known)), untrue)) / 2
        return (people + said) / 2, int(mask.any(-1).sum())

    def pleasing(self, decoder: Any, features: Features[Tensor], batch: Batch) -> tuple[Tensor, int]:
        """Return what falls as the generator's expected reward rises."""
        loss, count = self._earning(decoder, features)(decoder, features, batch)
        if self.anchor:
            taught, _ = self.taught(decoder, features, batch)
            loss = loss + self.anchor * taught
        return loss, count

    def _earning(self, decoder: Any, features: Features[Tensor]) -> SelfCritical:
        """Return the policy gradient whose reward is the discriminator's probability, of these clips."""
        judge = decoder.discriminator

        @torch.no_grad()
        def reward(rows: np.ndarray, photos: Any) -> np.ndarray:
            longest = max(len(one) for photo in photos for one in photo) + 1
            words = torch.zeros(len(photos), len(photos[0]), longest, dtype=torch.long)
            for place, photo in enumerate(photos):
                for k, one in enumerate(photo):
                    words[place, k, : len(one)] = torch.tensor(one, dtype=torch.long)
                    if len(one) <= self.max_words:  # a longer one was cut and has no end
                        words[place, k, len(one)] = judge.end
            judge.eval()
            chances = judge(features, words, words != 0).sigmoid().numpy()
            judge.train()
            return np.asarray(chances, np.float64)

        return SelfCritical(
            reward, draws=self.draws, start=judge.start, end=judge.end, never=judge.never, max_words=self.max_words
        )


def mean_of(losses: Tensor, real: Tensor) -> Tensor:
    """Return the mean of the losses (B, K) that are real (B, K)."""
    return (losses * real).sum() / real.sum().clamp_min(1)


def until_end(words: Tensor, end: int) -> Tensor:
    """Return where words (..., T) belong to a sentence: up to its first end, and that: bool."""
    ended = words == end
    return ended.cumsum(-1) - ended.long() == 0
