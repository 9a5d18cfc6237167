"""How long a step of the encoder's learning part takes: as watchword computes it, as PyTorch's modules do, and its
matrix products alone (its 1 x 1 convolutions).

Run: OMP_NUM_THREADS=1 python bench/joint.py [--dtype float32] [--repeats 5]
"""

import argparse
import time
from collections.abc import Callable
from typing import Any
from unittest import mock

import torch
from torch import Tensor, nn

from watchword.encoders import efficientnet_lite

PHOTOS, PLACE = 64, "watchword.encoders.efficientnet_lite.conv_norm"


def products(top: nn.Module, dtype: torch.dtype) -> Callable[[], None]:
    """Return a function that does the products of the 1 x 1 convolutions of a step, back and forth."""
    convs = [part for part in top.modules() if isinstance(part, nn.Conv2d) and part.kernel_size == (1, 1)]
    pairs = [(torch.randn(PHOTOS * 49, c.in_channels), torch.randn(c.in_channels, c.out_channels)) for c in convs]
    pairs = [(x.to(dtype), weight.to(dtype)) for x, weight in pairs]

    def run() -> None:
        for x, weight in pairs:
            y = x @ weight
            x.mT @ y
            y @ weight.mT

    return run


def plainly(x: Tensor, conv: nn.Conv2d, norm: nn.BatchNorm2d) -> Tensor:
    """Return what PyTorch's modules make of padded maps."""
    return norm(conv(x))


def main() -> None:
    """Take the steps in turns and print the fastest of each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="bfloat16")
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    dtype = getattr(torch, given.dtype)
    encoder: Any = efficientnet_lite.efficientnet_lite0(frozen=13, pretrained=False)
    seen, pull = torch.rand(PHOTOS, 192, 7, 7), torch.randn(PHOTOS, 49, 1280)

    def step() -> None:
        with torch.autocast("cpu", torch.bfloat16, enabled=dtype == torch.bfloat16):
            cells = encoder.top(seen).cells
        (cells * pull).mean().backward()
        encoder.zero_grad(set_to_none=True)

    def step_of_modules() -> None:
        with mock.patch(PLACE, plainly):
            step()

    ways = {
        "its products": products(nn.Sequential(*list(encoder.units)[13:]), dtype),
        "watchword": step,
        "the modules": step_of_modules,
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(given.repeats + 1):
        for name, way in ways.items():
            started = time.process_time()
            way()
            seconds[name].append(time.process_time() - started)
    for name, times in seconds.items():
        best = min(times[1:])
        print(f"{name:14} {best:6.3f} s   {best / min(seconds['its products'][1:]):5.2f} times its products")


if __name__ == "__main__":
    main()
