"""What a recipe is, and the registry of recipes by name."""

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from watchword.core.errors import CheckpointError
from watchword.core.registry import Registry
from watchword.data.vocabulary import Vocabulary
from watchword.training.settings import Captioning, Learning

if TYPE_CHECKING:
    from watchword.training.model import Model
    from watchword.training.objectives import Objective

Build = Callable[[Any, Vocabulary], "Model"]


@dataclass(frozen=True)
class Recipe:
    """A model of a paper.

    settings: a frozen dataclass that extends `Captioning`, or `Learning` where no sentence is said. build: from
    settings and vocabulary to a model; it imports the parts itself, so that recipes are listed without PyTorch.
    tiny: settings small enough for a test to train in seconds. published: the paper's own figures,
    by data set and score. about: the recipe's docstring.
    objective: from settings to what training on people's sentences makes smaller, where that is not cross-entropy.
    """

    name: str
    settings: type[Learning]
    build: Build
    tiny: Mapping[str, Any]
    published: Mapping[str, Mapping[str, float]]
    about: str
    objective: "Callable[[Any], Objective | None]" = lambda settings: None

    @property
    def says(self) -> bool:
        """Whether its models say sentences; else they match sentences with photos."""
        return issubclass(self.settings, Captioning)

    @property
    def watched(self) -> str:
        """The figure of validation that chooses the best checkpoint."""
        return "CIDEr-D" if self.says else "mean_recall"

    @property
    def learning(self) -> type[Learning]:
        """The settings that it shares with its like, and that are of learning alone."""
        return Captioning if self.says else Learning


recipes: Registry[Recipe] = Registry("recipe")


def recipe(
    name: str,
    *,
    settings: type[Learning],
    tiny: Mapping[str, Any],
    published: Mapping[str, Mapping[str, float]],
    objective: "Callable[[Any], Objective | None]" = lambda settings: None,
) -> Callable[[Build], Build]:
    """Return a decorator that registers a `build` function and its file's docstring as a recipe."""

    def register(build: Build) -> Build:
        about = inspect.getdoc(sys.modules[build.__module__]) or ""
        recipes.add(name)(Recipe(name, settings, build, tiny, published, about, objective))
        return build

    return register


def described(checkpoint: Path) -> tuple[Recipe, Learning, dict[str, Any]]:
    """Return the recipe of a checkpoint, its settings and its description. Raises `CheckpointError`."""
    from watchword.training import checkpoints

    description = checkpoints.read_description(checkpoint)
    try:
        named = recipes[description["recipe"]]
        return named, named.settings(**description["settings"]), description
    except (KeyError, TypeError) as problem:
        raise CheckpointError(f"{checkpoint}: this version cannot read its recipe and settings: {problem}") from None


def rebuild(checkpoint: Path) -> "tuple[Model, Vocabulary, dict[str, Any]]":
    """Return the model of a checkpoint, its vocabulary and its description. Raises `CheckpointError`."""
    from watchword.training import checkpoints

    named, settings, description = described(checkpoint)
    vocabulary = Vocabulary.load(checkpoint / "vocabulary.txt")
    model = named.build(settings, vocabulary)
    checkpoints.load_weights(checkpoint, model)
    return model.eval(), vocabulary, description
