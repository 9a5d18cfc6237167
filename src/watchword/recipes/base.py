"""What a recipe is, and the registry of recipes by name."""

import inspect
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from watchword.core.errors import CheckpointError, SettingsError
from watchword.core.registry import Registry
from watchword.core.settings import read_settings
from watchword.core.types import Example, Way
from watchword.data.vocabulary import Vocabulary
from watchword.training.settings import Captioning, Labelling, Learning, Reading

if TYPE_CHECKING:
    from watchword.training.model import Model
    from watchword.training.objectives import Objective

Build = Callable[[Any, Vocabulary], "Model"]
Fit = Callable[["Fitting"], tuple[Any, Any]]
Kind = Literal["captioner", "matcher", "labeller"]  # says sentences, matches them with photos, tells classes apart
_LARGEST = 2**32  # of any setting: what is larger is no size of an array, nor a seed
_WATCHED = {"captioner": "CIDEr-D", "matcher": "mean_recall", "labeller": "accuracy"}


@dataclass(frozen=True)
class Fitting:
    """What a model is fitted to at once: its settings, the classes, examples with one each, and where what is seen of
    them is kept. told: called with how many were looked at, and how many there are.
    """

    settings: Any
    vocabulary: Vocabulary
    examples: Sequence[Example]
    features: Path
    told: Callable[[int, int], None]


@dataclass(frozen=True)
class Recipe:
    """A model of a paper.

    settings: a frozen dataclass that extends `Captioning`, `Labelling`, or `Learning` where no sentence is said; of a
    model that is fitted at once it extends nothing.
    build: from settings and vocabulary to a model; it imports the parts itself, so that recipes are listed without
    PyTorch. The vocabulary of a labeller holds its classes.
    tiny: settings small enough for a test to train in seconds. published: the paper's own figures,
    by data set and score. about: the recipe's docstring.
    objective: from settings to what training on people's sentences makes smaller, where that is not cross-entropy,
        or for a matcher its own loss.
    fit: what fits a model at once, where none is trained epoch by epoch; it returns its settings, filled in, and the
    model.
    """

    name: str
    settings: type[Any]
    build: Build
    tiny: Mapping[str, Any]
    published: Mapping[str, Mapping[str, float]]
    about: str
    objective: "Callable[[Any], Objective | None]" = lambda settings: None
    fit: Fit | None = None

    @property
    def kind(self) -> Kind:
        """What its models do: say sentences, tell classes apart, or match sentences with photos."""
        if issubclass(self.settings, Captioning):
            return "captioner"
        return "labeller" if self.fit or issubclass(self.settings, Labelling) else "matcher"

    @property
    def says(self) -> bool:
        """Whether its models say sentences."""
        return self.kind == "captioner"

    @property
    def watched(self) -> str:
        """The figure of validation that chooses the best checkpoint."""
        return _WATCHED[self.kind]

    @property
    def learning(self) -> type[Learning]:
        """The settings that it shares with its like, and that are of learning alone."""
        return {"captioner": Captioning, "matcher": Reading, "labeller": Labelling}[self.kind]


recipes: Registry[Recipe] = Registry("recipe")


def recipe(
    name: str,
    *,
    settings: type[Any],
    tiny: Mapping[str, Any],
    published: Mapping[str, Mapping[str, float]],
    objective: "Callable[[Any], Objective | None]" = lambda settings: None,
    fit: Fit | None = None,
) -> Callable[[Build], Build]:
    """Return a decorator that registers a `build` function and its file's docstring as a recipe."""

    def register(build: Build) -> Build:
        about = inspect.getdoc(sys.modules[build.__module__]) or ""
        recipes.add(name)(Recipe(name, settings, build, tiny, published, about, objective, fit))
        return build

    return register


def described(checkpoint: Path) -> tuple[Recipe, Learning, dict[str, Any]]:
    """Return the recipe of a checkpoint, its settings and its description. Raises `CheckpointError`."""
    from watchword.training import checkpoints

    description = checkpoints.read_description(checkpoint)
    try:
        named = recipes[description["recipe"]]
        return named, read_settings(named.settings, description["settings"]), description
    except (KeyError, TypeError, AttributeError, SettingsError) as problem:
        raise CheckpointError(f"{checkpoint}: this version cannot read its recipe and settings: {problem}") from None


def _refuse_nonsense(description: Mapping[str, Any], checkpoint: Path) -> None:
    """Raise `CheckpointError` for scores that are no numbers, or regions that are looked at in no known way."""
    scores, way = description.get("scores", {}), description.get("regions", "pooled")
    if not isinstance(scores, dict) or not all(
        isinstance(score, int | float) and math.isfinite(score) for score in scores.values()
    ):
        raise CheckpointError(f"{checkpoint}: this version cannot read it: its scores are no numbers by name")
    if way not in get_args(Way):
        raise CheckpointError(
            f"{checkpoint}: this version cannot read it: regions are {' or '.join(get_args(Way))}, not {way!r}"
        )


def built(named: Recipe, settings: Learning, vocabulary: Vocabulary) -> "Model":
    """Return the model of a recipe; `SettingsError` where there is no memory for it."""
    for name, value in vars(settings).items():
        if isinstance(value, int) and value > _LARGEST:
            raise SettingsError(f"{name}={value}: {_LARGEST} at most")
    try:
        return named.build(settings, vocabulary)
    except (MemoryError, RuntimeError) as problem:
        if isinstance(problem, RuntimeError) and "alloc" not in str(problem):
            raise
        raise SettingsError(
            f"there is no memory for a model of recipe {named.name!r} with these settings: give smaller ones, as a "
            "smaller width"
        ) from None


def rebuild(checkpoint: Path) -> "tuple[Model, Vocabulary, dict[str, Any]]":
    """Return the model of a checkpoint, its vocabulary and its description. Raises `CheckpointError`."""
    from watchword.training import checkpoints

    named, settings, description = described(checkpoint)
    _refuse_nonsense(description, checkpoint)
    vocabulary = Vocabulary.load(checkpoint / "vocabulary.txt")
    model = built(named, settings, vocabulary)
    checkpoints.load_weights(checkpoint, model)
    return model.eval(), vocabulary, description
