"""What a step of training makes smaller where the decoder chooses what to look at."""

from typing import Any

import torch
from torch import Tensor

from watchword.core.types import Features
from watchword.data.batches import Batch
from watchword.training.losses import CrossEntropyOfRows
from watchword.training.objectives import tensors


class Choosing:
    """Hard attention: a lower bound of the likelihood, by REINFORCE (Xu et al. 2015, section 4.1).

    Its gradient in the paper's terms, of the words y and the cells s that were drawn for them, is that of
    log p(y | s) + lambda_r (log p(y | s) - b) log p(s) + lambda_e H(s), where b is a moving average, here of a
    word, times the words of the sentence: of a sentence, long ones would always lie below it and short ones above,
    whatever was looked at.

    smoothing: of the labels, in log p(y | s). reward: lambda_r, which the paper leaves to validation.
    entropy: lambda_e. decay: share of b that each step keeps; the paper's 0.9.
    """

    def __init__(self, smoothing: float, *, reward: float = 1.0, entropy: float = 0.002, decay: float = 0.9) -> None:
        self.smoothing, self.reward, self.entropy, self.decay = smoothing, reward, entropy, decay

    def __call__(self, decoder: Any, features: Features[Tensor], batch: Batch) -> tuple[Tensor, int]:
        """Return what falls as that bound rises, a sentence, in nats, and how many sentences there were.

        decoder: has `choose` and `baseline`, as `decoders.hard_attending.HardAttending`; the baseline is moved.
        """
        words, targets, mask, weights = tensors(batch)
        chosen = decoder.choose(features, words)
        wanted, logits = targets.masked_fill(~mask, 0).flatten(), chosen.logits.flatten(0, -2)
        losses = CrossEntropyOfRows.apply(logits, wanted, self.smoothing).view_as(targets)  # (B, K, T)
        likelihoods, spoken = -losses.detach().masked_fill(~mask, 0.0).sum(-1), mask.sum(-1)  # (B, K)
        real = mask.any(-1)
        baseline = self.follow(decoder.baseline, likelihoods.sum() / spoken.sum())
        above = likelihoods - baseline * spoken
        bounds = -losses + self.reward * above[..., None] * chosen.log_chances
        bounds = bounds + self.entropy * chosen.entropies
        sentences = (real * weights[:, None]).sum().clamp_min(1e-8)
        return -(bounds.masked_fill(~mask, 0.0) * weights[:, None, None]).sum() / sentences, int(real.sum())

    @torch.no_grad()
    def follow(self, baseline: Tensor, likelihood: Tensor) -> Tensor:
        """Move the baseline towards a word's likelihood in this batch; return it as it was (at first, the new)."""
        before = torch.where(baseline == 0, likelihood, baseline)
        baseline.copy_(torch.lerp(likelihood, before, self.decay))
        return before
