"""Tuples as a recogniser would see them that is wrong as often as one likes, and knows how sure it may be."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch

from watchword.decoders import chain

_UNSEEN = 0.1  # what a pair of words that never stood together counts as
_LEAST = 0.05  # of noise, in probabilities: with less a word is certain


def prior(labels: np.ndarray, widths: Sequence[int]) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """Return how likely each first word is (N_0,), and each next one after it (N_r, N_r+1), as logarithms.

    Counted in labels (N, R); what was never seen counts a tenth.
    """
    first = np.bincount(labels[:, 0], minlength=widths[0]) + _UNSEEN
    pairs = []
    for r, sizes in enumerate(pairwise(widths)):
        counts = np.full(sizes, _UNSEEN)
        np.add.at(counts, (labels[:, r], labels[:, r + 1]), 1)
        pairs.append(torch.from_numpy(np.log(counts / counts.sum(1, keepdims=True))))
    return torch.from_numpy(np.log(first / first.sum())), pairs


def blurred(
    labels: np.ndarray, widths: Sequence[int], known: np.ndarray, *, noise: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return what a recogniser with noise says of labels (N, R): probabilities (N, W), and the likeliest tuples (N, R).

    It sees each word as 1 where it is and 0 where not, plus normal noise of deviation `noise`, and reasons from that
    as well as can be: by the chain of what was counted in the labels `known` (M, R). So its probabilities are
    calibrated, and how often it is wrong is set by the noise alone.
    """
    random = np.random.default_rng(seed)
    first, pairs = prior(known, widths)
    unaries = []
    for r, width in enumerate(widths):
        seen = np.eye(width)[labels[:, r]] + noise * random.standard_normal((len(labels), width))
        unaries.append(torch.from_numpy(seen / max(noise, _LEAST) ** 2))
    unaries[0] = unaries[0] + first
    chances = torch.cat(chain.log_marginals(unaries, pairs), -1).exp()
    return chances.numpy(), chain.likeliest(unaries, pairs).numpy()
