"""How well a sentence fits a photo, of all pairs at once: equations (7) and (8) of paper 5, and with cosines.

Letters: B photos, S sentences, R regions, T words, D width. `regions` (B, R, D) with `region_mask` (B, R) bool,
`words` (S, T, D) with `word_mask` (S, T) bool. A sentence without a word scores 0 with every photo. A photo has
one region or more: the whole picture is one.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

TOGETHER = 1 << 23  # similarities of regions and words that are held at a time: 32 megabytes
FAR = -1e4  # below every similarity, and finite in half precision


def best_region(regions: Tensor, region_mask: Tensor, words: Tensor, word_mask: Tensor) -> Tensor:
    """Return (B, S): each word's dot product with the region that fits it best, summed over words. Equation (8)."""
    nowhere = ~region_mask[:, :, None]

    def best(said: Tensor) -> Tensor:
        return (regions @ said.T).masked_fill_(nowhere, FAR).max(1).values

    return _over_words(best, regions, words, word_mask)


def all_regions(regions: Tensor, region_mask: Tensor, words: Tensor, word_mask: Tensor) -> Tensor:
    """Return (B, S): the sum over words and regions of max(0, dot product). Equation (7), of Karpathy et al. 2014."""
    kind = torch.promote_types(regions.dtype, words.dtype)
    real = regions.masked_fill(~region_mask[:, :, None], 0.0).to(kind)
    return _over_words(lambda said: PositiveSums.apply(real, said), regions, words.to(kind), word_mask)


def mean_cosine(regions: Tensor, region_mask: Tensor, words: Tensor, word_mask: Tensor) -> Tensor:
    """Return (B, S), -1 to 1: equation (8) with cosines for dot products and a mean for the sum.

    Neither the length of a sentence nor that of a vector counts.
    """
    counts = word_mask.sum(1).clamp_min(1)
    return best_region(unit(regions), region_mask, unit(words), word_mask) / counts


def cosine(photos: Tensor, sentences: Tensor) -> Tensor:
    """Return (B, S), -1 to 1: the cosines of whole photos (B, D) and whole sentences (S, D)."""
    return unit(photos) @ unit(sentences).T


def unit(vectors: Tensor) -> Tensor:
    """Return vectors (…, D) at length 1, or 0 where they have none."""
    return functional.normalize(vectors, dim=-1)


class PositiveSums(torch.autograd.Function):
    """Sums over regions of max(0, dot product), whose products are computed again on the way back.

    A ReLU would keep them until then: one for each region and word of a batch, which is too much.
    """

    @staticmethod
    def forward(ctx: Any, regions: Tensor, words: Tensor) -> Tensor:
        """Return (B, N) of regions (B, R, D) and words (N, D)."""
        ctx.save_for_backward(regions, words)
        return (regions @ words.T).relu_().sum(1)

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> tuple[Tensor, Tensor]:
        """Return the gradients of regions and words, from that of the sums (B, N)."""
        regions, words = ctx.saved_tensors
        counted = (regions @ words.T > 0) * upstream[0][:, None].to(words.dtype)  # (B, R, N)
        return counted @ words, counted.flatten(0, 1).T @ regions.flatten(0, 1)


def _over_words(reduce: Callable[[Tensor], Tensor], regions: Tensor, words: Tensor, word_mask: Tensor) -> Tensor:
    """Return (B, S): what `reduce` makes (B, N) of some of the real words (N, D), summed over each sentence."""
    sentence = word_mask.nonzero()[:, 0]
    said = words[word_mask]
    few = max(1, TOGETHER // max(1, regions.shape[0] * regions.shape[1]))
    wide = torch.promote_types(regions.dtype, torch.float32)
    scores = regions.new_zeros(regions.shape[0], words.shape[0], dtype=wide)
    for part, owner in zip(said.split(few), sentence.split(few), strict=True):
        scores.index_add_(1, owner, reduce(part).to(wide))
    return scores
