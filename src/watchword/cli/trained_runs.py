"""Runs that were trained: where they lie, their settings and their scores."""

import dataclasses
import inspect
import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from watchword.cli.printable import printable
from watchword.core.errors import CheckpointError, suggestion
from watchword.metrics.figures import METRICS

NAME = "checkpoint.json"
EVALUATED = "scores.json"  # what `watchword evaluate RUN/best --json` said, kept in the folder of the run
_FILES = ("weights", "pca")  # options that name a network's files
_OWN = ("frozen", *_FILES)  # what is no form of a network, but a setting of its own, or where it lies


@dataclasses.dataclass(frozen=True)
class TrainedRun:
    """One run, as its best checkpoint says.

    folder: as it was given, or below that. checkpoint: the folder of the checkpoint. settings: all of them, the
    recipe among them. scores: by name, on what it was validated on, and besides what `EVALUATED` beside it says.
    data: by what it was for, how many photos, and the beginning of their hash. start_from: the checkpoint that it went
    on from, or "none".
    """

    folder: Path
    checkpoint: Path
    settings: Mapping[str, Any]
    scores: Mapping[str, float]
    data: Mapping[str, str]
    start_from: str

    def value(self, name: str) -> Any:
        """Return the setting called `name`: the run's, or else an option of its encoder. Raises `CheckpointError`."""
        if name in self.settings:
            return self.settings[name]
        if name in self.encoder_options:
            return self.encoder_options[name]
        known = [*self.settings, *(option for option in self.encoder_options if option not in self.settings)]
        raise CheckpointError(
            f"{self.folder} has no setting {name!r}{suggestion(name, known)}; it has: {', '.join(known)}"
        )

    def score(self, name: str) -> float:
        """Return the score called `name`; `CheckpointError` where there is none."""
        if name in self.scores:
            return self.scores[name]
        there = (
            f"; it has: {', '.join(self.scores)}"
            if self.scores
            else ", nor any other: a blend is not validated, nor is last/ of a run"
        )
        if name in METRICS:
            place = self.checkpoint.with_name(EVALUATED)
            there += f". For more: watchword evaluate {self.checkpoint} --data DATASET --json > {place}"
        raise CheckpointError(f"{self.folder} has no score {name!r}{suggestion(name, self.scores)}{there}")

    @property
    def under_way(self) -> str:
        """How far a run came that did not come to its end, as "3 of 6 epochs"; "" where it did, or nothing says."""
        last = self.checkpoint.with_name("last")
        try:
            reached = json.loads((last / "progress.json").read_text(encoding="utf-8"))
            wanted = json.loads((last / NAME).read_text(encoding="utf-8"))["settings"]
            if reached["epoch"] < wanted["epochs"] and reached["stale"] < wanted["patience"]:
                return f"{reached['epoch']} of {wanted['epochs']} epochs"
        except (OSError, ValueError, KeyError, TypeError):
            pass  # of a search, a checkpoint alone, or damaged, which concerns whoever resumes it
        return ""

    @cached_property
    def encoder_options(self) -> dict[str, Any]:
        """What the encoder's name says behind its colon, what stands for what it leaves out, and the form of a CNN
        that was trained here, which is in its file of weights.
        """
        from watchword.encoders import encoders

        if "encoder" not in self.settings:
            return {}
        plain, given = _parted(self.settings["encoder"])
        form = ",".join(option for option in given if not option.startswith("pca="))
        made = inspect.signature(encoders[f"{plain}:{form}" if form else plain]).parameters
        options = {name: each.default for name, each in made.items() if name not in _OWN}
        return options | self._trained_form(plain, given)

    def encoder_without(self, names: Iterable[str]) -> str:
        """Return the encoder without options of these names, and without the files that hold them."""
        plain, given = _parted(self.settings["encoder"])
        left_out = {*names, *(_FILES if set(names) & self._trained_form(plain, given).keys() else ())}
        kept = [option for option in given if option.partition("=")[0] not in left_out]
        return f"{plain}:{','.join(kept)}" if kept else plain

    def _trained_form(self, plain: str, given: list[str]) -> dict[str, Any]:
        """Return the form of a plain CNN that is read from its weights, {} for any other encoder."""
        from watchword.encoders.plain_cnn import form_of

        weights = [option.partition("=")[2] for option in given if option.startswith("weights=")]
        if plain != "plain_cnn" or not weights:
            return {}
        if not Path(weights[-1]).is_file():
            raise CheckpointError(
                f"{self.folder}: how its encoder is built stands in {weights[-1]!r}, which is not there; "
                "call this where the run was trained from"
            )
        return {name: value for name, value in form_of(weights[-1]).items() if name != "labels"}


