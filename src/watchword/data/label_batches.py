"""Examples as batches of classes: what a labeller learns from."""

from collections.abc import Sequence

import numpy as np

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.batches import Batch
from watchword.data.classes import class_numbers
from watchword.data.order import appearances
from watchword.data.vocabulary import Vocabulary


class LabelBatches:
    """The batches of any epoch, the same for the same seed and epoch on every machine.

    They have the form of those that a decoder learns from: targets (B, 1, 1) are the numbers of the classes among
    `data.classes.classes_of`, and words (B, 1, 1) the start, which nobody reads.
    """

    def __init__(self, examples: Sequence[Example], vocabulary: Vocabulary, *, batch: int = 16, seed: int = 0) -> None:
        """Number the classes of `examples`, once; one of no known class is never drawn.

        batch: examples in a batch. Raises `DataError` where none is left.
        """
        self.batch, self.seed, self.start = batch, seed, vocabulary.start
        self.ids = [row.id for row in examples]
        numbers = class_numbers(examples, vocabulary)
        self.classes = np.array([-1 if number is None else number for number in numbers], np.int64)
        self.weights = np.array([row.weight for row in examples], np.float64) * (self.classes >= 0)
        if not self.weights.any():
            raise DataError(f"none of {len(examples)} examples has a class to learn and a weight above 0")

    def epoch(self, number: int) -> list[Batch]:
        """Return the batches of epoch `number`, from 0, in order."""
        random = np.random.default_rng((self.seed, number))
        order = random.permutation(appearances(self.weights, random))
        return [self._made(order[first : first + self.batch]) for first in range(0, len(order), self.batch)]

    def _made(self, places: np.ndarray) -> Batch:
        """Return one batch."""
        targets = self.classes[places][:, None, None]
        words, real = np.full_like(targets, self.start), np.ones(targets.shape, bool)
        ids, none = [self.ids[place] for place in places], np.zeros(len(places), np.int64)
        return Batch(ids, places, words, targets, real, np.ones(len(places), np.float32), none[:, None], none)
