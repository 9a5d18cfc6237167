"""The scores of additive attention, without filling memory: the costly part of its training step."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

_TOGETHER = 1 << 19  # numbers in hand at once: 2 MB of float32, which stays in a processor's cache
_FARTHEST = 43.0  # exp(2 x 43) is still a float32; a product of two that is not is rightly 0 or infinite


def powers(x: Tensor) -> Tensor:
    """Return exp(2x) of x (…), of which tanh is made: at least float32, for x from -43 to 43 and cut off there."""
    wide = x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
    return (2 * wide.clamp(-_FARTHEST, _FARTHEST)).exp()


def additive_scores(keys: Tensor, query: Tensor, weight: Tensor) -> Tensor:
    """Return v · tanh(k + q) less the sum of v, (B, K, C), from powers(k) (B, C, W), powers(q) (B, K, W) and v (W,).

    As tanh(k + q) = 1 - 2 / (1 + exp(2k) exp(2q)), no tanh is taken of B x K x C x W numbers. What is the same
    for all cells, as the sum of v is, a softmax over them does not see.
    """
    scores: Tensor = _Shares.apply(keys, query, weight)
    return -2 * scores


class _Shares(torch.autograd.Function):
    """From x (B, C, W), y (B, K, W), v (W,): the sums over W of v / (1 + xy), (B, K, C), some photos at a time.

    Nothing of size B x K x C x W is kept for the way back: to compute it again in the cache is faster than to
    write it to memory and read it.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, y: Tensor, v: Tensor) -> Tensor:
        """Return the sums."""
        ctx.save_for_backward(x, y, v)
        sums = x.new_empty(len(x), y.shape[1], x.shape[1])
        with torch.autocast(x.device.type, enabled=False):
            for part, shares in _parts(x, y):
                torch.mm(shares.flatten(0, 2), v[:, None], out=sums[part].view(-1, 1))
        return sums

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the gradients of x, y and v, from that of the sums."""
        x, y, v = ctx.saved_tensors
        of_x, of_y, of_v = torch.empty_like(x), torch.empty_like(y), torch.zeros_like(v)
        for part, shares in _parts(x, y):
            now = upstream[0][part]
            of_v += torch.mm(now.reshape(1, -1), shares.flatten(0, 2))[0]
            slopes = shares.addcmul_(shares, shares, value=-1).mul_(now[..., None])  # times -v / x or -v / y
            torch.sum(slopes, 1, out=of_x[part]).mul_(-v).div_(x[part])
            torch.sum(slopes, 2, out=of_y[part]).mul_(-v).div_(y[part])
        return of_x, of_y, of_v


def _parts(x: Tensor, y: Tensor) -> Iterator[tuple[slice, Tensor]]:
    """Yield slices of the photos, each with 1 / (1 + xy) of these, in a buffer that the next one overwrites."""
    step = max(1, _TOGETHER // (y.shape[1] * x.shape[1] * x.shape[2]))
    buffer = x.new_empty(min(step, len(x)), y.shape[1], *x.shape[1:])
    one = x.new_ones(())
    for first in range(0, len(x), step):
        part = slice(first, first + step)
        shares = buffer[: len(x) - first]
        yield part, torch.addcmul(one, x[part, None], y[part, :, None], out=shares).reciprocal_()
