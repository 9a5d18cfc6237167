"""What a step of training makes smaller where clips are to lie near their sentences."""

from typing import Any

from torch import Tensor

from watchword.core.types import Features
from watchword.data.batches import Batch
from watchword.training.losses import sentence_loss
from watchword.training.objectives import tensors


class Consistent:
    """Cross-entropy, and semantic consistency: how far a sentence lies from its clip in a space of both.

    aLSTMs, Gao et al. 2017 (paper 3, sections 2.4.1 and 2.4.2.3): Loss1 is that of the words, the second loss the
    distance. smoothing: of the labels, in the first. weight: of the second.
    """

    def __init__(self, smoothing: float, *, weight: float) -> None:
        self.smoothing, self.weight = smoothing, weight

    def __call__(self, decoder: Any, features: Features[Tensor], batch: Batch) -> tuple[Tensor, int]:
        """Return both losses of a sentence together, and how many sentences there were.

        decoder: has `apart`, as `decoders.consistent_attending.ConsistentAttending`.
        """
        words, targets, mask, weights = tensors(batch)
        loss = sentence_loss(decoder(features, words), targets, mask, weights, smoothing=self.smoothing)
        counted = mask.any(-1) * weights[:, None]
        apart = (decoder.apart(features, targets, mask) * counted).sum() / counted.sum().clamp_min(1e-8)
        return loss + self.weight * apart, int(mask.any(-1).sum())
