"""Data sets as labellers learn them: the class of a clip stands where a captioner has its sentences."""

from collections.abc import Iterable
from dataclasses import replace

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.recipes.base import Kind


def as_learnt(rows: Iterable[Example], kind: Kind | None) -> list[Example]:
    """Return the examples as a model of this kind learns from them, and is judged by them.

    A labeller's have their class as their only sentence, and none where they have no class; others are as they are.
    Raises `DataError` for one of two classes or more, of which a labeller could only say one.
    """
    if kind != "labeller":
        return list(rows)
    found = [replace(row, sentences=row.labels) for row in rows]
    for row in found:
        if len(row.labels) > 1:
            raise DataError(
                f"example {row.id!r} has {len(row.labels)} labels ({', '.join(row.labels[:3])}): a labeller learns "
                "one class of each; give each its own"
            )
    if found and not any(row.labels for row in found):
        raise DataError(
            "no example has a label, which a labeller learns: give a folder with a sub-folder for each class, or rows "
            "with a field label"
        )
    return found
