"""Semantic tuples: who does what to what in a clip, as words of roles and as probabilities (paper 2, section 6).

A file of them is JSON Lines, a clip a line:

    {"id": "c1", "tuple": {"subject": "dog", "verb": "chase", "object": "ball"},
     "probabilities": {"subject": {"dog": 0.8, "cat": 0.2}, "verb": {"chase": 1.0}, "object": {"ball": 1.0}}}

so that a data set whose rows have a "tuple" is one, too. A role that a tuple leaves out has the word "-".
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from watchword.core.errors import DataError
from watchword.data.readers.faults import Faults
from watchword.data.readers.open import read_text
from watchword.data.readers.table_rows import json_lines

NONE = "-"
USUAL = ("subject", "verb", "object", "place")  # their order in a chain; others come behind

Words = dict[str, str]
Chances = dict[str, dict[str, float]]
Roles = dict[str, tuple[str, ...]]


class TupleRow(NamedTuple):
    """What is said of one clip: `words` the likeliest tuple, `chances` the probabilities of each role's words.

    names: by which the clip may be known: id and path.
    """

    names: tuple[str, ...]
    words: Words
    chances: Chances


def read_tuples(path: str | Path) -> list[TupleRow]:
    """Return the rows of a file of tuples. Raises `DataError`, naming the line that is amiss.

    Of a row without "probabilities" its words have probability 1; of one without "tuple" the likeliest word of each
    role is it. Probabilities are made to sum up to 1; a role's may leave out words that have none.
    """
    source, wanted = Path(path), "a file of tuples is JSON Lines with id and tuple or probabilities"
    rows = json_lines(read_text(source, wanted), source, Faults(strict=True))
    found = [_row(value, f"{source}, {place}") for place, value in rows]
    if not found:
        raise DataError(f"{source} holds no tuple; {wanted}")
    return found


def roles_of(tuples: Iterable[Mapping[str, Iterable[str]]]) -> Roles:
    """Return the words of each role, "-" and then in alphabetical order, and the roles in the order of a chain.

    tuples: the words that each gives a role, one or several.
    """
    words: dict[str, set[str]] = {}
    for each in tuples:
        for role, given in each.items():
            words.setdefault(role, set()).update(given)
    places = {role: place for place, role in enumerate(USUAL)}
    order = sorted(words, key=lambda role: places.get(role, len(USUAL)))
    return {role: (NONE, *sorted(words[role] - {NONE})) for role in order}


def labels_of(words: Sequence[Words], roles: Roles) -> np.ndarray:
    """Return the place of each role's word: (N, R) int64; a word that is not known is "-"."""
    places = [{word: place for place, word in enumerate(known)} for known in roles.values()]
    return np.array(
        [[place.get(each.get(role, NONE), 0) for role, place in zip(roles, places, strict=True)] for each in words],
        np.int64,
    ).reshape(len(words), len(roles))


def rows_of(rows: Sequence[TupleRow], roles: Roles) -> np.ndarray:
    """Return (N, 2 W) float32: the probabilities of all W words of all roles, then the likeliest tuple as 0 and 1."""
    firsts = np.cumsum([0, *map(len, roles.values())])
    made = np.zeros((len(rows), 2, firsts[-1]), np.float32)
    for number, row in enumerate(rows):
        for first, (role, known) in zip(firsts, roles.items(), strict=False):
            for word, chance in row.chances.get(role, {NONE: 1.0}).items():
                made[number, 0, first + known.index(word)] = chance
            made[number, 1, first + known.index(row.words.get(role, NONE))] = 1
    return made.reshape(len(rows), -1)


def written(names: Mapping[str, str], words: Words, chances: Chances, *, least: float = 1e-4) -> str:
    """Return a line of a file of tuples. least: probabilities below it are left out."""
    kept = {
        role: {word: round(chance, 5) for word, chance in each.items() if chance >= least}
        for role, each in chances.items()
    }
    return json.dumps({**names, "tuple": words, "probabilities": kept}, ensure_ascii=False)


def given_words(value: Any, where: str) -> Words:
    """Return a tuple as it stands in a row: role to word; `DataError` for anything else. Null and "" are "-"."""
    if not isinstance(value, Mapping) or not all(isinstance(word, str | None) for word in value.values()):
        raise DataError(f'{where}: a tuple is an object of role and word, {{"subject": "dog"}}, not {str(value)[:60]}')
    return {str(role): word or NONE for role, word in value.items()}


def _row(value: Any, where: str) -> TupleRow:
    if not isinstance(value, Mapping):
        raise DataError(f"{where}: an object with fields was expected, not {str(value)[:40]!r}")
    names = tuple(
        str(value[name]) for name in ("id", "video_id", "path", "file", "name") if value.get(name) is not None
    )
    if not names or not ("tuple" in value or "probabilities" in value):
        raise DataError(
            f'{where}: it needs an "id" or "path", and "tuple" or "probabilities"; it has: {", ".join(value)}'
        )
    words = given_words(value["tuple"], where) if "tuple" in value else {}
    chances = _chances(value["probabilities"], where) if "probabilities" in value else {}
    for role, each in chances.items():
        words.setdefault(role, max(each, key=lambda word: each[word]))
        each.setdefault(words[role], 0.0)
    for role, word in words.items():
        chances.setdefault(role, {word: 1.0})
    return TupleRow(names, words, chances)


def _chances(value: Any, where: str) -> Chances:
    """Return probabilities, each role's with the sum 1."""
    try:
        found = {str(role): {str(word): float(p) for word, p in each.items()} for role, each in value.items()}
    except (AttributeError, TypeError, ValueError):
        raise DataError(
            f'{where}: probabilities are an object of role, word and number, {{"subject": {{"dog": 0.8}}}}'
        ) from None
    for role, each in found.items():
        total = sum(each.values())
        if not each or not 0 < total < np.inf or min(each.values()) < 0:
            raise DataError(f"{where}: the probabilities of {role!r} are {each}; give 0 or more each, not all 0")
        found[role] = {word: chance / total for word, chance in each.items()}
    return found
