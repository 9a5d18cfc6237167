"""What a search is expected to score where something fits and where nothing does, and single photos, fitted."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from watchword.core.errors import RetrievalError
from watchword.runtime.match_calibration import Calibration, OfPhoto

__all__ = ["Best", "Calibration", "fit_calibration", "from_numbers", "with_photos"]

_EVEN = 0.5
Fit = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, float]]


class Best(NamedTuple):
    """The highest score (equation 8) for a sentence of so many words in a collection of so many photos.

    rarity, hubness: of the sentence, as the matcher read it.
    """

    score: float
    words: int
    photos: int = 1
    rarity: float = 0.0
    hubness: float = 0.0


def fit_calibration(
    positive: Sequence[Best], negative: Sequence[Best], fit: Fit, *, averaged: bool = False, answered: float = 0.9
) -> Calibration:
    """Return the model under which what fits and what does not are likeliest.

    positive: the best of collections in which a photo fits the sentence. negative: the best of those in which
    nothing does. Both are what a search returns; collections of several sizes teach what their size does. fit: a
    logistic regression from features (N, 5) and labels (N,) bool to weights (5,) and bias, such as
    `metrics.logistic.fit_logistic`. averaged: the scores are means over the words. answered: the share of
    `positive` that is not below `least`, at least; nothing that is rather likely to fit is below it.

    Raises `RetrievalError` unless there are both, all finite and of at least one word.
    """
    if not positive or not negative:
        raise RetrievalError(f"{len(positive)} scores that fit and {len(negative)} that do not; there have to be both")
    given = [Best(*each) for each in (*positive, *negative)]
    rows = np.array(
        [
            (score / (1 if averaged else max(words, 1)), words, math.log(max(photos, 1)), rarity, hubness)
            for score, words, photos, rarity, hubness in given
        ],
        np.float64,
    )
    if not np.isfinite(rows).all() or rows[:, 1].min() < 1:
        raise RetrievalError("every score has to be finite, and of a sentence of at least one word")
    (per_word, words, photos, rarity, hubness), bias = _fitted(rows, np.arange(len(rows)) < len(positive), fit)
    found = Calibration(per_word, words, bias, photos, averaged=averaged, rarity=rarity, hubness=hubness)
    chances = [found.probability(*each) for each in given[: len(positive)]]
    return replace(found, least=min(float(np.quantile(chances, 1 - answered)), _EVEN))


def with_photos(
    calibration: Calibration, rows: np.ndarray, fits: np.ndarray, fit: Fit, *, least: float = 0.2
) -> Calibration:
    """Return the calibration with the model under which what single photos are is likeliest.

    rows: (N, 4), of photos that searches found whose best answers them: the score as a mean over the words, the number
    of words, rarity and hubness of the sentence. fits: (N,) bool. fit: as of `fit_calibration`.

    Raises `RetrievalError` unless there are both.
    """
    if fits.all() or not fits.any():
        raise RetrievalError(f"{int(fits.sum())} of {len(fits)} photos fit; there have to be some of both kinds")
    (per_word, words, rarity, hubness), bias = _fitted(rows, fits, fit)
    return replace(calibration, photo=OfPhoto(per_word, words, bias, rarity, hubness, least))


def _fitted(rows: np.ndarray, labels: np.ndarray, fit: Fit) -> tuple[list[float], float]:
    """Return weights and bias of rows as they are, fitted on them in deviations from their means."""
    middle, spread = rows.mean(0), rows.std(0)
    spread[spread == 0] = 1.0
    weights, bias = fit((rows - middle) / spread, labels)
    weights = weights / spread
    return weights.tolist(), float(bias - weights @ middle)


def from_numbers(numbers: Mapping[str, Any]) -> Calibration:
    """Return a calibration from what `dataclasses.asdict` made of it; `ValueError` if it is none."""
    needed = {name: float(numbers[name]) for name in ("per_word", "words", "bias")}
    absent = {"photos": 0.0, "least": 0.5, "rarity": 0.0, "hubness": 0.0}
    usual = {name: float(numbers.get(name, value)) for name, value in absent.items()}
    given = numbers.get("photo") or {}
    if (
        not isinstance(given, Mapping)
        or not set(given) <= set(OfPhoto.__dataclass_fields__)
        or (given and not {"per_word", "words", "bias"} <= set(given))
    ):
        raise ValueError("what the calibration says of single photos is none")
    photo = {name: float(value) for name, value in given.items()}
    if not all(map(math.isfinite, (*needed.values(), *usual.values(), *photo.values()))):
        raise ValueError("a number of the calibration is not finite")
    known = OfPhoto(**photo) if photo else None
    return Calibration(**needed, **usual, averaged=bool(numbers.get("averaged", False)), photo=known)
