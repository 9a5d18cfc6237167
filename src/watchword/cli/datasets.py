"""Data sets as commands take them: several paths, each with a weight."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.readers.open import read_dataset

HELD_OUT = 10  # of a data set without a validation split, every so many-th photo is held out


def read_all(data: list[str], images: list[str], weights: list[float]) -> list[Example]:
    """Return the examples of all data sets, with weights (default 1 each), every id given once.

    An id that is there already gets a number behind it; those of the second data set begin with "1/", and so on.

    images: folders of the photos, for data sets that do not say where theirs are, in the same order; "" stands
        for a data set's own place. Blank sentences are left out.
    """
    if weights and len(weights) != len(data):
        raise DataError(f"{len(weights)} --weight for {len(data)} --data: give one weight for each data set, or none")
    if images and len(images) != len(data):
        raise DataError(
            f"{len(images)} --images for {len(data)} --data: give one folder for each data set, in the same order, "
            'or none; --images "" stands for the data set\'s own place'
        )
    examples: list[Example] = []
    for place, path in enumerate(data):
        weight = weights[place] if weights else 1.0
        for row in read_dataset(path, (images[place] or None) if images else None):
            examples.append(
                replace(
                    row,
                    id=f"{place}/{row.id}" if place else row.id,
                    sentences=tuple(sentence for sentence in row.sentences if sentence.strip()),
                    weight=row.weight * weight,
                )
            )
    return list(_distinct(examples))


def _distinct(examples: Iterable[Example]) -> Iterator[Example]:
    """Yield the examples, the second of an id as "id#2", for scores are counted by id."""
    taken: set[str] = set()
    times: Counter[str] = Counter()
    for row in examples:
        name = row.id
        while name in taken:
            times[row.id] += 1
            name = f"{row.id}#{times[row.id] + 1}"
        taken.add(name)
        yield row if name == row.id else replace(row, id=name)


def split(examples: list[Example], name: str) -> list[Example]:
    """Return the examples of split `name` that have a photo and a sentence; `DataError` where there is none.

    Without a "val" split it is what training holds out of the same data; standard error says so.
    """
    if name == "val" and not _has_val(examples) and any(row.split == "train" for row in examples):
        _, held_out = train_and_val(examples)
        which = f"every {HELD_OUT}th photo instead, {len(held_out)} in all, as `watchword train` holds them out"
        print(f"watchword: the data has no split 'val': {which} of the same data", file=sys.stderr)
        return held_out
    return _described(examples, name)


def train_and_val(examples: list[Example]) -> tuple[list[Example], list[Example]]:
    """Return what to learn from and what to validate on; without a "val" split every tenth photo is held out."""
    if _has_val(examples):
        return _described(examples, "train"), _described(examples, "val")
    rows = _described(examples, "train")
    if len(rows) < 2:
        raise DataError("one photo with a sentence: give two or more, for every tenth is held out to validate on")
    return parted(rows)


def parted(rows: list[Example]) -> tuple[list[Example], list[Example]]:
    """Return what is left of `rows` when every tenth photo is held out, and what is held out.

    Of rows that say which belong together (a field "group"), every tenth group is.
    """
    keys = [row.extra.get("group") or row.path for row in rows]
    held_out = set(list(dict.fromkeys(keys))[::HELD_OUT])
    sides = [(row, key in held_out) for row, key in zip(rows, keys, strict=True)]
    return [row for row, out in sides if not out], [row for row, out in sides if out]


def _has_val(examples: list[Example]) -> bool:
    return any(row.split == "val" for row in examples)


def _described(examples: list[Example], name: str) -> list[Example]:
    """Return the examples of a split that have a photo and a sentence; `DataError` where there is none."""
    rows = [row for row in examples if row.split == name]
    chosen = [row for row in rows if row.path is not None and row.sentences]
    if chosen:
        return chosen
    if not rows:
        there = sorted({row.split for row in examples})
        raise DataError(f"no photo with a sentence in split {name!r}; the data has: {', '.join(there) or 'no rows'}")
    photos, sentences = sum(row.path is None for row in rows), sum(not row.sentences for row in rows)
    raise DataError(
        f"no photo with a sentence in split {name!r}: of its {len(rows)} examples {photos} have no photo and "
        f"{sentences} have no sentence; give an example both, the path of a photo and a sentence"
    )
