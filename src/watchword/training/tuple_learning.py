"""A labeller of tuples trained by the likelihood of its chain: paper 2, section 6, leaves how to others."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from watchword.core.errors import SettingsError
from watchword.core.settings import Count, Rate, Share
from watchword.core.types import Features
from watchword.training.model import seed_everything

Seen = Callable[[np.ndarray], Features[Tensor]]


@dataclass(frozen=True)
class TupleLearning:
    """epochs: passes over the clips; the best of them is kept. batch: clips a step. learning_rate, weight_decay: of
    AdamW. dropout: share of a clip's vector. minimum: clips that a word must be said of to be known. seed: of
    everything random.
    """

    epochs: Count = 40
    batch: Count = 32
    learning_rate: Rate = 1e-3
    weight_decay: Rate = 0.05
    dropout: Share = 0.5
    minimum: Count = 1
    seed: int = 0


def fit_tuples(
    labeller: Any,
    learn: tuple[Seen, np.ndarray],
    judge: tuple[Seen, np.ndarray],
    settings: TupleLearning,
    on_epoch: Callable[[dict[str, float]], None] = lambda row: None,
) -> list[dict[str, float]]:
    """Train a labeller (as `decoders.tuple_labeller.TupleLabeller`); it ends with the weights of its best epoch.

    learn, judge: a function from places (B,) to features of the clips, and the labels (N, R) int64; of `judge` -1 for
    a word that the labeller does not know, which is never right.
    Returns a row for each epoch: "loss", the negative log-likelihood of a tuple in nats, and of `judge` the share of
    tuples that are "right" in every role and of the words in "words", by which the best is chosen.
    Raises `SettingsError` where training diverges.
    """
    seed_everything(settings.seed)
    seen, labels = learn
    optimizer = torch.optim.AdamW(labeller.parameters(), settings.learning_rate, weight_decay=settings.weight_decay)
    history: list[dict[str, float]] = []
    best, kept = -1.0, labeller.state_dict()
    for epoch in range(settings.epochs):
        order, total = np.random.default_rng((settings.seed, epoch)).permutation(len(labels)), 0.0
        labeller.train()
        for places in (order[start : start + settings.batch] for start in range(0, len(order), settings.batch)):
            loss = labeller.loss(seen(places), torch.from_numpy(labels[places])).mean()
            if not torch.isfinite(loss):
                raise SettingsError(f"training diverged in epoch {epoch + 1}: lower learning_rate")
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += float(loss.detach()) * len(places)
        hit = tuples_said(labeller, judge[0], len(judge[1]))[1] == judge[1]
        history.append(
            {"epoch": epoch + 1, "loss": total / len(labels), "right": hit.all(1).mean(), "words": hit.mean()}
        )
        if history[-1]["words"] > best:
            best, kept = history[-1]["words"], copy.deepcopy(labeller.state_dict())
        on_epoch(history[-1])
    labeller.load_state_dict(kept)
    return history


@torch.inference_mode()
def tuples_said(labeller: Any, seen: Seen, count: int, *, batch: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """Return of `count` clips the probabilities (N, W) of all roles' words, and the likeliest tuple (N, R) int64."""
    labeller.eval()
    parts = [labeller(seen(np.arange(start, min(start + batch, count)))) for start in range(0, count, batch)]
    chances, cells = (torch.cat([part[i] for part in parts]) for i in (0, 1))
    firsts = torch.tensor([0, *labeller.widths[:-1]]).cumsum(0)
    return chances.numpy(), (cells.argmax(-1) - firsts).numpy()
