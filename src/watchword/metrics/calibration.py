"""Whether a confidence means what it says: 0.8 should be right four times of five."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from watchword.core.errors import ScoreError
from watchword.metrics.content import content_stems


def content_words_right(candidate: Iterable[str], references: Iterable[Iterable[str]]) -> bool:
    """Say whether every content word of a sentence is in some reference sentence, stem equal.

    candidate: its words. references: the words of each sentence of the photo, tokenised in the same way.
    Different words may be in different references. A sentence without content words says nothing wrong.
    """
    allowed = frozenset[str]().union(*map(content_stems, references))
    return content_stems(candidate) <= allowed


@dataclass(frozen=True)
class Bin:
    """The sentences whose confidence lies in one range.

    low, high: the range, low < confidence <= high (the first holds 0 too). sentences: how many.
    confidence: their mean confidence. right: the share that was right.
    """

    low: float
    high: float
    sentences: int
    confidence: float
    right: float


def reliability(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> tuple[Bin, ...]:
    """Return the reliability table: ranges of equal width that hold a sentence, from low to high.

    confidences: (N,) probabilities, 0 to 1. right: (N,) whether each sentence was right.
    Raises `ScoreError` when they do not fit each other, are empty, or are no probabilities.
    """
    given, was = np.asarray(confidences, np.float64), np.asarray(right, np.float64)
    if given.shape != was.shape or given.ndim != 1 or not given.size or bins < 1:
        raise ScoreError(
            f"{given.shape} confidences, {was.shape} labels, {bins} bins: give one label for each of N >= 1 confidences"
        )
    if not ((given >= 0) & (given <= 1)).all():
        raise ScoreError(f"confidences from {given.min()} to {given.max()}: they are probabilities, 0 to 1")
    edges = np.linspace(0, 1, bins + 1)
    places = np.searchsorted(edges[1:-1], given, "left")
    table = []
    for place in np.unique(places):
        inside = places == place
        low, high = edges[place : place + 2].tolist()
        table.append(Bin(low, high, int(inside.sum()), float(given[inside].mean()), float(was[inside].mean())))
    return tuple(table)


def expected_calibration_error(table: Iterable[Bin]) -> float:
    """Return the mean over sentences of |share right - mean confidence| of their range, 0 to 1.

    Naeini, Cooper and Hauskrecht, AAAI 2015; Guo, Pleiss, Sun and Weinberger, ICML 2017.
    """
    rows = list(table)
    return sum(row.sentences * abs(row.right - row.confidence) for row in rows) / sum(row.sentences for row in rows)
