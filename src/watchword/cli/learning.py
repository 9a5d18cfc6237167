"""A run put together: data, vocabulary, model, what the trunk sees, validation."""

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress as Bar

from watchword.core.errors import CheckpointError
from watchword.core.types import Example
from watchword.data.batches import Batches
from watchword.data.store import FeatureStore
from watchword.data.views import view
from watchword.data.vocabulary import END, Vocabulary
from watchword.data.words import tokenize
from watchword.generation.search import SearchOptions
from watchword.metrics.cider import Cider
from watchword.metrics.tokens import tokenize_plain
from watchword.recipes.base import Recipe, rebuild
from watchword.training.loop import Run
from watchword.training.model import CaptioningModel, seed_everything
from watchword.training.objectives import CrossEntropy, Objective, SelfCritical
from watchword.training.settings import Learning
from watchword.training.trunks import Trunk
from watchword.training.validation import Validator, in_batches, rules_for, say


def prepare(
    recipe: Recipe,
    settings: Any,
    learn: list[Example],
    judge: list[Example],
    output: Path,
    features: Path,
    start_from: Path | None,
    console: Console,
) -> Run:
    """Return a run of `recipe` over examples to learn from and to judge by; whoever calls it shows its progress."""
    words = [[tokenize(text) for text in row.sentences] for row in learn]
    model, vocabulary = model_for(recipe, settings, words, start_from)
    views = Views(model.encoder, features, console)
    seen = views.of(learn, settings.views)
    held_back = views.of(judge, 1)
    validator = Validator({row.id: row.sentences for row in judge}, vocabulary)
    search = SearchOptions(beam=settings.beam)

    def validate() -> dict[str, float]:
        rows = in_batches(np.arange(len(judge)), settings.batch)
        still = np.random.default_rng(0)
        return validator.figures(say(model, (held_back(part, still) for part in rows), vocabulary, search))

    batches = Batches(
        learn,
        vocabulary,
        batch=settings.batch,
        sentences=settings.sentences,
        max_words=settings.max_words,
        seed=settings.seed,
    )
    description = {"recipe": recipe.name, "settings": dataclasses.asdict(settings), "photos": len(learn)}
    objective = objective_for(settings, learn, vocabulary)
    return Run(model, settings, output, vocabulary, batches.epoch, seen, validate, objective, description)


def objective_for(settings: Learning, learn: list[Example], vocabulary: Vocabulary) -> Objective:
    """Return cross-entropy, or with `draws` set the CIDEr-D of drawn sentences as a reward."""
    if not settings.draws:
        return CrossEntropy(settings.label_smoothing)
    # The end is a word of the reward: without it "a dog in the" is as good as "a dog in the grass".
    cider = Cider([[f"{tokenize_plain(text)} {END}" for text in row.sentences] for row in learn])

    def spell(sentence: list[int]) -> str:
        ending = [END] if len(sentence) <= settings.max_words else []
        return " ".join([*(vocabulary.words[word] for word in sentence), *ending])

    def reward(rows: np.ndarray, drawn: Sequence[Sequence[list[int]]]) -> np.ndarray:
        texts = [spell(sentence) for photo in drawn for sentence in photo]
        return cider.scores(texts, np.repeat(rows, settings.draws).tolist()).reshape(len(rows), settings.draws)

    return SelfCritical(
        reward,
        draws=settings.draws,
        start=vocabulary.start,
        end=vocabulary.end,
        never=rules_for(vocabulary).forbidden,
        max_words=settings.max_words,
    )


def model_for(
    recipe: Recipe, settings: Any, words: list[list[list[str]]], start_from: Path | None
) -> tuple[CaptioningModel, Vocabulary]:
    """Return a new model with the words of the data, or the one of a checkpoint with its own."""
    seed_everything(settings.seed)
    if start_from is None:
        sentences = [sentence for photo in words for sentence in photo]
        vocabulary = Vocabulary.build(sentences, minimum=settings.minimum)
        model = recipe.build(settings, vocabulary)
        model.set_output_bias(vocabulary.frequencies(sentences))
        return model, vocabulary
    trained, vocabulary, about = rebuild(start_from)
    if about["recipe"] != recipe.name:
        raise CheckpointError(f"{start_from} is of recipe {about['recipe']!r}, not {recipe.name!r}: train that one")
    model = recipe.build(settings, vocabulary)
    try:
        model.load_state_dict(trained.state_dict())
    except RuntimeError as problem:
        raise CheckpointError(f"{start_from} does not fit these settings: {problem}") from None
    return model, vocabulary


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
            rows = np.empty((len(places), *stores[0][0].shape), np.float16)
            for number, (store, keys) in enumerate(stores):
                mine = chosen == number
                rows[mine] = store.rows([keys[place] for place in places[mine]])
            return rows

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
