"""What a matcher learns besides: where on the photo the phrases of a sentence are."""

import torch
from torch import Tensor
from torch.nn import functional

from watchword.data.batches import Batch
from watchword.data.phrase_targets import PhraseTargets
from watchword.training.matching import Matching


class Pointing(Matching):
    """The matcher's own loss, and `weight` times the cross-entropy of the regions that people marked for phrases.

    The words of a phrase choose among the regions of their photo by their mean cosine over `temperature`; what they
    should choose is `targets`, which has to be set before the first step.
    """

    def __init__(self, weight: float, temperature: float) -> None:
        self.weight, self.temperature = weight, temperature
        self.targets: PhraseTargets | None = None

    def besides(self, regions: Tensor, read: Tensor, batch: Batch) -> Tensor | None:
        """Return what the phrases of a batch cost; None where it has none."""
        assert self.targets is not None
        phrases = self.targets.of(batch)
        if phrases is None:
            return None
        numbers = batch.mask[:, :, 1:].any(-1)
        order = numbers.cumsum().reshape(numbers.shape) - 1  # of sentences, as `sentences_of` has them
        spoken = functional.normalize(read[order[phrases.photo, phrases.sentence]].float(), dim=-1)
        said = (spoken * torch.from_numpy(phrases.words)[:, :, None]).sum(1)
        seen = functional.normalize(regions[phrases.photo].float(), dim=-1)
        choice = (seen @ said[:, :, None])[:, :, 0] / self.temperature
        return self.weight * functional.cross_entropy(choice, torch.from_numpy(phrases.regions))
