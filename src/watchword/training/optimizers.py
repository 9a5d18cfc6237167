"""Optimisers over two groups, head and encoder top, and the schedules of their learning rates."""

import math
from collections.abc import Callable

import torch
from torch import nn
from torch.optim import Optimizer

from watchword.core.errors import SettingsError
from watchword.training.settings import Learning

FLOOR = 0.05  # what cosine ends on, as a share of the first rate


def optimizer_for(model: nn.Module, learning: Learning) -> Optimizer:
    """Return the optimiser that `learning` names over the head, and the encoder's top if it learns.

    Vectors (biases, norms) are not decayed. Raises `SettingsError` for a rate of an encoder without a weight to learn.
    """
    groups = []
    parts = [("head", learning.learning_rate), ("encoder", learning.encoder_rate)]
    for part, rate in parts:
        parameters = [p for p in getattr(model, part).parameters() if p.requires_grad]
        if not rate and part == "encoder":
            continue
        if not parameters:
            raise SettingsError(f"encoder_rate={rate}: no weight of the {part} learns; lower frozen, or leave it out")
        matrices, vectors = [p for p in parameters if p.ndim > 1], [p for p in parameters if p.ndim <= 1]
        groups.append({"params": matrices, "lr": rate, "part": part, "rate": rate})
        groups.append({"params": vectors, "lr": rate, "part": part, "rate": rate, "weight_decay": 0.0})
    makers: dict[str, Callable[[], Optimizer]] = {
        "sgd": lambda: torch.optim.SGD(groups, momentum=learning.momentum, weight_decay=learning.weight_decay),
        "rmsprop": lambda: torch.optim.RMSprop(groups, alpha=0.9, weight_decay=learning.weight_decay),
        "adam": lambda: torch.optim.Adam(groups, fused=True, weight_decay=learning.weight_decay),
        "adamw": lambda: torch.optim.AdamW(groups, fused=True, weight_decay=learning.weight_decay),
    }
    return makers[learning.optimizer]()


def rate_factor(step: int, steps: int, learning: Learning) -> float:
    """Return what the learning rates are multiplied by at `step` of `steps`."""
    if step < learning.warmup:
        return (step + 1) / learning.warmup
    done = (step - learning.warmup) / max(steps - learning.warmup, 1)
    if learning.schedule == "cosine":
        return FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))
    if learning.schedule == "step":
        return 0.5 ** int(done * 4)
    return 1.0


def set_rates(optimizer: Optimizer, step: int, steps: int, learning: Learning, *, joint: bool) -> None:
    """Set the learning rates for `step`; the encoder's is 0 until it has started (`joint`)."""
    factor = rate_factor(step, steps, learning)
    for group in optimizer.param_groups:
        group["lr"] = group["rate"] * factor * (joint or group["part"] == "head")
