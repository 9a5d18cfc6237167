"""What a step of training makes smaller."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from watchword.core.errors import SettingsError
from watchword.core.types import Features
from watchword.data.batches import Batch
from watchword.training.losses import CrossEntropyOfRows, sentence_loss

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

    A sentence counts by how far its reward lies above a baseline, which does not depend on it, so the
    expected gradient is that of the reward. The drawn sentences are then scored again with their gradient.

    reward: from places of photos (B,) and N sentences of each, as word ids, to rewards (B, N).
    draws: K, at least 1. baseline: "others", the mean reward of the others drawn for the photo
        (leave-one-out; Kool et al. 2019), for which K is at least 2; or "greedy", the reward of the
        sentence made of the likeliest words (Rennie et al., equation (9)), said beside those that are drawn.
    start, end, never: ids of the vocabulary. max_words: of a drawn sentence that ends; one that does
        not is cut after one word more.
    """

    def __init__(
        self,
        reward: Reward,
        *,
        draws: int,
        baseline: Literal["others", "greedy"] = "others",
        start: int,
        end: int,
        never: Sequence[int],
        max_words: int,
    ) -> None:
        if draws < 1 or (draws < 2 and baseline == "others"):
            raise SettingsError(
                f"draws={draws}: 2 or more, for a sentence is compared with the others of its photo; "
                "1 is enough with baseline=greedy"
            )
        self.reward, self.draws, self.baseline, self.max_words = reward, draws, baseline, max_words
        self.start, self.end, self.never = start, end, list(never)

    def __call__(self, decoder: Any, features: Features[Tensor], batch: Batch) -> tuple[Tensor, int]:
        """Return what falls as the expected reward rises, and how many sentences were drawn."""
        words = self.draw(decoder, features)
        rewards = self.reward(batch.rows, [[self.cut(one) for one in photo] for photo in words.tolist()])
        advantage = torch.from_numpy(self.advantage(rewards)).float()
        words = words[:, : self.draws]
        read = torch.cat((torch.full_like(words[..., :1], self.start), words[..., :-1]), -1)
        said = (words == self.end).cumsum(-1) - (words == self.end).long() == 0  # up to the first end, and it
        logits = decoder(features, read).flatten(0, 2)
        losses = CrossEntropyOfRows.apply(logits, words.flatten(), 0.0).view_as(words)
        return ((losses * said).sum(-1) * advantage).mean(), words[..., 0].numel()

    def advantage(self, rewards: np.ndarray) -> np.ndarray:
        """Return how far the rewards of the drawn sentences (B, K) lie above the baseline; see `draw` for the order."""
        if self.baseline == "greedy":
            return rewards[:, :-1] - rewards[:, -1:]
        return rewards - (rewards.sum(1, keepdims=True) - rewards) / (self.draws - 1)

    def cut(self, words: list[int]) -> list[int]:
        """Return drawn words up to the first end."""
        return words[: words.index(self.end)] if self.end in words else words

    @torch.no_grad()
    def draw(self, decoder: Any, features: Features[Tensor]) -> Tensor:
        """Return words (B, K, T) int64 drawn from the model, the end among them.

        Dropout stays on: what is drawn without it is largely what the model remembers of these very photos.
        With the greedy baseline it is off, and there is one sentence more, the last: that of the likeliest words,
        as they are said when nobody learns.
        """
        greedy = self.baseline == "greedy"
        decoder.train(not greedy)
        memory, state = decoder.start(features)
        state = {name: value.expand(-1, self.draws + greedy, *value.shape[2:]) for name, value in state.items()}
        words = torch.full((len(features.whole), self.draws + greedy), self.start)
        ended = torch.zeros_like(words, dtype=torch.bool)
        drawn: list[Tensor] = []
        while len(drawn) <= self.max_words and not ended.all():
            log_probs, state = decoder.step(words, memory, state)
            chances = log_probs.float().exp().index_fill(-1, torch.tensor(self.never, dtype=torch.long), 0.0)
            words = drawn_from(chances)
            if greedy:
                words[:, -1] = chances[:, -1].argmax(-1)
            ended |= words == self.end
            drawn.append(words)
        decoder.train()
        return torch.stack(drawn, -1)


def drawn_from(chances: Tensor) -> Tensor:
    """Return one word (B, K) int64 drawn from each row of probabilities (B, K, V), whatever they sum up to.

    By their running sum: `torch.multinomial` takes twenty times as long, for it draws V random numbers a word.
    """
    sums = chances.cumsum(-1)
    words = torch.searchsorted(sums, torch.rand_like(sums[..., :1]) * sums[..., -1:], right=True)
    return words.squeeze(-1).clamp_max(chances.shape[-1] - 1)  # rounding may reach the sum itself


def tensors(batch: Batch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return words, targets, mask and weights of a batch as tensors."""
    arrays = batch.words, batch.targets, batch.mask, batch.weights
    words, targets, mask, weights = map(torch.from_numpy, arrays)
    return words, targets, mask, weights
