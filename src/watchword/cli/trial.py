"""One trial of a search: an ordinary run in a folder of its own, stopped where it is hopeless."""

import dataclasses
import io
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from watchword.cli.learning import prepare
from watchword.cli.origin import Origin
from watchword.cli.run_folder import run_folder
from watchword.cli.search import Search
from watchword.cli.study import FINISHED, Result, best_of, reported
from watchword.core.errors import SettingsError, UnknownName
from watchword.core.types import Example
from watchword.training import checkpoints
from watchword.training.checkpoints import Progress
from watchword.training.loop import Run, fit
from watchword.training.report import Report

if TYPE_CHECKING:
    from optuna.trial import Trial


def folder_of(output: Path, number: int) -> Path:
    """Return where the run of a trial is."""
    return output / f"trial-{number:03d}"


class Hopeless(Exception):
    """Raised within a run whose figures lie below those of most other trials at the same epoch."""


def train_trial(
    search: Search,
    trial: "Trial",
    values: dict[str, Any],
    learn: list[Example],
    judge: list[Example],
    folder: Path,
    features: Path,
    console: Console,
) -> tuple[str, str]:
    """Train with `values`, from where the run in `folder` was stopped if it was; return its outcome and why.

    What cannot be trained with is an outcome too: settings that do not go together, and training that diverges.
    """
    settings = dataclasses.replace(search.settings, **values)
    checkpoints.recover(folder / "last")
    with run_folder(folder, resume=(folder / "last").exists()) as last:
        try:
            origin = Origin(search.recipe, None, last)
            shown_to = console if console.is_terminal else Console(quiet=True)  # bars leave empty lines in files
            run = prepare(origin, settings, learn, judge, folder, features, shown_to)
        except (SettingsError, UnknownName) as problem:
            return "refused", str(problem)
        with console.status(f"trial {trial.number}") as shown:
            following = Following(trial, run, Report(folder, Console(file=io.StringIO())))
            run.on_epoch = following.epoch
            run.on_step = lambda step, steps, loss: shown.update(
                f"trial {trial.number}, {following.where}: step {step} of {steps}, loss {loss:.2f}"
            )
            try:
                if last is not None:
                    following.take_up(checkpoints.read_progress(last))
                following.keep(fit(run, resume=last is not None))
            except Hopeless:
                return "stopped early", ""
            except SettingsError as problem:
                return "diverged", str(problem)
            finally:
                following.close()
    return FINISHED, ""


class Following:
    """Tells Optuna of a run as it goes, and ends it where that says so."""

    def __init__(self, trial: "Trial", run: Run, report: Report) -> None:
        """Take up the time where an earlier sitting left it."""
        self.trial, self.run, self.report = trial, run, report
        self.began, self.spent = time.monotonic(), trial.user_attrs.get("seconds", 0.0)
        self.where = "first epoch"

    def take_up(self, progress: Progress) -> None:
        """Do again what a kill may have left undone after the last epoch. Raises `Hopeless` as `epoch` does."""
        if progress.history:
            self.epoch(progress)

    def epoch(self, progress: Progress) -> None:
        """Take note of an epoch. Raises `Hopeless` where the next would be wasted."""
        self.keep(progress)
        self.report.epoch(progress)
        self.where = f"{self.run.watched} {progress.best:.3f} after {progress.epoch} epochs"
        learning = self.run.learning
        over = progress.epoch >= learning.epochs or progress.stale >= learning.patience
        if not over and self.trial.should_prune():
            raise Hopeless

    def keep(self, progress: Progress) -> None:
        """Tell of every epoch that was not told of: a kill may fall between a checkpoint and the telling."""
        self.trial.set_user_attr("seconds", self.spent + time.monotonic() - self.began)
        known = reported(self.trial)
        for row in progress.history:
            if row["epoch"] not in known:
                self.trial.report(row[self.run.watched], int(row["epoch"]))

    def close(self) -> None:
        """Take note of the time, and leave TensorBoard's file in order."""
        self.trial.set_user_attr("seconds", self.spent + time.monotonic() - self.began)
        self.report.close()


def keep_best(output: Path, found: Sequence[Result]) -> None:
    """Remove the weights of trials that are over, all but `best/` of the best one; what is small stays."""
    best = best_of(found)
    for each in found:
        folder = folder_of(output, each.number)
        large = ["last", "last.new", "last.old", "best.new", "best.old"] + (["best"] if each is not best else [])
        for name in large:
            shutil.rmtree(folder / name, ignore_errors=True)
        (folder / "lock").unlink(missing_ok=True)
