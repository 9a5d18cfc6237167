"""What a matcher learns: that a sentence fits its own photo better than the others of a batch."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from watchword.core.types import Features
from watchword.data.batches import Batch


class Matching:
    """The matcher's own `loss` of its scores of all photos of a batch with all its sentences."""

    def __call__(self, matcher: Any, features: Features[Tensor], batch: Batch) -> tuple[Tensor, int]:
        """Return the loss of a sentence and how many sentences there were."""
        words, mask, owner = (torch.from_numpy(array) for array in sentences_of(batch))
        (regions, real), read = matcher.regions(features), matcher.words(words, mask)
        loss: Tensor = matcher.loss(matcher.scores(regions, real, read, mask).float(), owner)
        besides = self.besides(regions, read, batch)
        return (loss if besides is None else loss + besides), len(owner)

    def besides(self, regions: Tensor, read: Tensor, batch: Batch) -> Tensor | None:
        """Return what else is to fall, of vectors of regions (B, R, D) and words (S, T, D); None for nothing."""
        return None


def sentences_of(batch: Batch) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the sentences of a batch as words (S, T) int64 and mask (S, T), and the place (S,) of the photo of each.

    They are what a decoder reads, less the start: of a sentence that was cut, all but its last word.
    """
    mask = batch.mask[:, :, 1:]
    photo, place = np.nonzero(mask.any(-1))
    return batch.words[photo, place, 1:], mask[photo, place], photo
