"""What pulls a photo's own sentences to it and pushes others away: equation (9) of paper 5, and two later forms.

`scores` (B, S) of all photos and sentences. `owner` (S,) int64: the photo of each sentence, 0 to B - 1. Sentences
of one photo are never held against each other; the paper's pairs are `owner` = 0, 1, 2 …
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

MOST = math.log(100)  # of the logarithm of 1 / temperature: sharper still, and one pair decides each step


def ranking_loss(scores: Tensor, owner: Tensor, *, margin: float = 1.0) -> Tensor:
    """Return (): by how much others come nearer than `margin` to a pair's score, summed. Equation (9).

    For each sentence and its photo: over the sentences of other photos, and over the other photos. The paper's
    sums hold the pair itself too, which adds 2 a pair and moves nothing; here it is left out. So is the last
    term, the decay of weights, which is the optimiser's. Not divided by the pairs: the caller does as he learns.
    """
    sentences, photos = _costs(scores, owner, margin)
    return sentences.sum() + photos.sum()


def hardest_loss(scores: Tensor, owner: Tensor, *, margin: float = 1.0) -> Tensor:
    """Return (): as `ranking_loss`, but of the nearest other sentence and photo alone (Faghri et al. 2018)."""
    sentences, photos = _costs(scores, owner, margin)
    return sentences.amax(1).sum() + photos.amax(1).sum()


def _costs(scores: Tensor, owner: Tensor, margin: float) -> tuple[Tensor, Tensor]:
    """Return what each sentence's pair pays for other sentences (S, S) and for other photos (S, B)."""
    own = scores.gather(0, owner[None])[0, :, None]
    siblings, photo = owner[:, None] == owner, owner[:, None] == torch.arange(len(scores), device=owner.device)
    sentences = (scores[owner] - own + margin).clamp_min(0).masked_fill(siblings, 0.0)
    photos = (scores.T - own + margin).clamp_min(0).masked_fill(photo, 0.0)
    return sentences, photos


class Ranking(nn.Module):
    """`ranking_loss`, or `hardest_loss` where `hardest`, divided by the sentences. margin: as there.

    easy: how many times, at first, all wrong pairs count where later only the nearest does. A model that knows nothing
    yet escapes the nearest by giving all pairs the same score, where the loss is twice the margin and stays.
    """

    calls: Tensor

    def __init__(self, *, margin: float = 1.0, hardest: bool = False, easy: int = 0) -> None:
        super().__init__()
        self.margin, self.hardest, self.easy = margin, hardest, easy
        if hardest:
            self.register_buffer("calls", torch.zeros((), dtype=torch.int64))  # kept, so that a run can be resumed

    def forward(self, scores: Tensor, owner: Tensor) -> Tensor:
        """Return () of scores (B, S) and owner (S,)."""
        costs = hardest_loss if self.hardest and self.calls >= self.easy else ranking_loss
        if self.hardest and self.training:
            self.calls += 1
        return costs(scores, owner, margin=self.margin) / len(owner)


class Contrastive(nn.Module):
    """Cross-entropy both ways with a temperature that learns (Radford et al. 2021; InfoNCE, van den Oord et al. 2018).

    A sentence chooses among all photos. A photo chooses each of its sentences among that sentence and those
    of other photos: its others are left out of the sum below the fraction. Left in, five true sentences would
    take from each other, the loss could not fall below log 5, and what tells them apart, which is not the photo,
    would be pushed apart. Shared (the sum of all five above the fraction), one easy sentence would do for all.

    temperature: what scores are divided by at first. It learns as the logarithm of its inverse, at most log 100.
    """

    def __init__(self, *, temperature: float = 0.07) -> None:
        super().__init__()
        self.sharpness = nn.Parameter(torch.tensor(-math.log(temperature)))

    def forward(self, scores: Tensor, owner: Tensor) -> Tensor:
        """Return (): the mean over sentences of both cross-entropies, halved."""
        logits = scores * self.sharpness.clamp_max(MOST).exp()
        places = torch.arange(len(owner), device=owner.device)
        others = (owner[:, None] == owner) & (places[:, None] != places)
        of_photos = functional.cross_entropy(logits.T, owner)
        of_sentences = functional.cross_entropy(logits[owner].masked_fill(others, -math.inf), places)
        return (of_photos + of_sentences) / 2
