"""A run put together: data, vocabulary, model, what the trunk sees, validation."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console

from watchword.cli.origin import Origin
from watchword.cli.phrases_asked import Asked
from watchword.cli.pointing_learnt import targets_of
from watchword.cli.same_data import refuse_other_data, summary
from watchword.cli.search_options import refuse_way_without_regions
from watchword.cli.tasks import batches_of, task_of, words_of
from watchword.cli.views import Views
from watchword.core.errors import CheckpointError, SettingsError
from watchword.core.types import Example, Way
from watchword.training import checkpoints
from watchword.training.adversarial import Adversarial
from watchword.training.loop import Run, tells_classes
from watchword.training.optimizers import optimizer_for
from watchword.training.pointing import Pointing
from watchword.training.scheduled import Scheduled
from watchword.training.settings import Learning
from watchword.training.validation import in_batches


def prepare(
    origin: Origin,
    settings: Learning,
    learn: list[Example],
    judge: list[Example],
    output: Path,
    features: Path,
    console: Console,
    way: Way | None = None,
    asked: Sequence[Asked] = (),
) -> Run:
    """Return a run over examples to learn from and to judge by; whoever calls it shows its progress.

    way: how parts of photos are looked at, should there be any; None for that of what is gone on from, or cropped.
    asked: phrases with boxes, for a matcher that learns to point.
    What is quickly found to be amiss is found before the photos are looked at, which may take hours.
    """
    data = summary(learn, judge)
    if origin.last:
        refuse_other_data(origin.last, data)
    model, vocabulary = origin.model(settings, words_of(settings, learn))
    optimizer_for(model, settings)  # made for what it refuses; the loop makes its own
    if settings.keep_labels and not tells_classes(model.encoder):
        raise SettingsError(
            f"keep_labels={settings.keep_labels}: the encoder {model.encoder.name} tells no classes that could be "
            "kept; leave it out"
        )
    task = task_of(origin.recipe, settings, model, vocabulary, learn, judge)
    if isinstance(task.objective, Pointing):
        task.objective.targets = targets_of(asked, learn, model.encoder, settings.views)
    batches = batches_of(settings, learn, vocabulary)
    boxed = any(row.box for row in (*learn, *judge))
    way = _way(origin, way, boxed=boxed)
    views = Views(model.encoder, features, console, way)
    seen, held_back = views.of(learn, settings.views), views.of(judge, 1)

    def validate() -> dict[str, float]:
        return task.figures(map(held_back, in_batches(np.arange(len(judge)), settings.batch)))

    about = {"recipe": origin.recipe.name, "settings": dataclasses.asdict(settings)}
    description = about | {"photos": len(learn), "data": data}
    if boxed:
        description["regions"] = way
    if first := origin.began_from:
        description["start_from"] = first
    run = Run(model, settings, output, vocabulary, batches, seen, validate, task.objective, description)
    run.watched = origin.recipe.watched
    if isinstance(task.objective, Scheduled | Adversarial):
        run.on_start = task.objective.begin
    return run


def _way(origin: Origin, given: Way | None, *, boxed: bool) -> Way:
    """Return how parts of photos are looked at: as given, or as what is gone on from did.

    Raises `SettingsError` where there are none, and `CheckpointError` where a run would go on in another way.
    """
    refuse_way_without_regions(given, boxed=boxed)
    source = origin.last or origin.start_from
    begun = checkpoints.read_description(source).get("regions") if source else None
    if origin.last and begun and given and begun != given:
        raise CheckpointError(f"--way {given}: the run to resume was begun with {begun}; leave it out")
    return given or begun or "cropped"
