"""How often a class is named rightly, and what is taken for what.

Accuracy, precision, recall and F1: Manning, Raghavan and Schütze, "Introduction to Information Retrieval",
2008, sections 8.3 and 13.6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from watchword.core.errors import ScoreError
from watchword.metrics.tally import Tally


@dataclass(frozen=True)
class Class:
    """One class: how many there are, and the shares (0 to 1) that were right of those said and of those there."""

    name: str
    count: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True)
class Classification:
    """Figures of N items.

    accuracy: share that is right. confusion: (C, C) int64, row: what it is, column: what was said; in the order
    of `classes`.
    """

    accuracy: float
    classes: tuple[Class, ...]
    confusion: np.ndarray

    @property
    def mean_recall(self) -> float:
        """The mean of the recalls of the classes that occur: accuracy as if all were equally frequent."""
        recalls = [each.recall for each in self.classes if each.count]
        return sum(recalls) / len(recalls)


def classification(said: Sequence[str], true: Sequence[str]) -> Classification:
    """Return the figures of class names `said` (N,) against the `true` ones; `ScoreError` unless they fit."""
    if len(said) != len(true) or not true:
        raise ScoreError(f"{len(said)} classes said, {len(true)} true ones: give as many of both, one or more")
    names = sorted({*said, *true})
    places = {name: place for place, name in enumerate(names)}
    rows, columns = (np.array([places[name] for name in side]) for side in (true, said))
    confusion = np.bincount(rows * len(names) + columns, minlength=len(names) ** 2).reshape(len(names), -1)
    right, there, spoken = confusion.diagonal(), confusion.sum(1), confusion.sum(0)
    shares = zip(names, there.tolist(), right / np.maximum(spoken, 1), right / np.maximum(there, 1), strict=True)
    classes = tuple(Class(name, count, float(p), float(r)) for name, count, p, r in shares)
    return Classification(float(right.sum() / len(true)), classes, confusion)


def accuracy_tally(right: Sequence[bool], groups: Sequence[str] | None = None) -> Tally:
    """Return the tally of accuracy over items that were told right or not (N,).

    groups: which items belong together, such as clips of one scene: they are drawn together, for what is alike is
    told alike, and an interval that took them for strangers would be too narrow.
    """
    names = list(map(str, range(len(right)))) if groups is None else list(groups)
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    owner = np.array([places[name] for name in names], np.int64)
    rows = np.zeros((len(places), 2))
    np.add.at(rows, owner, np.stack([np.array(right, np.float64), np.ones(len(right))], 1))
    return Tally(("accuracy",), rows, lambda sums, _: sums[..., :1] / sums[..., 1:])
