"""The loss of a sentence."""

from torch import Tensor
from torch.nn import functional

IGNORED = -100


def sentence_loss(logits: Tensor, targets: Tensor, mask: Tensor, weights: Tensor, *, smoothing: float = 0.0) -> Tensor:
    """Return masked cross-entropy, summed over the words of a sentence and averaged over the sentences.

    logits: (B, K, T, V). targets: (B, K, T) int64. mask: (B, K, T) bool, True where a target is real.
    weights: (B,) of the photos. smoothing: share of the target spread over all words (Szegedy et al. 2016).
    Sentences without a word (padding up to K) do not count. Paper 4, section 2; paper 1, section 3.6.
    """
    real = mask.bool()
    # What is not real is left out by its target: picking rows out would copy the logits, there and back.
    wanted = targets.masked_fill(~real, IGNORED)
    losses = functional.cross_entropy(
        logits.flatten(0, -2).float(),
        wanted.flatten(),
        reduction="none",
        label_smoothing=smoothing,
        ignore_index=IGNORED,
    ).view_as(targets)
    sentences = (real.any(-1) * weights[:, None]).sum()
    return (losses * weights[:, None, None]).sum() / sentences.clamp_min(1e-8)


def label_drift(before: Tensor, after: Tensor) -> Tensor:
    """Return the mean divergence KL(before || after) of class probabilities (B, classes): learning without
    forgetting (Li and Hoiem 2016).
    """
    return functional.kl_div(after.clamp_min(1e-9).log(), before, reduction="batchmean")
