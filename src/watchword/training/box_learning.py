"""How what draws boxes for words learns: by the generalized intersection over union with boxes that people drew."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

EPOCHS, BATCH, RATE, DECAY = 20, 64, 1e-3, 0.05
_LITTLE = 1e-6


class Drawn(NamedTuple):
    """Runs of words with the boxes that people drew. Shapes: N runs, P photos, R regions, D width.

    similarities: (N, R) float32, summed over the words. words: (N, D) float32, summed. photo: (N,) int64, places in
    `regions`, (P, R, D) float32. boxes: N arrays (K, 4); any one of them is right.
    """

    similarities: np.ndarray
    words: np.ndarray
    photo: np.ndarray
    regions: np.ndarray
    boxes: Sequence[np.ndarray]


def learn_boxes(model: nn.Module, drawn: Drawn, seed: int = 0) -> None:
    """Teach `model`, an `alignment.box_regression.BoxRegression`, in place; the same every time."""
    random = np.random.default_rng(seed)
    most = max(len(each) for each in drawn.boxes)
    # A box given twice changes nothing where the best of them counts.
    boxes = np.stack([np.resize(each, (most, 4)) for each in drawn.boxes]).astype(np.float32)
    given = [torch.from_numpy(array) for array in (drawn.similarities, drawn.words, boxes)]
    optimizer = torch.optim.AdamW(model.parameters(), RATE, weight_decay=DECAY)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)  # for dropout
        model.train()
        for epoch in range(EPOCHS):
            for group in optimizer.param_groups:
                group["lr"] = RATE * (1 - epoch / EPOCHS)
            order = random.permutation(len(boxes))
            for first in range(0, len(order), BATCH):
                some = order[first : first + BATCH]
                similarities, words, right = (array[some] for array in given)
                optimizer.zero_grad()
                _loss(model(similarities, words, torch.from_numpy(drawn.regions[drawn.photo[some]])), right).backward()
                optimizer.step()
        model.eval()


def _loss(found: Tensor, boxes: Tensor) -> Tensor:
    """Return what boxes (N, 4) lack to the nearest of boxes (N, K, 4)."""
    overlap, best = generalized_iou(found, boxes).max(1)
    nearest = boxes[torch.arange(len(boxes)), best]
    return (1 - overlap).mean() + functional.l1_loss(found, nearest) * 2


def generalized_iou(found: Tensor, boxes: Tensor) -> Tensor:
    """Return the generalized intersection over union of boxes (N, 4) with boxes (N, K, 4): (N, K), from -1 to 1.

    Rezatofighi et al. 2019: as a loss it draws together boxes that do not meet.
    """
    given = found[:, None]
    inside = _area(torch.maximum(given[..., :2], boxes[..., :2]), torch.minimum(given[..., 2:], boxes[..., 2:]))
    around = _area(torch.minimum(given[..., :2], boxes[..., :2]), torch.maximum(given[..., 2:], boxes[..., 2:]))
    union = _area(given[..., :2], given[..., 2:]) + _area(boxes[..., :2], boxes[..., 2:]) - inside
    return inside / (union + _LITTLE) - (around - union) / (around + _LITTLE)


def _area(low: Tensor, high: Tensor) -> Tensor:
    return (high - low).clamp(min=0).prod(-1)
