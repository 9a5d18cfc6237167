"""Checkpoints: `weights.safetensors`, `learning.safetensors` and `checkpoint.json`. No pickle.

`learning.safetensors` holds the optimiser's tensors and the random state, `average.safetensors` the
moving average of the weights, so that a resumed run gives the same losses bit for bit.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from watchword.core.errors import CheckpointError
from watchword.data.vocabulary import Vocabulary
from watchword.training.averages import Average

FORMAT = 1


@dataclass
class Progress:
    """Where a run stands: the epoch and the step in it that come next, and what was reached.

    loss: summed over the sentences of this epoch so far, `sentences` of them.
    history: one row an epoch. best: the highest validation score. stale: epochs since.
    """

    epoch: int = 0
    step: int = 0
    loss: float = 0.0
    sentences: int = 0
    best: float = float("-inf")
    stale: int = 0
    history: list[dict[str, float]] = field(default_factory=list)


def save(folder: Path, model: nn.Module, description: dict[str, Any], vocabulary: Vocabulary) -> None:
    """Write weights, what they belong to, and the vocabulary: all that `export` and `evaluate` need."""
    folder.mkdir(parents=True, exist_ok=True)
    write_tensors(dict(unshared(model)), folder / "weights.safetensors")
    vocabulary.save(folder / "vocabulary.txt")
    (folder / "checkpoint.json").write_text(json.dumps({"format": FORMAT, **description}, indent=1), encoding="utf-8")


def unshared(model: nn.Module) -> list[tuple[str, Tensor]]:
    """Return names and tensors of a model; one that goes by two names (tied layers) only by its first."""
    seen: set[int] = set()
    kept = []
    for name, value in model.state_dict(keep_vars=True).items():
        if id(value) not in seen:
            kept.append((name, value.detach().contiguous()))
        seen.add(id(value))
    return kept


def save_learning(folder: Path, optimizer: Optimizer, average: Average, progress: Progress) -> None:
    """Write what a resumed run needs besides the weights."""
    write_tensors(average.state(), folder / "average.safetensors")
    tensors = {"random": torch.get_rng_state()}
    for index, state in optimizer.state_dict()["state"].items():
        tensors |= {
            f"{index}.{name}": torch.as_tensor(value).contiguous() for name, value in state.items() if value is not None
        }
    write_tensors(tensors, folder / "learning.safetensors")
    (folder / "progress.json").write_text(json.dumps(asdict(progress)), encoding="utf-8")


def read_description(folder: Path) -> dict[str, Any]:
    """Return what `checkpoint.json` says: recipe, settings, scores. Raises `CheckpointError`."""
    path = folder / "checkpoint.json"
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        inside = [name for name in ("best", "last") if (folder / name / path.name).is_file()]
        bundle = (folder / "bundle.json").is_file() or (len(folder.parts) == 1 and not folder.exists())
        unpack = f"; a captioner's bundle becomes one with: watchword unpack {folder} CHECKPOINT" if bundle else ""
        hint = f"; give {folder / inside[0]}" if inside else unpack
        raise CheckpointError(f"{folder} is not a checkpoint: it has no {path.name}{hint}") from None
    except (ValueError, RecursionError) as problem:
        raise CheckpointError(f"{path} is damaged: {problem}") from None
    if not isinstance(description, dict) or description.get("format") != FORMAT:
        raise CheckpointError(f"{path}: this version reads checkpoints of format {FORMAT}")
    return description


def load_weights(folder: Path, model: nn.Module) -> None:
    """Fill `model` with the weights of a checkpoint. Raises `CheckpointError` where they do not fit."""
    tensors = read_tensors(folder / "weights.safetensors")
    wanted = dict(unshared(model))
    if set(tensors) != set(wanted) or any(tensors[name].shape != wanted[name].shape for name in wanted):
        raise CheckpointError(
            f"the weights of {folder} are not of this model: other names or shapes than its settings give"
        )
    if not all(torch.isfinite(value).all() for value in tensors.values() if value.is_floating_point()):
        raise CheckpointError(f"weights of {folder} are infinite or no numbers: its training diverged; use another one")
    model.load_state_dict(tensors, strict=False)


def load_learning(folder: Path, optimizer: Optimizer, average: Average) -> Progress:
    """Restore optimiser, average and random state, and return where the run stood. Raises `CheckpointError`."""
    average.restore(read_tensors(folder / "average.safetensors"))
    path = folder / "learning.safetensors"
    tensors = read_tensors(path)
    random, now = tensors.pop("random", None), torch.get_rng_state()
    learning = [weight for group in optimizer.param_groups for weight in group["params"]]
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        index, _, field_name = name.partition(".")
        weight = learning[int(index)] if index.isdecimal() and int(index) < len(learning) else None
        if weight is None or value.shape not in (weight.shape, torch.Size()):
            raise CheckpointError(f"{path} is of other weights than learn here: {name} is {tuple(value.shape)}")
        state.setdefault(int(index), {})[field_name] = value
    if random is None or (random.shape, random.dtype) != (now.shape, now.dtype):
        raise CheckpointError(f"{path} is damaged: it has no state of the random numbers")
    torch.set_rng_state(random)
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    return read_progress(folder)


def read_progress(folder: Path) -> Progress:
    """Return where the run stood whose `last/` a folder is. Raises `CheckpointError`."""
    try:
        return Progress(**json.loads((folder / "progress.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as problem:
        raise CheckpointError(f"{folder / 'progress.json'} is damaged: {problem}") from None


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a safetensors file. Raises `CheckpointError` for a missing or damaged one."""
    try:
        return load_file(path)
    except FileNotFoundError:
        raise CheckpointError(f"{path.parent} has no {path.name}: it is no checkpoint, or not a whole one") from None
    except SafetensorError as problem:
        raise CheckpointError(f"{path} is damaged ({problem}): use another checkpoint") from None


def write_tensors(tensors: dict[str, Tensor], path: Path) -> None:
    """Write a safetensors file. Raises `CheckpointError` where there is no room, or no leave to write."""
    try:
        save_file(tensors, path)
    except SafetensorError as problem:
        raise CheckpointError(f"{path} could not be written ({problem}): make room, then go on with --resume") from None


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """Give an empty folder to fill, and put it in the place of `folder` once filled: a kill never leaves a mixture."""
    fresh, old = folder.with_name(folder.name + ".new"), folder.with_name(folder.name + ".old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh.mkdir(parents=True)
    yield fresh
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def recover(folder: Path) -> None:
    """Put back the old folder where a kill fell between the two renames of `whole`."""
    old = folder.with_name(folder.name + ".old")
    if old.exists() and not folder.exists():
        old.rename(folder)
