"""A convolution and its fixed normalisation learn as PyTorch's own modules do."""

import pytest
import torch
from torch import Tensor, nn

from watchword.encoders.folding import conv_norm

CASES = [  # channels in and out, kernel, stride, groups, side of the padded map
    (6, 10, 1, 1, 1, 7),
    (6, 10, 3, 2, 1, 9),
    (8, 8, 5, 1, 8, 11),
    (8, 8, 5, 2, 8, 11),
    (8, 8, 3, 2, 8, 10),
]


def layers(inputs: int, outputs: int, kernel: int, stride: int, groups: int) -> tuple[nn.Conv2d, nn.BatchNorm2d]:
    torch.manual_seed(0)
    conv = nn.Conv2d(inputs, outputs, kernel, stride, groups=groups, bias=False).double()
    norm = nn.BatchNorm2d(outputs, eps=1e-3).double().eval()
    for values in (norm.weight, norm.bias, norm.running_mean, norm.running_var):
        nn.init.uniform_(values, 0.3, 2.0)
    return conv, norm


@pytest.mark.parametrize(("inputs", "outputs", "kernel", "stride", "groups", "side"), CASES)
@pytest.mark.parametrize("memory", [torch.contiguous_format, torch.channels_last])
def test_numbers_and_gradients_are_those_of_the_modules(
    inputs: int, outputs: int, kernel: int, stride: int, groups: int, side: int, memory: torch.memory_format
) -> None:
    conv, norm = layers(inputs, outputs, kernel, stride, groups)
    x = torch.randn(3, inputs, side, side + 2, dtype=torch.double).contiguous(memory_format=memory).requires_grad_()
    learnt = x, conv.weight, norm.weight, norm.bias
    plain = norm(conv(x))
    pull = torch.randn_like(plain)
    folded = conv_norm(x, conv, norm)
    torch.testing.assert_close(folded, plain)
    for mine, theirs in zip(
        torch.autograd.grad(folded, learnt, pull), torch.autograd.grad(plain, learnt, pull), strict=True
    ):
        assert mine.shape == theirs.shape
        torch.testing.assert_close(mine, theirs)


def test_without_learning_the_modules_themselves_are_called() -> None:
    conv, norm = layers(8, 8, 3, 1, 8)
    x = torch.randn(2, 8, 5, 5, dtype=torch.double)
    with torch.no_grad():
        assert torch.equal(conv_norm(x, conv, norm), norm(conv(x)))
    conv.requires_grad_(False)
    assert torch.equal(conv_norm(x, conv, norm), norm(conv(x)))


def test_in_bfloat16_gradients_are_as_near_as_those_of_the_modules() -> None:
    conv, norm = layers(16, 16, 5, 1, 16)
    x, learnt = torch.randn(4, 16, 11, 11, dtype=torch.double), (conv.weight, norm.weight, norm.bias)
    pull = torch.randn(4, 16, 7, 7)
    exact = torch.autograd.grad(norm(conv(x)), learnt, pull.double())
    conv.float(), norm.float()

    def far(maps: Tensor) -> list[float]:
        found = torch.autograd.grad(maps.float(), learnt, pull)
        return [float((a - b).norm() / b.norm()) for a, b in zip(found, exact, strict=True)]

    learnt = (conv.weight, norm.weight, norm.bias)
    with torch.autocast("cpu", torch.bfloat16):
        folded, plain = conv_norm(x.float(), conv, norm), norm(conv(x.float()))
    assert folded.dtype == torch.bfloat16
    assert max(far(folded)) < max(0.02, 1.5 * max(far(plain)))
