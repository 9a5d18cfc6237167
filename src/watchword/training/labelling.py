"""What a labeller learns, and how well it tells clips that it did not learn from."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from watchword.core.types import Features
from watchword.data.batches import Batch
from watchword.metrics.classification import classification
from watchword.training.losses import CrossEntropyOfRows


class StepwiseLabels:
    """The negative log-likelihood of a clip's class, in the mean over all steps at which it is told.

    Paper 2, section 4, predicts the class at each step. smoothing: of the labels.
    """

    def __init__(self, smoothing: float) -> None:
        self.smoothing = smoothing

    def __call__(self, labeller: Any, features: Features[Tensor], batch: Batch) -> tuple[Tensor, int]:
        """Return the loss of a clip, in nats, and how many clips there were.

        labeller: gives logits (B, S, N), as `decoders.labelling.StepClassifier`.
        """
        logits = labeller(features)
        classes = torch.from_numpy(batch.targets[:, 0, 0])
        targets = classes[:, None].expand(-1, logits.shape[1])
        losses = CrossEntropyOfRows.apply(logits.flatten(0, 1), targets.flatten(), self.smoothing)
        return losses.mean(), len(classes)


class LabelValidator:
    """Judges the labels of the same clips again and again.

    true: the class of each clip. classes: those that a model knows, in its order.
    """

    def __init__(self, true: Sequence[str], classes: Sequence[str]) -> None:
        self.true, self.classes = list(true), tuple(classes)
        places = {name: place for place, name in enumerate(self.classes)}
        self.known = np.array([places.get(name, -1) for name in self.true], np.int64)

    def figures(self, model: Any, seen: Iterable[Any]) -> dict[str, float]:
        """Return accuracy, mean recall of the classes, and loss, from what the trunk saw, batch by batch.

        loss: of the true class in nats, under the mean over all steps, where the model knows it.
        """
        model.eval()
        chances = np.concatenate([model.probabilities(part) for part in seen])
        found = classification([self.classes[place] for place in chances.argmax(1)], self.true)
        known = self.known >= 0
        likely = chances[known, self.known[known]]
        loss = float(-np.log(np.maximum(likely, 1e-9)).mean()) if known.any() else float("nan")
        return {"accuracy": found.accuracy, "mean_recall": found.mean_recall, "val_loss": loss}
