"""Which examples are held out by a field that a data set gives them, such as the fold of a cross-validation."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from watchword.core.errors import DataError
from watchword.core.types import Example

HoldOut = Annotated[
    str | None,
    typer.Option(
        metavar="NAME=VALUE",
        help="Validate on the rows with this value of a field, as in fold=1, and learn from all others but a test "
        "split. A group of rows (field group) stays together.",
    ),
]


def held_out(rows: Sequence[Example], spec: str | None) -> list[Example]:
    """Return the examples with those held out that have a value of a field: they become split "val", others "train".

    spec: "fold=1" as given on a command line; None changes nothing. What is of split "test" stays there.
    Raises `DataError` where no row has the field or the value, none is left to learn from, or a group of rows that
    belong together (field "group") would be parted.
    """
    if spec is None:
        return list(rows)
    name, equals, value = spec.partition("=")
    if not equals or not name:
        raise DataError(f"--hold-out {spec}: give a field of the rows and a value, as in fold=1")
    there = [row for row in rows if row.split != "test"]
    values = sorted({str(row.extra[name]) for row in there if name in row.extra})
    if value not in values:
        fields = sorted({field for row in there for field in row.extra})
        known = (
            f"its values are: {', '.join(values[:20])}" if values else f"the rows have: {', '.join(fields) or 'none'}"
        )
        raise DataError(f"--hold-out {spec}: no row has that; {known}")
    if values == [value] and all(name in row.extra for row in there):
        raise DataError(f"--hold-out {spec}: every row has that, so nothing is left to learn from")
    found = [
        row if row.split == "test" else replace(row, split="val" if str(row.extra.get(name)) == value else "train")
        for row in rows
    ]
    _refuse_parted_groups(found, spec)
    return found


def _refuse_parted_groups(rows: Sequence[Example], spec: str) -> None:
    """Raise `DataError` where a group lies on both sides: what is alike would be learnt from and judged by."""
    sides: dict[str, set[str]] = {}
    for row in rows:
        if row.split != "test" and row.extra.get("group") is not None:
            sides.setdefault(str(row.extra["group"]), set()).add(row.split)
    if parted := sorted(group for group, found in sides.items() if len(found) > 1):
        raise DataError(
            f"--hold-out {spec} parts {len(parted)} groups that belong together (field group), such as {parted[0]!r}: "
            "hold out whole groups"
        )
