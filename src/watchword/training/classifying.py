"""An encoder trained to tell the classes of a data set apart, to be read as features: paper 1, section 3.1."""

import copy
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import torch
from torch.nn import functional

from watchword.core.errors import SettingsError
from watchword.core.settings import Count, Range, Rate
from watchword.data.views import view
from watchword.training.model import seed_everything

VIEWS = 1000  # flips and crops of a picture, of which each epoch takes one


@dataclass(frozen=True)
class Classifying:
    """epochs: passes over the pictures. batch: pictures a step. learning_rate: of AdamW at its highest, a tenth of
    the way; from there it falls as a cosine. weight_decay: of all weights. clip: largest norm of the gradient.
    seed: of everything random.
    """

    epochs: Count = 30
    batch: Count = 32
    learning_rate: Rate = 5e-4
    weight_decay: Rate = 0.01
    clip: Rate = 1.0
    seed: Annotated[int, Range(0, 2**32 - 1)] = 0


class Labelled:
    """Pictures (N, size, size, 3) uint8 and the number of the class of each (N,) int64."""

    def __init__(self, pictures: np.ndarray, classes: np.ndarray) -> None:
        self.pictures, self.classes = pictures, classes

    def __len__(self) -> int:
        return len(self.classes)

    def shuffled(self, batch: int, random: np.random.Generator) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Yield the batches of an epoch, each picture in a view of its own."""
        order = random.permutation(len(self))
        for places in (order[i : i + batch] for i in range(0, len(order), batch)):
            seen = np.stack([view(self.pictures[place], int(random.integers(VIEWS))) for place in places])
            yield torch.from_numpy(seen), torch.from_numpy(self.classes[places])


def fit_classes(
    network: Any,
    learn: Labelled,
    judge: Labelled,
    settings: Classifying,
    on_epoch: Callable[[dict[str, float]], None] = lambda row: None,
) -> list[dict[str, float]]:
    """Train a network that has `scores` by cross-entropy; it ends with the weights of its best epoch.

    Returns a row for each epoch: the loss of a picture in nats, and the share of `judge` that is told right.
    Raises `SettingsError` where training diverges.
    """
    seed_everything(settings.seed)
    steps = settings.epochs * math.ceil(len(learn) / settings.batch)
    optimizer = torch.optim.AdamW(network.parameters(), settings.learning_rate, weight_decay=settings.weight_decay)
    rates = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rise_and_fall(step, steps))
    history: list[dict[str, float]] = []
    best, kept = -1.0, network.state_dict()
    for epoch in range(settings.epochs):
        total = 0.0
        for pixels, classes in learn.shuffled(settings.batch, np.random.default_rng((settings.seed, epoch))):
            loss = functional.cross_entropy(network.scores(network(pixels)), classes)
            optimizer.zero_grad()
            loss.backward()
            norm = torch.nn.utils.clip_grad_norm_(network.parameters(), settings.clip or math.inf)
            if not torch.isfinite(loss + norm):
                raise SettingsError(f"training diverged in epoch {epoch + 1}: lower learning_rate")
            optimizer.step()
            rates.step()
            total += float(loss.detach()) * len(classes)
        right = float((said(network, judge) == judge.classes).mean())
        history.append({"epoch": epoch + 1, "loss": total / len(learn), "accuracy": right})
        if history[-1]["accuracy"] > best:
            best, kept = history[-1]["accuracy"], copy.deepcopy(network.state_dict())
        on_epoch(history[-1])
    network.load_state_dict(kept)
    return history


@torch.inference_mode()
def said(network: Any, judge: Labelled) -> np.ndarray:
    """Return (N,) int64, the number of the likeliest class of each picture."""
    parts = torch.from_numpy(judge.pictures).split(64)
    return torch.cat([network.scores(network(part)).argmax(-1) for part in parts]).numpy()


def _rise_and_fall(step: int, steps: int) -> float:
    """Return the share of the learning rate: rising over a tenth of the steps, then half a cosine down to 0."""
    rise = max(steps // 10, 1)
    return (step + 1) / rise if step < rise else (1 + math.cos(math.pi * (step - rise) / max(steps - rise, 1))) / 2
