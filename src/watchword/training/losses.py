"""The loss of a sentence."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

ROWS = 64  # of the logits that are looked at together: less than a megabyte


def sentence_loss(logits: Tensor, targets: Tensor, mask: Tensor, weights: Tensor, *, smoothing: float = 0.0) -> Tensor:
    """Return masked cross-entropy, summed over the words of a sentence and averaged over the sentences.

    logits: (B, K, T, V). targets: (B, K, T) int64. mask: (B, K, T) bool, True where a target is real.
    weights: (B,) of the photos. smoothing: share of the target spread over all words (Szegedy et al. 2016).
    Sentences without a word (padding up to K) do not count. Paper 4, section 2; paper 1, section 3.6.
    """
    real = mask.bool()
    # What is not real is left out at the end: picking rows out would copy the logits, there and back.
    wanted = targets.masked_fill(~real, 0).flatten()
    losses = CrossEntropyOfRows.apply(logits.flatten(0, -2), wanted, smoothing).view_as(targets)
    sentences = (real.any(-1) * weights[:, None]).sum()
    return (losses.masked_fill(~real, 0.0) * weights[:, None, None]).sum() / sentences.clamp_min(1e-8)


class CrossEntropyOfRows(torch.autograd.Function):
    """Cross-entropy of each row of logits (N, V) with its target (N,) int64, in float32 at least.

    smoothing: as in `sentence_loss`. A few rows at a time, forward and again backward, so that what lies
    between the logits and their gradient stays in the cache. PyTorch's own way fills whole arrays of
    N x V float32 several times over, and a step of training takes a tenth longer.
    """

    @staticmethod
    def forward(ctx: Any, logits: Tensor, targets: Tensor, smoothing: float) -> Tensor:
        """Return the losses (N,)."""
        ctx.save_for_backward(logits, targets)
        ctx.smoothing = smoothing
        losses = []
        for scores, wanted in _few_rows(logits, targets):
            log_probs = scores.log_softmax(-1)
            hit = log_probs.gather(-1, wanted[:, None])[:, 0]
            losses.append(-(hit.lerp(log_probs.mean(-1), smoothing) if smoothing else hit))
        return torch.cat(losses)

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> tuple[Tensor, None, None]:
        """Return the gradient of the logits: softmax minus the smoothed target, times that of the losses (N,)."""
        logits, targets = ctx.saved_tensors
        gradient = torch.empty_like(logits)
        for part, scale, (scores, wanted) in zip(
            gradient.split(ROWS), upstream[0].split(ROWS), _few_rows(logits, targets), strict=True
        ):
            missed = scores.softmax(-1).sub_(ctx.smoothing / scores.shape[-1])
            missed.scatter_add_(-1, wanted[:, None], torch.full_like(missed[:, :1], ctx.smoothing - 1))
            part.copy_(missed.mul_(scale[:, None]))
        return gradient, None, None


def _few_rows(logits: Tensor, targets: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield `ROWS` rows of both at a time, the logits as float32 or wider."""
    wide = torch.promote_types(logits.dtype, torch.float32)
    for scores, wanted in zip(logits.split(ROWS), targets.split(ROWS), strict=True):
        yield scores.to(wide), wanted


def label_drift(before: Tensor, after: Tensor) -> Tensor:
    """Return the mean divergence KL(before || after) of class probabilities (B, classes): learning without
    forgetting (Li and Hoiem 2016).
    """
    return functional.kl_div(after.clamp_min(1e-9).log(), before, reduction="batchmean")
