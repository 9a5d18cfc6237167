"""Weights between those of two models that came from one another: Wortsman et al. 2022, "Robust fine-tuning"."""

import torch
from torch import nn

from watchword.core.errors import CheckpointError


@torch.no_grad()
def blend_into(first: nn.Module, second: nn.Module, share: float) -> None:
    """Move every weight of `first` towards that of `second`, `share` (0 to 1) of the way.

    It means something where one was trained on from the other: the way between is then low in loss.
    Raises `CheckpointError` for models of other shapes, or a share outside 0 to 1.
    """
    if not 0 <= share <= 1:
        raise CheckpointError(f"share {share}: from 0 (the first model) to 1 (the second)")
    theirs = dict(second.named_parameters())
    ours = dict(first.named_parameters())
    if {name: p.shape for name, p in ours.items()} != {name: p.shape for name, p in theirs.items()}:
        raise CheckpointError("these two models have weights of other names or shapes: blend one with what came of it")
    for name, weight in ours.items():
        weight.lerp_(theirs[name], share)
