"""What a matcher learns besides: where on the photo the phrases of a sentence are."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from watchword.core.types import Features
from watchword.data.batches import Batch
from watchword.data.phrase_targets import PhraseTargets
from watchword.training.matching import sentences_of


class Pointing:
    """The matcher's own loss, and `weight` times the cross-entropy of the regions that people marked for phrases.

    The words of a phrase choose among the regions of their photo by their mean cosine over `temperature`; what they
    should choose is `targets`, which has to be set before the first step.
    """

    def __init__(self, weight: float, temperature: float) -> None:
        self.weight, self.temperature = weight, temperature
        self.targets: PhraseTargets | None = None

    def __call__(self, matcher: Any, features: Features[Tensor], batch: Batch) -> tuple[Tensor, int]:
        """Return the loss of a sentence and how many sentences there were."""
        assert self.targets is not None
        words, mask, owner = (torch.from_numpy(array) for array in sentences_of(batch))
        regions, real = matcher.regions(features)
        read = matcher.words(words, mask)
        loss: Tensor = matcher.loss(matcher.scores(regions, real, read, mask).float(), owner)
        if phrases := self.targets.of(batch):
            numbers = batch.mask[:, :, 1:].any(-1)
            order = numbers.cumsum().reshape(numbers.shape) - 1  # of sentences, as `sentences_of` has them
            spoken = functional.normalize(read[order[phrases.photo, phrases.sentence]].float(), dim=-1)
            said = (spoken * torch.from_numpy(phrases.words)[:, :, None]).sum(1)
            seen = functional.normalize(regions[phrases.photo].float(), dim=-1)
            choice = (seen @ said[:, :, None])[:, :, 0] / self.temperature
            loss = loss + self.weight * functional.cross_entropy(choice, torch.from_numpy(phrases.regions))
        return loss, len(owner)
