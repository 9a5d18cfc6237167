"""The joints: what one room hands to the next.

Letters, fixed once: B batch, T steps, C cells, W width, V vocabulary, K beams (or sentences of one
photo, in training), H height and L length where a picture is meant. Arrays are NumPy unless a
docstring says tensor; the torch half uses the same names and shapes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeVar

import numpy as np

Array = TypeVar("Array")
Arrays = dict[str, np.ndarray]
Way = Literal["cropped", "pooled"]  # how regions are looked at: each by itself, or in the cells of their photo


class Features(NamedTuple, Generic[Array]):
    """What an encoder saw, as NumPy arrays or as tensors.

    whole: (B, W) float32, one vector for the picture, clip or region.
    cells: (B, C, W') float32: 7 x 7 positions row by row, or frames in time order, or regions.
    mask: (B, C) bool, True where a cell is real.
    """

    whole: Array
    cells: Array
    mask: Array


class Scores(NamedTuple):
    """What a decoder says of the next word.

    words: (B, K, N) int64, or None when every word of the vocabulary is scored in order (N = V).
    log_probs: (B, K, N) float32, natural logarithms of a softmax over all V words. Where `words` is
        given, it holds the N likeliest, best first.
    """

    log_probs: np.ndarray
    words: np.ndarray | None = None


class Stepper(Protocol):
    """A decoder as search sees it, whichever library is behind it.

    memory: what stays the same for a photo; its arrays have first axis B. Opaque to the search.
    state: what moves with each hypothesis; first axes (B, K). The search reorders it and nothing else.
        "looked" in state, if there, is (B, K, C): the weight of each cell when the last word was chosen.
    """

    def start(self, features: Features[np.ndarray]) -> tuple[Any, Arrays]:
        """Return the memory of B photos and the state before the first word, with K = 1."""
        ...

    def step(self, words: np.ndarray, memory: Any, state: Arrays, best: int | None = None) -> tuple[Scores, Arrays]:
        """Read words (B, K) int64, each after its own state, and score the word that follows.

        best: if given, only that many of the likeliest words need be handed back (a hint: all of
        them are a valid answer too).
        """
        ...


@dataclass(frozen=True)
class Sentence:
    """One sentence about one photo.

    text: as shown to people.
    words: as the model said them.
    log_probs: natural logarithm of the probability of each word, then of the end.
    confidence: calibrated probability, 0 to 1, that every content word is right; None without calibration.
    looked_at: (words, C) float32, what each word looked at; None where the decoder does not attend.
    labels: names and probabilities that the encoder's own classifier gives, likeliest first.
    """

    text: str
    words: tuple[str, ...]
    log_probs: tuple[float, ...]
    confidence: float | None = None
    looked_at: np.ndarray | None = field(default=None, compare=False, repr=False)
    labels: tuple[tuple[str, float], ...] = ()

    @property
    def log_prob(self) -> float:
        """The natural logarithm of the probability of the whole sentence."""
        return float(sum(self.log_probs))


class Looked(NamedTuple):
    """What a matcher saw of one picture.

    vectors: (R, D) float32, of its regions. boxes: (R, 4) float32, x0, y0, x1, y1 as shares of width and height.
    hubness: how well it fits sentences in general, see `alignment.querybank`; 0 where the matcher has no bank of them.
    """

    vectors: np.ndarray
    boxes: np.ndarray
    hubness: float = 0.0


class Read(NamedTuple):
    """What a matcher read of one sentence.

    words: as it knows them. vectors: (T, D) float32, one of each word, or one alone for the sentence.
    rarity: how rare its words are in what the matcher learnt from, see `runtime.rarity`; 0 is middling.
    hubness: how well it fits photos in general, see `alignment.querybank`; 0 where the matcher has no bank of them.
    unread: words at its end that were passed over, because the matcher takes no more than those before.
    """

    words: tuple[str, ...]
    vectors: np.ndarray
    rarity: float = 0.0
    hubness: float = 0.0
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Example:
    """One row of a data set. Every reader yields these; nothing downstream knows a file format.

    id: as the data set names it. path: the photo or clip, or None for language alone.
    sentences: raw text, as the data set gives it. labels: class names. split: "train", "val" or "test".
    weight: how often the row counts in training, relative to others.
    box: the part of the photo that the sentences speak of, x0, y0, x1, y1 as fractions; None for all of it.
    span: the part of the clip that they speak of, start and end in seconds; None for all of it.
    """

    id: str
    path: Path | None
    sentences: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    split: str = "train"
    weight: float = 1.0
    extra: Mapping[str, Any] = field(default_factory=dict, compare=False)
    box: tuple[float, float, float, float] | None = None
    span: tuple[float, float] | None = None
