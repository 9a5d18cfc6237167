"""The trials of a search, one after another."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from watchword.cli.learning import objective_for
from watchword.cli.origin import Origin
from watchword.cli.search import Search
from watchword.cli.study import close_trial, next_trial, results
from watchword.cli.trial import folder_of, keep_best, train_trial
from watchword.cli.trial_report import line
from watchword.core.types import Example
from watchword.data.words import tokenize
from watchword.training.objectives import CrossEntropy
from watchword.training.optimizers import optimizer_for

if TYPE_CHECKING:
    from optuna.study import Study


def refuse_untrainable(search: Search, learn: list[Example]) -> None:
    """Raise what is amiss with the settings that all trials share, before a search is begun or a photo looked at."""
    settings = search.settings
    model, vocabulary = Origin(search.recipe).model(
        settings, [tokenize(text) for row in learn for text in row.sentences]
    )
    optimizer_for(model, settings)
    taught = search.recipe.objective(settings) or CrossEntropy(settings.label_smoothing)
    objective_for(settings, learn, vocabulary, taught)


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
        outcome, why = train_trial(search, trial, values, learn, judge, folder, features, console)
        close_trial(study, trial, values, outcome, why)
        found = results(study)
        keep_best(output, found)
        console.print(line(found[-1]), markup=False, highlight=False, soft_wrap=True)
