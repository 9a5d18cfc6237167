"""A run put together: data, vocabulary, model, what the trunk sees, validation."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress as Bar

from watchword.cli.origin import Origin
from watchword.cli.same_data import refuse_other_data, summary
from watchword.cli.tasks import task_of
from watchword.core.types import Example
from watchword.data.batches import Batches
from watchword.data.store import FeatureStore
from watchword.data.views import view
from watchword.data.words import tokenize
from watchword.training.loop import Run
from watchword.training.optimizers import optimizer_for
from watchword.training.scheduled import Scheduled
from watchword.training.settings import Learning
from watchword.training.trunks import Trunk
from watchword.training.validation import in_batches


def prepare(
    origin: Origin,
    settings: Learning,
    learn: list[Example],
    judge: list[Example],
    output: Path,
    features: Path,
    console: Console,
) -> Run:
    """Return a run over examples to learn from and to judge by; whoever calls it shows its progress.

    What is quickly found to be amiss is found before the photos are looked at, which may take hours.
    """
    data = summary(learn, judge)
    if origin.last:
        refuse_other_data(origin.last, data)
    model, vocabulary = origin.model(settings, [tokenize(text) for row in learn for text in row.sentences])
    optimizer_for(model, settings)  # made for what it refuses; the loop makes its own
    task = task_of(origin.recipe, settings, model, vocabulary, learn, judge)
    batches = Batches(
        learn,
        vocabulary,
        batch=settings.batch,
        sentences=settings.sentences,
        max_words=settings.max_words,
        seed=settings.seed,
    )
    views = Views(model.encoder, features, console)
    seen, held_back = views.of(learn, settings.views), views.of(judge, 1)

    def validate() -> dict[str, float]:
        still = np.random.default_rng(0)
        parts = (held_back(part, still) for part in in_batches(np.arange(len(judge)), settings.batch))
        return task.figures(parts)

    about = {"recipe": origin.recipe.name, "settings": dataclasses.asdict(settings)}
    description = about | {"photos": len(learn), "data": data}
    if first := origin.began_from:
        description["start_from"] = first
    run = Run(model, settings, output, vocabulary, batches.epoch, seen, validate, task.objective, description)
    run.watched = origin.recipe.watched
    if isinstance(task.objective, Scheduled):
        run.on_start = task.objective.begin
    return run


class Views:
    """What the trunk of an encoder sees of photos and their views, computed once and kept."""

    def __init__(self, encoder: Any, folder: Path, console: Console) -> None:
        """Keep everything under `folder`."""
        self.encoder, self.folder, self.console = encoder, folder, console
        self.trunk: Trunk | None = None

    def of(self, rows: list[Example], count: int) -> Callable[[np.ndarray, np.random.Generator], np.ndarray]:
        """Return a function from places in `rows` to what was seen of them, each in one of `count` views."""
        paths = [row.path for row in rows if row.path]
        stores = [self._filled(paths, number) for number in range(count)]

        def seen(places: np.ndarray, random: np.random.Generator) -> np.ndarray:
            chosen = random.integers(0, count, len(places))
            found = np.empty((len(places), *stores[0][0].shape), np.float16)
            for number, (store, keys) in enumerate(stores):
                mine = chosen == number
                found[mine] = store.rows([keys[place] for place in places[mine]])
            return found

        return seen

    def _filled(self, paths: list[Path], number: int) -> tuple[FeatureStore, list[str]]:
        """Return the store of one view with all photos in it, and the key of each."""
        self.trunk = self.trunk or Trunk(self.encoder)
        trunk = self.trunk
        store = FeatureStore(self.folder / f"{self.encoder.key}-view{number}", trunk.shape)
        with Bar(console=self.console, transient=True) as bar:
            task = bar.add_task(f"looking at {len(paths)} photos, view {number}", total=len(paths))
            keys = store.fill(
                paths,
                trunk.size,
                lambda pixels: trunk(np.stack([view(picture, number) for picture in pixels])),
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        return store, keys
