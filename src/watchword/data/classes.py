"""Class names as words of a vocabulary: what a labeller tells apart."""

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.vocabulary import Vocabulary

_ESCAPED = re.compile(r"[\s%<]")  # a word of a vocabulary holds no space, and none is one of the special words


def word_of(name: str) -> str:
    """Return a class name as one word: "Apply Lipstick" as "Apply%20Lipstick"."""
    return _ESCAPED.sub(lambda found: quote(found[0]), name)


def classes_of(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the names of the classes that a vocabulary holds, the most frequent in training first.

    Raises `DataError` where there are fewer than two, for then there is nothing to tell apart.
    """
    names = tuple(unquote(word) for word in vocabulary.words if word in vocabulary)
    if len(names) < 2:
        raise DataError(
            f"{len(names)} class to learn ({', '.join(names) or 'none'}): give examples of two or more, as a folder "
            "with a sub-folder for each, or rows with a label"
        )
    return names


def class_numbers(rows: Sequence[Example], vocabulary: Vocabulary) -> list[int | None]:
    """Return the place of each row's class (its only label) among `classes_of`; None for one that is not there."""
    places = {name: place for place, name in enumerate(classes_of(vocabulary))}
    return [places.get(row.labels[0]) if row.labels else None for row in rows]
