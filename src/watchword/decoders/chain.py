"""A linear-chain conditional random field (Lafferty et al. 2001) whose places have labels of their own each.

Scores of labels at R places in a row and of pairs of neighbours: p(y) is proportional to the exponential of
sum_r unary_r[y_r] + sum_r pairwise_r[y_r, y_r+1]. Here the places are the roles of a semantic tuple, of which
paper 2, section 6, takes the maxima and the probabilities. Everything is exact and in tensors that a graph can hold.

In all of these: unaries: R tensors (B, N_r), N_r the labels of place r, in nats, any offset. pairwise: R - 1
tensors (N_r, N_r+1). `core.smoothing` holds the chain whose places share their labels and whose neighbours agree.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional


def total(unaries: Sequence[Tensor], pairwise: Sequence[Tensor], labels: Tensor) -> Tensor:
    """Return the score (B,) of labels (B, R) int64."""
    score = torch.stack([u.gather(1, labels[:, r, None])[:, 0] for r, u in enumerate(unaries)]).sum(0)
    for r, pairs in enumerate(pairwise):
        score = score + pairs[labels[:, r], labels[:, r + 1]]
    return score


def log_sum(unaries: Sequence[Tensor], pairwise: Sequence[Tensor]) -> Tensor:
    """Return the logarithm of the sum of the exponentials of all labellings' scores: (B,)."""
    return forwards(unaries, pairwise)[-1].logsumexp(-1)


def forwards(unaries: Sequence[Tensor], pairwise: Sequence[Tensor]) -> list[Tensor]:
    """Return for each place (B, N_r): the log-sum over all labellings of the places up to it that end so."""
    sums = [unaries[0]]
    for unary, pairs in zip(unaries[1:], pairwise, strict=True):
        sums.append(unary + (sums[-1][:, :, None] + pairs).logsumexp(1))
    return sums


def backwards(unaries: Sequence[Tensor], pairwise: Sequence[Tensor]) -> list[Tensor]:
    """Return for each place (B, N_r): the log-sum over all labellings of the places behind it, after each label."""
    sums = [torch.zeros_like(unaries[-1])]
    for unary, pairs in zip(reversed(unaries[1:]), reversed(pairwise), strict=True):
        sums.append((pairs + (unary + sums[-1])[:, None]).logsumexp(2))
    return sums[::-1]


def log_marginals(unaries: Sequence[Tensor], pairwise: Sequence[Tensor]) -> list[Tensor]:
    """Return the log-probability of each label of each place, whatever the others are: R of (B, N_r)."""
    both = zip(forwards(unaries, pairwise), backwards(unaries, pairwise), strict=True)
    return [(before + behind).log_softmax(-1) for before, behind in both]


def likeliest(unaries: Sequence[Tensor], pairwise: Sequence[Tensor]) -> Tensor:
    """Return the labelling (B, R) int64 that no other exceeds (Viterbi), of equal ones the one with lower labels."""
    score, came = unaries[0], []
    for unary, pairs in zip(unaries[1:], pairwise, strict=True):
        best, before = (score[:, :, None] + pairs).max(1)
        came.append(before)
        score = unary + best
    labels = [score.argmax(-1)]
    for before in reversed(came):
        labels.append(before.gather(1, labels[-1][:, None])[:, 0])
    return torch.stack(labels[::-1], 1)


def as_rows(labels: Tensor, widths: Sequence[int]) -> Tensor:
    """Return labels (B, R) as one row a place (B, R, sum of widths), each one-hot in the stretch of its place."""
    firsts = torch.tensor([sum(widths[:r]) for r in range(len(widths))])
    return functional.one_hot(labels + firsts, sum(widths)).float()
