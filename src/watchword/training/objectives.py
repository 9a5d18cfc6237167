"""What a step of training makes smaller."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from watchword.core.errors import SettingsError
from watchword.core.types import Features
from watchword.data.batches import Batch
from watchword.training.losses import sentence_loss

Objective = Callable[[Any, Features[Tensor], Batch], tuple[Tensor, int]]
Reward = Callable[[np.ndarray, Sequence[Sequence[list[int]]]], np.ndarray]


class CrossEntropy:
    """The negative log-likelihood of the sentences that people wrote. smoothing: of the labels."""

    def __init__(self, smoothing: float) -> None:
        self.smoothing = smoothing

    def __call__(self, decoder: Any, features: Features[Tensor], batch: Batch) -> tuple[Tensor, int]:
        """Return the loss of a sentence, in nats, and how many sentences there were."""
        words, targets, mask, weights = tensors(batch)
        loss = sentence_loss(decoder(features, words), targets, mask, weights, smoothing=self.smoothing)
        return loss, int(mask.any(-1).sum())


class SelfCritical:
    """REINFORCE on sentences that the model itself draws (Rennie et al. 2017, self-critical training).

    The baseline of a sentence is the mean reward of the others drawn for its photo (leave-one-out;
    Kool et al. 2019), so no second pass is needed. The drawn sentences are then scored again with
    their gradient.

    reward: from places of photos (B,) and K sentences of each, as word ids, to rewards (B, K).
    draws: K, at least 2. start, end, never: ids of the vocabulary. max_words: of a drawn sentence
        that ends; one that does not is cut after one word more.
    """

    def __init__(
        self, reward: Reward, *, draws: int, start: int, end: int, never: Sequence[int], max_words: int
    ) -> None:
        if draws < 2:
            raise SettingsError(f"draws={draws}: 2 or more, for a sentence is compared with the others of its photo")
        self.reward, self.draws, self.max_words = reward, draws, max_words
        self.start, self.end, self.never = start, end, list(never)

    def __call__(self, decoder: Any, features: Features[Tensor], batch: Batch) -> tuple[Tensor, int]:
        """Return what falls as the expected reward rises, and how many sentences were drawn."""
        words = self.draw(decoder, features)
        rewards = self.reward(batch.rows, [[self.cut(one) for one in photo] for photo in words.tolist()])
        others = (rewards.sum(1, keepdims=True) - rewards) / (self.draws - 1)
        advantage = torch.from_numpy(rewards - others).float()
        read = torch.cat((torch.full_like(words[..., :1], self.start), words[..., :-1]), -1)
        said = (words == self.end).cumsum(-1) - (words == self.end).long() == 0  # up to the first end, and it
        losses = functional.cross_entropy(
            decoder(features, read).float().flatten(0, 2), words.flatten(), reduction="none"
        ).view_as(words)
        return ((losses * said).sum(-1) * advantage).mean(), words[..., 0].numel()

    def cut(self, words: list[int]) -> list[int]:
        """Return drawn words up to the first end."""
        return words[: words.index(self.end)] if self.end in words else words

    @torch.no_grad()
    def draw(self, decoder: Any, features: Features[Tensor]) -> Tensor:
        """Return words (B, K, T) int64 drawn from the model, without dropout, the end among them."""
        decoder.eval()
        memory, state = decoder.start(features)
        state = {name: value.expand(-1, self.draws, *value.shape[2:]) for name, value in state.items()}
        words = torch.full((len(features.whole), self.draws), self.start)
        ended = torch.zeros_like(words, dtype=torch.bool)
        drawn: list[Tensor] = []
        while len(drawn) <= self.max_words and not ended.all():
            log_probs, state = decoder.step(words, memory, state)
            chances = log_probs.float().exp().index_fill(-1, torch.tensor(self.never), 0.0)
            words = torch.multinomial(chances.flatten(0, 1), 1).view_as(words)
            ended |= words == self.end
            drawn.append(words)
        decoder.train()
        return torch.stack(drawn, -1)


def tensors(batch: Batch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return words, targets, mask and weights of a batch as tensors."""
    arrays = batch.words, batch.targets, batch.mask, batch.weights
    words, targets, mask, weights = map(torch.from_numpy, arrays)
    return words, targets, mask, weights
