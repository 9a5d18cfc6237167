"""What a recipe learns, and how it is judged: to say sentences, to match them with photos, or to tell classes."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, cast

import numpy as np

from watchword.cli.rewards import CiderReward
from watchword.core.errors import SettingsError
from watchword.core.types import Example
from watchword.data.batches import Batch, Batches
from watchword.data.classes import classes_of, word_of
from watchword.data.label_batches import LabelBatches
from watchword.data.vocabulary import Vocabulary
from watchword.data.words import tokenize
from watchword.generation.search import SearchOptions
from watchword.recipes.base import Recipe
from watchword.training.choosing import Choosing
from watchword.training.labelling import LabelValidator, StepwiseLabels
from watchword.training.matching import Matching
from watchword.training.model import CaptioningModel, Model
from watchword.training.objectives import CrossEntropy, Objective, SelfCritical
from watchword.training.ranked import RankingValidator
from watchword.training.scheduled import Scheduled
from watchword.training.settings import Captioning, Labelling, Learning
from watchword.training.validation import Validator, rules_for, say


class Task(NamedTuple):
    """What falls in training, and what is hoped to rise.

    objective: see there. figures: of what the trunk saw of the photos to judge by, batch by batch.
    """

    objective: Objective
    figures: Callable[[Iterable[np.ndarray]], dict[str, float]]


def words_of(settings: Learning, learn: Iterable[Example]) -> list[list[str]]:
    """Return what the words of a model are counted from: those of the sentences, or the classes of a labeller."""
    if isinstance(settings, Labelling):
        return [[word_of(name)] for row in learn for name in row.labels]
    return [tokenize(text) for row in learn for text in row.sentences]


def batches_of(settings: Learning, learn: list[Example], vocabulary: Vocabulary) -> Callable[[int], Sequence[Batch]]:
    """Return what gives the batches of an epoch."""
    if isinstance(settings, Labelling):
        return LabelBatches(learn, vocabulary, batch=settings.batch, seed=settings.seed).epoch
    return Batches(
        learn,
        vocabulary,
        batch=settings.batch,
        sentences=settings.sentences,
        max_words=settings.max_words,
        seed=settings.seed,
    ).epoch


def task_of(
    recipe: Recipe,
    settings: Learning,
    model: Model,
    vocabulary: Vocabulary,
    learn: list[Example],
    judge: list[Example],
) -> Task:
    """Return what a recipe learns with these settings, from examples to learn from and to judge by."""
    if isinstance(settings, Captioning):
        return _saying(recipe, settings, cast(CaptioningModel, model), vocabulary, learn, judge)
    if isinstance(settings, Labelling):
        told = LabelValidator([row.labels[0] for row in judge], classes_of(vocabulary))
        return Task(StepwiseLabels(settings.label_smoothing), lambda seen: told.figures(model, seen))
    validator = RankingValidator([row.sentences for row in judge], vocabulary, max_words=settings.max_words)
    return Task(recipe.objective(settings) or Matching(), lambda seen: validator.figures(model, seen))


def _saying(
    recipe: Recipe,
    settings: Captioning,
    model: CaptioningModel,
    vocabulary: Vocabulary,
    learn: list[Example],
    judge: list[Example],
) -> Task:
    """Return the task of a recipe that says sentences."""
    taught = recipe.objective(settings) or CrossEntropy(settings.label_smoothing)
    validator = Validator({row.id: row.sentences for row in judge}, vocabulary)
    search = SearchOptions(beam=settings.beam)

    def figures(seen: Iterable[np.ndarray]) -> dict[str, float]:
        return validator.figures(say(model, seen, vocabulary, search, max_words=settings.max_words))

    return Task(_objective(settings, learn, vocabulary, taught), figures)


def _objective(settings: Captioning, learn: list[Example], vocabulary: Vocabulary, taught: Objective) -> Objective:
    """Return `taught`, scheduled if asked for, or with `draws` set the CIDEr-D of drawn sentences as a reward.

    taught: what is learnt from people's sentences.
    """
    if settings.draws and isinstance(taught, Choosing):
        raise SettingsError(
            f"draws={settings.draws} with hard=true: the reward says nothing of the cells that were chosen while a "
            "sentence was drawn; leave out draws, or train with hard=false"
        )
    if not settings.draws:
        never = (*rules_for(vocabulary).forbidden, vocabulary.end)
        return Scheduled(taught, settings.scheduled, settings.epochs, never) if settings.scheduled else taught
    shaped = {"contrast": settings.contrast, "habits": settings.habits}
    reward = CiderReward(learn, vocabulary, max_words=settings.max_words, **shaped)
    return SelfCritical(
        reward,
        draws=settings.draws,
        baseline=settings.baseline,
        start=vocabulary.start,
        end=vocabulary.end,
        never=rules_for(vocabulary).forbidden,
        max_words=settings.max_words,
    )
