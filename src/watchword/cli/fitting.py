"""A model fitted at once: data to settings, classes, what is seen of the clips, and a checkpoint."""

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress as Bar

from watchword.cli.same_data import summary
from watchword.core.errors import CheckpointError, SettingsError
from watchword.core.settings import override
from watchword.core.types import Example
from watchword.data.classes import classes_of, word_of
from watchword.data.played import watched
from watchword.data.vocabulary import Vocabulary
from watchword.recipes.base import Fitting, Recipe
from watchword.training import checkpoints
from watchword.training.kernel_model import all_moves, motion_store
from watchword.training.labelling import LabelValidator


def refuse_what_is_for_epochs(recipe: Recipe, given: dict[str, Any]) -> None:
    """Raise `SettingsError` for options that only a model that is trained epoch by epoch has a use for."""
    for option, value in given.items():
        if value:
            raise SettingsError(f"{option}: {recipe.name} is fitted at once, and has no use for it; leave it out")


def fitted(
    recipe: Recipe,
    assignments: Sequence[str],
    learn: list[Example],
    judge: list[Example],
    output: Path,
    features: Path,
    console: Console,
) -> float:
    """Fit a recipe, judge it, write OUTPUT/best, and return its accuracy on the examples to judge by.

    assignments: settings, "name=value". Raises `CheckpointError` where a run is there already.
    """
    if (output / "best").exists():
        raise CheckpointError(f"{output} holds a run: name another --output, or remove it")
    settings = override(recipe.settings(), assignments)
    vocabulary = Vocabulary.build([[word_of(name)] for row in learn for name in row.labels], minimum=1)
    classes_of(vocabulary)  # which refuses fewer than two
    with Bar(console=console, transient=True) as bar:
        told = _shown(bar, "looking at clips to learn from")
        assert recipe.fit
        settings, model = recipe.fit(Fitting(settings, vocabulary, learn, features, told))
        store = motion_store(model.encoder, features)
        seen = all_moves(store, [watched(row) for row in judge], _shown(bar, "looking at clips to judge by"))
    scores = LabelValidator([row.labels[0] for row in judge], classes_of(vocabulary)).figures(model, [seen])
    description = {
        "recipe": recipe.name,
        "settings": dataclasses.asdict(settings),
        "scores": scores,
        "photos": len(learn),
        "data": summary(learn, judge),
    }
    with checkpoints.whole(output / "best") as fresh:
        checkpoints.save(fresh, model, description, vocabulary)
    return scores["accuracy"]


def _shown(bar: Bar, what: str) -> Callable[[int, int], None]:
    """Return what moves a bar of its own."""
    task = bar.add_task(what, total=None)
    return lambda done, there: bar.update(task, completed=done, total=there)
