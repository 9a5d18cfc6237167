"""Trainings that are done once: a run folder that is whole is not trained again, one that was stopped goes on.

What the other scripts here share; every step is a command of watchword that a person could type.
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_type_hints

from watchword.core.settings import parse
from watchword.recipes import recipes

SCORES = "scores.json"


def watchword(command: Sequence[str], output: Path, *, mode: str = "a") -> None:
    """Run watchword; what it prints goes to a file."""
    with output.open(mode) as file:
        subprocess.run([sys.executable, "-m", "watchword", *command], stdout=file, check=True)


def settings_of(changes: str) -> list[str]:
    """Return the options that set what stands in a text as NAME=VALUE, apart by spaces."""
    return [part for change in changes.split() for part in ("--set", change)]


def over(folder: Path) -> bool:
    """Tell whether a run went through all its epochs, or stopped early because nothing rose."""
    last = folder / "last"
    if not (last / "progress.json").exists():
        return False
    progress = json.loads((last / "progress.json").read_text())
    learnt = json.loads((last / "checkpoint.json").read_text())["settings"]
    return progress["epoch"] >= learnt["epochs"] or progress["stale"] >= learnt["patience"]


def other_settings(recipe: str, changes: str, folder: Path) -> str:
    """Return in which of its settings a run differs from what is asked for now: "epochs=6, not 10", or ""."""
    begun = json.loads((folder / "last" / "checkpoint.json").read_text())["settings"]
    hints = get_type_hints(recipes[recipe].settings, include_extras=True)
    asked = {name: parse(name, text, hints[name]) for name, _, text in (one.partition("=") for one in changes.split())}
    return ", ".join(
        f"{name}={begun.get(name)}, not {value}" for name, value in asked.items() if begun.get(name) != value
    )


def trained(recipe: str, changes: str, data: Sequence[str], folder: Path, *more: str) -> Path:
    """Train a recipe, or go on with it, or leave it if it is done; return its best checkpoint.

    changes: settings, as `settings_of` takes them. more: other options of `watchword train`. What is done with
    other settings is left, and said; what was stopped is not gone on with in other ones.
    """
    if (folder / "last").exists() and (others := other_settings(recipe, changes, folder)):
        if not over(folder):
            sys.exit(f"{folder} was begun with {others}: remove it, or give the settings that it was begun with")
        print(f"{folder} was trained with {others}; to have it anew remove it", file=sys.stderr)
    if not over(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        sets = [part for one in data for part in ("--data", one)]
        begun = ["--resume"] if (folder / "last").exists() else []
        command = ["train", recipe, *sets, "--output", str(folder), *settings_of(changes), *more, *begun]
        watchword(command, folder.with_name(f"{folder.name}.log"))
    return folder / "best"


def scored(model: Path, data: str, name: str = SCORES, *more: str) -> dict[str, Any]:
    """Return what `watchword evaluate` says of a checkpoint, kept beside it under `name`."""
    path = model.parent / name
    if not path.exists():
        draft = path.with_suffix(".part")
        watchword(["evaluate", str(model), "--data", data, "--json", *more], draft, mode="w")
        draft.rename(path)
    return dict(json.loads(path.read_text()))


def cost(folder: Path) -> dict[str, float]:
    """Return minutes of training and megabytes of weights; one that was held up counts twice the usual, at most."""
    history = json.loads((folder / "last" / "progress.json").read_text())["history"]
    size = sum(path.stat().st_size for path in (folder / "best").glob("*.safetensors"))
    usual = statistics.median(epoch["seconds"] for epoch in history)
    seconds = sum(min(epoch["seconds"], 2 * usual) for epoch in history)
    return {"minutes": seconds / 60, "MB": size / 1e6}


def settled(row: str, common: str) -> tuple[str, str]:
    """Return the recipe that a row begins with, and its settings; those of the row come before what is common."""
    recipe, *own = row.split()
    settings = dict(change.split("=", 1) for change in (*common.split(), *own))
    return recipe, " ".join(f"{name}={value}" for name, value in settings.items())


def done(name: str, row: str, common: str, seed: int, given: argparse.Namespace, *more: str) -> dict[str, Any] | None:
    """Train and score a row of a table unless that is done; return its figures, or None of what is not there and,
    with `given.dry`, not wanted. more: options of the scoring, in which {} is the folder of the run.
    """
    folder = Path(given.runs) / f"{name.replace(', ', '-').replace(' ', '_')}-{seed}"
    if given.dry:
        return scored(folder / "best", given.data) | cost(folder) if (folder / SCORES).exists() else None
    recipe, changes = settled(row, common)
    best = trained(recipe, f"{changes} seed={seed}", [given.data], folder, "--features", given.features)
    return scored(best, given.data, SCORES, *(option.format(folder) for option in more)) | cost(folder)


def told(values: Sequence[float], digits: int) -> str:
    """Return mean and deviation of a figure over seeds."""
    spread = f" ± {_short(statistics.stdev(values), digits)}" if len(values) > 1 else ""
    return _short(statistics.mean(values), digits) + spread


def _short(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".removeprefix("0" if digits > 1 else "")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
