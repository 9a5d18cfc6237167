"""Where a training run begins: anew, from a checkpoint, or where it was stopped."""

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

from watchword.core.errors import CheckpointError, DataError, SettingsError
from watchword.core.settings import override
from watchword.data.vocabulary import Vocabulary
from watchword.data.word_vectors import word_vectors
from watchword.recipes.base import Recipe, built, described
from watchword.training import checkpoints
from watchword.training.model import CaptioningModel, Model, seed_everything
from watchword.training.settings import Learning, Reading

RANDOM = "random"  # word vectors that were not learnt anywhere
SPECIAL = 4  # words of a vocabulary that nobody says
_OF_WORDS = ("word_vectors", "frozen_words")


def _silent(_: str) -> None:
    pass


@dataclasses.dataclass(frozen=True)
class Origin:
    """What a run is given besides data.

    start_from: a checkpoint whose weights, words and model settings are gone on from, if any.
    last: the state that is resumed, if any; its settings and words are those of the run.
    tell: takes what whoever trains should know.
    """

    recipe: Recipe
    start_from: Path | None = None
    last: Path | None = None
    tell: Callable[[str], object] = _silent

    @property
    def began_from(self) -> str | None:
        """The checkpoint that the run went on from when it began, as it was given then."""
        if self.last:
            first = checkpoints.read_description(self.last).get("start_from")
            return str(first) if first else None
        return str(self.start_from) if self.start_from else None

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

    def model(self, settings: Learning, sentences: Sequence[list[str]]) -> tuple[Model, Vocabulary]:
        """Return the model and its words: those of what is gone on from, or else those of `sentences`."""
        seed_everything(settings.seed)
        if self.last:
            self._refuse_other_start(keep_labels=settings.keep_labels > 0)
        source = self.last or self.start_from
        vocabulary = Vocabulary.load(source / "vocabulary.txt") if source else _counted(sentences, settings.minimum)
        model = built(self.recipe, settings, vocabulary)
        if self.start_from:
            self._refuse_other_words(settings)
            checkpoints.load_weights(self.start_from, model)
        else:
            if isinstance(model, CaptioningModel):
                model.set_output_bias(vocabulary.frequencies(sentences))
            self._give_words(model, vocabulary, settings, sentences)
        if isinstance(settings, Reading) and settings.frozen_words:
            model.freeze_words()
        return model, vocabulary

    def _give_words(
        self, model: Model, vocabulary: Vocabulary, settings: Learning, sentences: Sequence[list[str]]
    ) -> None:
        """Start the word vectors where `word_vectors` says, unless what is resumed has its own."""
        if not isinstance(settings, Reading) or settings.word_vectors == RANDOM or self.last:
            return
        width = model.head.embedding.embedding_dim
        found = word_vectors(settings.word_vectors, vocabulary, sentences, width=width, seed=settings.seed)
        self.tell(f"{found.known} of {len(vocabulary)} words have a vector: {found.told}")
        model.set_word_vectors(found.rows)

    def _refuse_other_words(self, settings: Learning) -> None:
        """Raise `SettingsError` where the words of a checkpoint that is gone on from would begin as something else."""
        if isinstance(settings, Reading) and settings.word_vectors != RANDOM:
            raise SettingsError(
                f"word_vectors={settings.word_vectors}: {self.start_from} has words of its own, which are gone on "
                "from; leave it out, or train without --start-from"
            )

    def _read(self, checkpoint: Path) -> Learning:
        """Return the settings of a checkpoint; `CheckpointError` if it is of another recipe."""
        recipe, settings, _ = described(checkpoint)
        if recipe.name != self.recipe.name:
            raise CheckpointError(
                f"{checkpoint} is of recipe {recipe.name!r}, not {self.recipe.name!r}: train that one"
            )
        return settings

    def _refuse_other_start(self, *, keep_labels: bool) -> None:
        """Raise `CheckpointError` where a run is resumed with another checkpoint than it went on from, or without
        the one whose labels it keeps.
        """
        first, given = self.began_from, self.start_from
        if given and not first:
            raise CheckpointError(f"--start-from {given}: the run to resume was begun without one; leave it out")
        if given and first and given.resolve() != Path(first).resolve():
            raise CheckpointError(
                f"--start-from {given}: the run to resume went on from {first}; give that one, or leave it out"
            )
        if first and keep_labels and not given:
            raise CheckpointError(f"keep_labels holds on to the labels of {first}: give --start-from {first} again")

    def _of_model(self) -> list[str]:
        """Return the names of the settings that are the recipe's own, not those of learning."""
        learning = {field.name for field in dataclasses.fields(self.recipe.learning)}
        return [field.name for field in dataclasses.fields(self.recipe.settings) if field.name not in learning]

    def _refuse_other_model(self, begun: Learning, given: Learning) -> None:
        """Raise `SettingsError` where a resumed run would go on as another model, or with another optimiser."""
        for name in (*self._of_model(), "optimizer", *_OF_WORDS):
            before, now = getattr(begun, name, None), getattr(given, name, None)
            if before != now:
                raise SettingsError(
                    f"{name}={now}: the run to resume has {before}, which cannot change within it; "
                    "leave it out, or begin a new run with --start-from"
                )


def _counted(sentences: Sequence[list[str]], minimum: int) -> Vocabulary:
    """Return the words of sentences; `DataError` where each is too rare."""
    vocabulary = Vocabulary.build(sentences, minimum=minimum)
    if len(vocabulary) <= SPECIAL:
        raise DataError(
            f"no word occurs {minimum} times in {len(sentences)} sentences: give more data, or --set minimum=1"
        )
    return vocabulary
