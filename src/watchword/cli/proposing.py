"""Checkpoints that no bundle holds, so that PyTorch judges them: their encoder proposes regions photo by photo, or
reads features from files.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from watchword.core.types import Example

PROPOSING = "regions"  # the encoder whose boxes may be proposed
READING = ("clip_features", "from_file", "tuples")  # encoders that see nothing


def proposes(model: str) -> bool:
    """Tell whether `model` is a checkpoint whose encoder proposes boxes of its own for each photo."""
    if not (Path(model) / "checkpoint.json").is_file():
        return False
    from watchword.encoders.options import parted
    from watchword.recipes.base import described

    name = getattr(described(Path(model))[1], "encoder", "")
    plain, given = parted("encoder", name)
    boxes = given.get("boxes", "grid")
    return plain == PROPOSING and boxes.partition(":")[0] != "grid"


def reads_files(model: str) -> bool:
    """Tell whether `model` is a checkpoint whose encoder reads features that others computed."""
    if not (Path(model) / "checkpoint.json").is_file():
        return False
    from watchword.recipes.base import described

    return getattr(described(Path(model))[1], "encoder", "").partition(":")[0] in READING


def no_bundle_holds(model: str) -> bool:
    """Tell whether `model` is a checkpoint that no bundle holds, so that it is judged as in training."""
    return proposes(model) or reads_files(model)


def judged(
    model: str, rows: Sequence[Example], learnt: list[Example], features: Path, console: Console
) -> dict[str, Any]:
    """Return the figures that validation in training gives of a checkpoint, on rows that have photos and sentences.

    learnt: examples to learn from, which rewards and the like are made of. features: where imported ones are kept.
    """
    from watchword.cli.tasks import task_of
    from watchword.cli.views import Views
    from watchword.recipes.base import described, rebuild
    from watchword.training.validation import in_batches

    recipe, settings, about = described(Path(model))
    network, vocabulary, _ = rebuild(Path(model))
    task = task_of(recipe, settings, network, vocabulary, learnt, list(rows))
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) if network.encoder.looks else features
        views = Views(network.encoder, kept, console, about.get("regions", "cropped"))
        seen = views.of(list(rows), 1)
        parts = map(seen, in_batches(np.arange(len(rows)), settings.batch))
        return {**task.figures(parts), "photos": len(rows), "not_described": 0}
