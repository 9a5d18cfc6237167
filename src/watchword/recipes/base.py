"""What a recipe is, and the registry of recipes by name."""

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watchword.core.registry import Registry
from watchword.data.vocabulary import Vocabulary
from watchword.training import checkpoints
from watchword.training.model import CaptioningModel
from watchword.training.settings import Learning

Build = Callable[[Any, Vocabulary], CaptioningModel]


@dataclass(frozen=True)
class Recipe:
    """A model of a paper.

    settings: a frozen dataclass that extends `Learning`. build: from settings and vocabulary to a model.
    tiny: settings small enough for a test to train in seconds. published: the paper's own figures,
    by data set and score. about: the recipe's docstring.
    """

    name: str
    settings: type[Learning]
    build: Build
    tiny: Mapping[str, Any]
    published: Mapping[str, Mapping[str, float]]
    about: str


recipes: Registry[Recipe] = Registry("recipe")


def recipe(
    name: str, *, settings: type[Learning], tiny: Mapping[str, Any], published: Mapping[str, Mapping[str, float]]
) -> Callable[[Build], Build]:
    """Return a decorator that registers a `build` function and its file's docstring as a recipe."""

    def register(build: Build) -> Build:
        about = inspect.getdoc(sys.modules[build.__module__]) or ""
        recipes.add(name)(Recipe(name, settings, build, tiny, published, about))
        return build

    return register


def rebuild(checkpoint: Path) -> tuple[CaptioningModel, Vocabulary, dict[str, Any]]:
    """Return the model of a checkpoint, its vocabulary and its description. Raises `CheckpointError`."""
    description = checkpoints.read_description(checkpoint)
    vocabulary = Vocabulary.load(checkpoint / "vocabulary.txt")
    named = recipes[description["recipe"]]
    model = named.build(named.settings(**description["settings"]), vocabulary)
    checkpoints.load_weights(checkpoint, model)
    return model.eval(), vocabulary, description
