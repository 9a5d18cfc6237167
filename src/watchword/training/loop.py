"""The loop that trains every model: steps, validation, checkpoints, early stop."""

import copy
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.optim import Optimizer

from watchword.core.errors import SearchError, SettingsError
from watchword.core.types import Features
from watchword.data.batches import Batch
from watchword.data.vocabulary import Vocabulary
from watchword.training import checkpoints
from watchword.training.averages import Average
from watchword.training.checkpoints import Progress
from watchword.training.losses import label_drift
from watchword.training.model import Model, seed_everything
from watchword.training.objectives import Objective
from watchword.training.optimizers import optimizer_for, set_rates
from watchword.training.settings import Learning

SAVE_EVERY = 300  # seconds between checkpoints within an epoch


@dataclass
class Run:
    """Everything that one training run needs; it knows neither recipes nor file formats.

    batches: the batches of an epoch, in order. seen: what the trunk saw of rows (B,), each in one of its
    `learning.views` (B,). validate: figures of the model as it stands; `watched` is the one that stops early.
    objective: what falls: the loss of a batch, from head and features.
    description: goes into the checkpoint, so that it can be rebuilt. on_step: told each loss.
    on_epoch: told each row of the history. on_start: told the number of each epoch before its first step.
    """

    model: Model
    learning: Learning
    folder: Path
    vocabulary: Vocabulary
    batches: Callable[[int], Sequence[Batch]]
    seen: Callable[[np.ndarray, np.ndarray], np.ndarray]
    validate: Callable[[], dict[str, float]]
    objective: Objective
    description: dict[str, Any] = field(default_factory=dict)
    watched: str = "CIDEr-D"
    on_step: Callable[[int, int, float], None] = lambda step, steps, loss: None
    on_epoch: Callable[[Progress], None] = lambda progress: None
    on_start: Callable[[int], None] = lambda epoch: None


def fit(run: Run, *, resume: bool = False) -> Progress:
    """Train until the epochs are over or validation has not risen for `patience` of them.

    Writes `last/` (to resume from) and `best/` (to keep) into the folder of the run. A resumed run
    goes through the same losses, bit for bit, as one that was never stopped; it is given the model
    that the first was given, from which `keep_labels` takes the labels to keep.

    Raises `SettingsError` where training diverges, `CheckpointError` where `last/` does not fit.
    """
    seed_everything(run.learning.seed)
    optimizer, progress = optimizer_for(run.model, run.learning), Progress()
    average = Average(run.model, run.learning.average)
    teacher = copy.deepcopy(run.model.encoder).eval() if run.learning.keep_labels else None
    last = run.folder / "last"
    for kept in (last, run.folder / "best"):
        checkpoints.recover(kept)
    if resume:
        checkpoints.load_weights(last, run.model)
        progress = checkpoints.load_learning(last, optimizer, average)
    while progress.epoch < run.learning.epochs and progress.stale < run.learning.patience:
        started = time.monotonic()
        one_epoch(run, optimizer, average, progress, teacher)
        finish_epoch(run, optimizer, average, progress, time.monotonic() - started)
    return progress


def one_epoch(run: Run, optimizer: Optimizer, average: Average, progress: Progress, teacher: Any) -> None:
    """Go through the batches of an epoch from where `progress` stands."""
    batches, saved = run.batches(progress.epoch), time.monotonic()
    run.on_start(progress.epoch)
    run.model.train()
    for step in range(progress.step, len(batches)):
        loss, sentences = update(run, optimizer, progress, batches[step], len(batches), teacher)
        average.update()
        progress.loss += loss * sentences
        progress.sentences += sentences
        progress.step = step + 1
        run.on_step(step + 1, len(batches), loss)
        if time.monotonic() - saved > SAVE_EVERY:
            save(run, optimizer, average, progress)
            saved = time.monotonic()


