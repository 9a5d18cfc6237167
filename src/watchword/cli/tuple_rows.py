"""Tuples of data sets: whose clips have one, and what the words of each role are."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.spoken_tuples import tuple_of
from watchword.data.tuples import NONE, Chances, Roles, Words, labels_of, roles_of


def with_tuples(rows: Sequence[Example]) -> tuple[list[Example], list[Words]]:
    """Return the rows whose clip has a tuple, and the tuples; `DataError` where none has."""
    found = [(row, said) for row in rows if row.path and (said := tuple_of(row))]
    if not found:
        raise DataError(
            f'none of {len(rows)} clips has a tuple: give rows a field "tuple", or sentences such as '
            '"a dog is chasing a ball"'
        )
    return [row for row, _ in found], [said for _, said in found]


def known_roles(tuples: Sequence[Words], minimum: int) -> Roles:
    """Return the words of each role that are said of so many clips."""
    counts = Counter((role, word) for said in tuples for role, word in said.items())
    roles = roles_of(
        {role: [word] if counts[role, word] >= minimum else [NONE] for role, word in said.items()} for said in tuples
    )
    if all(len(words) < 2 for words in roles.values()):
        raise DataError(f"no word is said of {minimum} of {len(tuples)} clips: give more, or --set minimum=1")
    return roles


def told(chances: np.ndarray, labels: np.ndarray, roles: Roles) -> tuple[Words, Chances]:
    """Return probabilities (W,) and labels (R,) of one clip as words."""
    firsts = np.cumsum([0, *map(len, roles.values())]).tolist()
    words = {role: known[label] for (role, known), label in zip(roles.items(), labels.tolist(), strict=True)}
    each = {
        role: dict(zip(known, chances[first : first + len(known)].tolist(), strict=True))
        for first, (role, known) in zip(firsts, roles.items(), strict=False)
    }
    return words, each


def labels_to_judge(tuples: Sequence[Words], roles: Roles) -> tuple[np.ndarray, float]:
    """Return labels (N, R), and which share of the words is known; what is not known is -1, which nobody tells."""
    known = np.array([[each.get(role, NONE) in words for role, words in roles.items()] for each in tuples])
    said = np.array([[role in each for role in roles] for each in tuples])
    return np.where(known, labels_of(tuples, roles), -1), float((known & said).sum() / max(said.sum(), 1))
