"""Where a training run begins: anew, from a checkpoint, or where it was stopped."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from watchword.core.errors import CheckpointError, DataError, SettingsError
from watchword.core.settings import override
from watchword.data.vocabulary import Vocabulary
from watchword.recipes.base import Recipe, described
from watchword.training import checkpoints
from watchword.training.model import CaptioningModel, seed_everything
from watchword.training.settings import Learning

SPECIAL = 4  # words of a vocabulary that nobody says


@dataclasses.dataclass(frozen=True)
class Origin:
    """What a run is given besides data.

    start_from: a checkpoint whose weights, words and model settings are gone on from, if any.
    last: the state that is resumed, if any; its settings and words are those of the run.
    """

    recipe: Recipe
    start_from: Path | None = None
    last: Path | None = None

    def settings(self, assignments: Sequence[str]) -> Learning:
        """Return the settings of the run, `assignments` ("name=value") over those that it begins with."""
        if self.last:
            begun = self._read(self.last)
            given = override(begun, assignments)
            self._refuse_other_model(begun, given)
            return given
        begun = self.recipe.settings()
        if self.start_from:
            kept = self._read(self.start_from)
            begun = dataclasses.replace(begun, **{name: getattr(kept, name) for name in self._of_model()})
        return override(begun, assignments)

    def model(self, settings: Learning, sentences: Sequence[list[str]]) -> tuple[CaptioningModel, Vocabulary]:
        """Return the model and its words: those of what is gone on from, or else those of `sentences`."""
        seed_everything(settings.seed)
        if self.last and settings.keep_labels and not self.start_from:
            self._refuse_to_forget(self.last)
        source = self.last or self.start_from
        vocabulary = Vocabulary.load(source / "vocabulary.txt") if source else _counted(sentences, settings.minimum)
        model = self.recipe.build(settings, vocabulary)
        if self.start_from:
            checkpoints.load_weights(self.start_from, model)
        else:
            model.set_output_bias(vocabulary.frequencies(sentences))
        return model, vocabulary

    def _read(self, checkpoint: Path) -> Learning:
        """Return the settings of a checkpoint; `CheckpointError` if it is of another recipe."""
        recipe, settings, _ = described(checkpoint)
        if recipe.name != self.recipe.name:
            raise CheckpointError(
                f"{checkpoint} is of recipe {recipe.name!r}, not {self.recipe.name!r}: train that one"
            )
        return settings

    def _refuse_to_forget(self, last: Path) -> None:
        """Raise `CheckpointError` where the labels to keep are those of a checkpoint that was not given again."""
        if first := checkpoints.read_description(last).get("start_from"):
            raise CheckpointError(f"keep_labels holds on to the labels of {first}: give --start-from {first} again")

    def _of_model(self) -> list[str]:
        """Return the names of the settings that are the recipe's own, not those of learning."""
        learning = {field.name for field in dataclasses.fields(Learning)}
        return [field.name for field in dataclasses.fields(self.recipe.settings) if field.name not in learning]

    def _refuse_other_model(self, begun: Learning, given: Learning) -> None:
        """Raise `SettingsError` where a resumed run would go on as another model, or with another optimiser."""
        for name in (*self._of_model(), "optimizer"):
            before, now = getattr(begun, name), getattr(given, name)
            if before != now:
                raise SettingsError(
                    f"{name}={now}: the run to resume has {before}, which cannot change within it; "
                    "leave it out, or begin a new run with --start-from"
                )


def to_resume(output: Path, *, resume: bool) -> Path | None:
    """Return the `last/` of the run in `output`, or None if a new one is to begin there.

    Raises `CheckpointError` where there is nothing to resume, or a run that would be written over.
    """
    last = output / "last"
    checkpoints.recover(last)
    if resume and not last.exists():
        raise CheckpointError(f"{output} holds no run that could be resumed: leave out --resume to begin one")
    if last.exists() and not resume:
        raise CheckpointError(f"{output} holds a run: add --resume to go on with it, or name another --output")
    return last if resume else None


def _counted(sentences: Sequence[list[str]], minimum: int) -> Vocabulary:
    """Return the words of sentences; `DataError` where each is too rare."""
    vocabulary = Vocabulary.build(sentences, minimum=minimum)
    if len(vocabulary) <= SPECIAL:
        raise DataError(
            f"no word occurs {minimum} times in {len(sentences)} sentences: give more data, or --set minimum=1"
        )
    return vocabulary