def update(
    run: Run, optimizer: Optimizer, progress: Progress, batch: Batch, steps: int, teacher: Any
) -> tuple[float, int]:
    """Take one step; return the loss of a sentence, in nats, and how many sentences there were."""
    learning = run.learning
    joint = learning.encoder_rate > 0 and progress.epoch >= learning.encoder_start
    set_rates(optimizer, progress.epoch * steps + progress.step, learning.epochs * steps, learning, joint=joint)
    random = np.random.default_rng((learning.seed, progress.epoch, progress.step))
    batch = batch._replace(views=random.integers(0, learning.views, len(batch.rows)))
    seen = torch.from_numpy(run.seen(batch.rows, batch.views)).float()
    with torch.autocast("cpu", torch.bfloat16, enabled=learning.dtype == "bfloat16"):
        with torch.set_grad_enabled(joint):
            features = run.model.encoder.top(seen)
        loss, sentences = run.objective(run.model.head, features, batch)
        total = loss
        if joint and teacher is not None:
            total = loss + learning.keep_labels * drift_from(teacher, run.model.encoder, features, seen)
    optimizer.zero_grad(set_to_none=True)
    total.backward()
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    norm = torch.nn.utils.clip_grad_norm_(parameters, learning.clip or math.inf)
    if learning.clip_each:
        torch.nn.utils.clip_grad_value_(parameters, learning.clip_each)
    if not torch.isfinite(total + norm):
        raise diverged(run, progress, float(total.detach()), float(norm))
    optimizer.step()
    return float(loss.detach()), sentences


def tells_classes(encoder: Any) -> bool:
    """Try out whether an encoder has a classifier, whose labels could be kept."""
    if not encoder.looks:
        return False
    try:
        encoder.classify(encoder(torch.zeros(1, encoder.size, encoder.size, 3, dtype=torch.uint8)))
    except NotImplementedError:
        return False
    return True


def drift_from(teacher: Any, encoder: Any, features: Features[Tensor], seen: Tensor) -> Tensor:
    """Return how far the encoder's labels have moved from the teacher's; `features` are the encoder's of `seen`."""
    with torch.no_grad():
        before = teacher.classify(teacher.top(seen))
    return label_drift(before.float(), encoder.classify(features).float())


def diverged(run: Run, progress: Progress, loss: float, norm: float) -> SettingsError:
    """Return the error of a step that no optimiser may take."""
    last = run.folder / "last"
    return SettingsError(
        f"the loss is {loss} at step {progress.step + 1} of epoch {progress.epoch + 1}, its gradient {norm} long: "
        "training diverged. Lower learning_rate or encoder_rate" + (f"; {last} is from before" if last.exists() else "")
    )


def finish_epoch(run: Run, optimizer: Optimizer, average: Average, progress: Progress, seconds: float) -> None:
    """Validate, keep the best, save, and make `progress` stand at the next epoch.

    Raises `SettingsError` where the last step was one too far.
    """
    if not all(torch.isfinite(weight).all() for weight in average.weights.values()):
        raise diverged(run, progress, progress.loss / max(progress.sentences, 1), math.inf)
    run.model.eval()
    with average.in_place():
        try:
            figures = run.validate()
        except SearchError as problem:  # of weights so large that what they give is no number
            raise SettingsError(
                f"what epoch {progress.epoch + 1} made says nothing ({problem}): training diverged. "
                "Lower learning_rate or encoder_rate"
            ) from None
        better = figures[run.watched] > progress.best
        if better:
            with checkpoints.whole(run.folder / "best") as folder:
                checkpoints.save(folder, run.model, run.description | {"scores": figures}, run.vocabulary)
    loss = progress.loss / max(progress.sentences, 1)
    progress.history.append({"epoch": progress.epoch + 1, "loss": loss, **figures, "seconds": seconds})
    progress.best, progress.stale = (figures[run.watched], 0) if better else (progress.best, progress.stale + 1)
    progress.epoch, progress.step, progress.loss, progress.sentences = progress.epoch + 1, 0, 0.0, 0
    save(run, optimizer, average, progress)
    run.on_epoch(progress)


def save(run: Run, optimizer: Optimizer, average: Average, progress: Progress) -> None:
    """Write `last/`, whole."""
    with checkpoints.whole(run.folder / "last") as folder:
        checkpoints.save(folder, run.model, run.description, run.vocabulary)
        checkpoints.save_learning(folder, optimizer, average, progress)