def read_runs(places: Iterable[Path]) -> list[TrainedRun]:
    """Return the runs in folders: of runs, of many runs, or checkpoints, each once. Raises `CheckpointError`."""
    found = {run.checkpoint.resolve(): run for place in places for run in _in(place)}
    return list(found.values())


def _in(place: Path) -> Iterator[TrainedRun]:
    """Yield the run at a place, or those in the folders right below it; name those that have no checkpoint yet."""
    if checkpoint := _checkpoint(place):
        yield _read(place, checkpoint)
        return
    below = sorted(place.iterdir()) if place.is_dir() else []
    runs = [(folder, inside) for folder in below if (inside := _checkpoint(folder))]
    begun = [folder for folder in below if _begun(folder) and not _checkpoint(folder)]
    if _begun(place) or (begun and not runs):
        first = place if _begun(place) else begun[0]
        raise CheckpointError(f"{first} has no score yet: let it train until its first epoch is validated")
    if not runs:
        wrong = "holds no run" if place.is_dir() else "is no folder" if place.exists() else "does not exist"
        raise CheckpointError(
            f"{place} {wrong}: give what `watchword train --output` was given, a folder of such, or a checkpoint"
        )
    for folder in begun:
        print(printable(f"watchword: {folder} has no score yet, and is left out"), file=sys.stderr)
    yield from (_read(folder, inside) for folder, inside in runs)


def _checkpoint(place: Path) -> Path | None:
    """Return the checkpoint that a place is, or the best one of the run there."""
    return next((folder for folder in (place, place / "best") if (folder / NAME).is_file()), None)


def _begun(place: Path) -> bool:
    """Tell whether a place is the folder of a run that can be resumed."""
    return (place / "last" / NAME).is_file()


def _read(folder: Path, checkpoint: Path) -> TrainedRun:
    """Return a run; settings that an older version did not write are as they were before they could be set."""
    from watchword.recipes.base import described

    recipe, described_settings, about = described(checkpoint)
    settings = {"recipe": recipe.name, **dataclasses.asdict(described_settings)}
    try:
        found = {name: value for name, value in (about.get("scores") or {}).items() if isinstance(value, int | float)}
        data = {part: f"{each['photos']} ({each['sha256'][:8]})" for part, each in about.get("data", {}).items()}
        hash(tuple(settings.values()))
    except (AttributeError, KeyError, TypeError) as problem:
        raise CheckpointError(
            f"{checkpoint / NAME} is damaged ({problem}): leave {folder} out, or train it anew"
        ) from None
    scores = _evaluated(checkpoint) | {name: float(value) for name, value in found.items() if math.isfinite(value)}
    return TrainedRun(folder, checkpoint, settings, scores, data, str(about.get("start_from", "none")))


def _evaluated(checkpoint: Path) -> dict[str, float]:
    """Return the figures of papers' tables that `EVALUATED` beside a checkpoint holds; {} where it is not there.

    Raises `CheckpointError` for one that holds anything else, or is of another checkpoint.
    """
    place = checkpoint.with_name(EVALUATED)
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
        model, figures = found["model"], {name: float(found[name]) for name in METRICS if name in found}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise CheckpointError(
            f"{place} is not what `watchword evaluate {checkpoint} --json` says ({problem}): "
            "write it anew, or delete it"
        ) from None
    if Path(model).name != checkpoint.name or Path(model).parent.name != checkpoint.parent.name:
        raise CheckpointError(f"{place} is of {model}, not of {checkpoint}: write it anew, or delete it")
    return figures


def _parted(encoder: str) -> tuple[str, list[str]]:
    """Return the name of an encoder and its options as they stand behind it."""
    plain, _, options = encoder.partition(":")
    return plain, options.split(",") if options else []
