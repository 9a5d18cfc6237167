"""Files of tuples filed under the clips of a data set, as rows of features."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.tuples import Roles, read_tuples, roles_of, rows_of
from watchword.encoders.from_tuples import FromTuples

_WORDS = "roles.json"


def tuples_filed(
    file: Path, rows: Sequence[Example], name: str, features: Path
) -> tuple[FromTuples, list[int], np.ndarray]:
    """Return what reads tuples filed under a name, how many words each role has, and the row of each example (N, 2 W),
    NaN where it has none.

    The words of each role are those of the file, kept beside the rows, so that a word has one place.
    """
    found = read_tuples(file)
    roles = roles_of({role: each.keys() for role, each in row.chances.items()} for row in found)
    encoder = FromTuples(name=name, widths=[len(words) for words in roles.values()])
    by_name = {each: number for number, row in enumerate(found) for each in row.names}
    made = rows_of(found, roles)
    filed = np.full((len(rows), made.shape[1]), np.nan, np.float32)
    for place, row in enumerate(rows):
        number = _place(row, by_name)
        if number is not None:
            filed[place] = made[number]
    if np.isnan(filed).all():
        raise DataError(
            f"{file}: none of its {len(found)} clips is in the data set: their ids are like {found[0].names[0]!r}, "
            f"there like {rows[0].id!r}"
        )
    _keep(features / f"{encoder.key}-view0", roles)
    return encoder, encoder.widths, filed


def _place(row: Example, by_name: Mapping[str, int]) -> int | None:
    """Return the number of the tuple of an example, by its id, else by its path or the end of that."""
    names = [row.id, *([str(row.path), row.path.name] if row.path else [])]
    return next((by_name[name] for name in names if name in by_name), None)


def _keep(folder: Path, roles: Roles) -> None:
    """Write the words of each role beside the rows; `DataError` where rows with other words are there."""
    path, text = folder / _WORDS, json.dumps({role: list(words) for role, words in roles.items()}, ensure_ascii=False)
    if path.exists() and path.read_text(encoding="utf-8") != text:
        raise DataError(f"{folder} holds tuples of other words: choose another --name, or delete it")
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
