"""The trials of a search, one after another."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from watchword.cli.origin import Origin
from watchword.cli.search import Search
from watchword.cli.study import close_trial, next_trial, results
from watchword.cli.tasks import batches_of, task_of, words_of
from watchword.cli.trial import folder_of, keep_best, train_trial
from watchword.cli.trial_report import line
from watchword.core.errors import DataError, SettingsError, WatchwordError
from watchword.core.types import Example
from watchword.training.optimizers import optimizer_for
from watchword.training.pointing import Pointing

if TYPE_CHECKING:
    from optuna.study import Study


def refuse_untrainable(search: Search, learn: list[Example]) -> None:
    """Raise what is amiss with the settings of a search or what is learnt from, before a photo is looked at."""
    settings = search.settings
    model, vocabulary = Origin(search.recipe).model(settings, words_of(settings, learn))
    optimizer_for(model, settings)
    task = task_of(search.recipe, settings, model, vocabulary, learn, learn[:1])
    if isinstance(task.objective, Pointing):
        raise SettingsError("a search has no phrases to point at: leave `pointing` out, and train with it afterwards")
    batches_of(settings, learn, vocabulary)


def amiss(search: Search, values: dict[str, Any], learn: list[Example]) -> str:
    """Return what is amiss with the values of a trial, as a file that is not there; "" if it is not they."""
    try:
        refuse_untrainable(dataclasses.replace(search, settings=dataclasses.replace(search.settings, **values)), learn)
    except WatchwordError as problem:
        return str(problem)
    return ""


def run_trials(
    study: "Study",
    search: Search,
    trials: int,
    learn: list[Example],
    judge: list[Example],
    output: Path,
    features: Path,
    console: Console,
) -> None:
    """Go on until `trials` trials are over, and say of each what came of it."""
    keep_best(output, results(study))  # where a kill fell between the end of a trial and this
    while len(results(study)) < trials:
        trial, values = next_trial(study, search)
        folder = folder_of(output, trial.number)
        try:
            outcome, why = train_trial(search, trial, values, learn, judge, folder, features, console)
        except DataError:
            outcome, why = "refused", amiss(search, values, learn)
            if not why:
                raise
        close_trial(study, trial, values, outcome, why)
        found = results(study)
        keep_best(output, found)
        console.print(line(found[-1], search.recipe.watched), markup=False, highlight=False, soft_wrap=True)
