"""Convolutions followed by batch normalisation of fixed statistics, as they learn in a fraction of the time."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.grad import conv2d_input


def conv_norm(x: Tensor, conv: nn.Conv2d, norm: nn.BatchNorm2d) -> Tensor:
    """Return `norm(conv(x))`, (B, W', H', L') of padded maps x (B, W, H, L), `norm` with its statistics fixed.

    While they learn, the normalisation is folded into the weights, whose gradient is then taken back through the
    fold: the same numbers but for rounding, and no pass over the maps. A convolution of each channel by itself
    gets the gradient of its weights as `_Depthwise` says. Both halve a step of joint training (docs/decisions.md).
    """
    if not (torch.is_grad_enabled() and conv.weight.requires_grad):
        return norm(conv(x))
    mean, variance = norm.running_mean, norm.running_var
    assert mean is not None
    assert variance is not None
    scale = norm.weight * (variance + norm.eps).rsqrt()
    weight, bias = conv.weight * scale[:, None, None, None], norm.bias - mean * scale
    if conv.groups == 1:
        return functional.conv2d(x, weight, bias, conv.stride)
    if torch.is_autocast_enabled("cpu"):
        kind = torch.get_autocast_dtype("cpu")
        x, weight, bias = x.to(kind), weight.to(kind), bias.to(kind)
    return _Depthwise.apply(x, weight, bias, conv.stride[0])


class _Depthwise(torch.autograd.Function):
    """A convolution of each channel by itself, with a gradient of its weights that is a convolution, too.

    PyTorch's own takes twenty times as long as the convolution where kernels are 5 x 5 and maps are small.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, stride: int) -> Tensor:
        """Return maps of maps x (B, C, H, L), weights (C, 1, N, N) and bias (C,)."""
        ctx.save_for_backward(x, weight)
        ctx.stride = stride
        return functional.conv2d(x, weight, bias, stride, groups=len(weight))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, Tensor, Tensor, None]:
        """Return the gradients of maps, weights and bias.

        That of the weights: each map, of each photo, slides under its own gradient as under a kernel, which gives
        that photo's (N, N); over photos they are summed.
        """
        x, weight = ctx.saved_tensors
        gradient, stride, (photos, channels, *size) = gradients[0].contiguous(), ctx.stride, x.shape
        kernels = gradient.view(photos * channels, 1, *gradient.shape[2:])
        maps = x.reshape(1, photos * channels, *size)
        each = functional.conv2d(maps, kernels, dilation=stride, groups=photos * channels)
        side = weight.shape[-1]  # a stride that does not divide leaves rows of x that no kernel reached
        of_weight = each[0, :, :side, :side].unflatten(0, (photos, channels)).sum(0)[:, None]
        of_x = None
        if ctx.needs_input_grad[0]:
            of_x = conv2d_input(x.shape, weight, gradient, stride=stride, groups=channels)
        return of_x, of_weight, gradient.sum((0, 2, 3)), None
