"""The file of rows of snippets: begun or gone on with, by one run at a time, and never overwritten."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from watchword.cli.json_text import json_text
from watchword.cli.replacing import Kind, refuse_to_replace
from watchword.cli.snippet_rows import Row, Said, named
from watchword.core.errors import DataError
from watchword.core.file_lock import locked

_FIELDS = {"image", "box", "sentence", "split", "similarity"}
_ALIKE = 1e-3  # of width and height: by as much may a box that is drawn again differ, looked at in another batch
_ANY = Kind("file of snippets", lambda place: True)


def refuse_if_there(place: Path, resume: bool, inputs: Iterable[str | Path]) -> None:
    """Raise `DataError` for a file that is there, unless it is to be gone on with, or is one of those to be read."""
    refuse_to_replace(place, "--output", _ANY, inputs)
    if place.exists() and not resume:
        raise DataError(
            f"{str(place)!r} is there already: go on with it by --resume, remove it, or name another --output"
        )


class SnippetFile:
    """Rows, those of a photo together; as a context it is this run's alone.

    done: the photos whose rows are in it, all of them. The rows of the last one may be torn: they are taken out.
    """

    def __init__(self, place: Path, resume: bool) -> None:
        """Name the file; entering opens it."""
        self._place, self._resume, self._stack = place, resume, ExitStack()
        self.done: set[Path] = set()
        self._names: list[str] = []
        self._first: list[Row] = []
        self._end = 0  # byte

    def __enter__(self) -> "SnippetFile":
        """Open the file. Raises `DataError` if another run has it, or it holds anything but rows of snippets."""
        self._place.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(self._place, wait=False))
            except BlockingIOError:
                raise DataError(
                    f"another run is writing {str(self._place)!r}: let it end, or name another --output"
                ) from None
            if self._place.stat().st_size and not self._resume:
                raise DataError(f"{str(self._place)!r} came to be there in the meantime: name another --output")
            self._file = stack.enter_context(self._place.open("r+b"))
            self._read()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the file; one without any row goes."""
        if not self._file.seek(0, os.SEEK_END):
            self._place.unlink(missing_ok=True)
        self._stack.close()

    def write(self, rows: Sequence[Row]) -> None:
        """Write the rows of a photo, at once."""
        self._file.write("".join(json_text(row) + "\n" for row in rows).encode())
        self._file.flush()

    def go_on(self, photos: Mapping[Path, Said], again: Callable[[Path], list[Row] | None]) -> None:
        """Take up writing after the last photo whose rows are all there.

        photos: what the data has. again: makes the rows of a photo, or None where it can no longer be opened; those
        of the first photo in the file are compared. Raises `DataError`, and changes nothing, if they are not those
        of this model, beta and data.
        """
        names = {named(photo, self._place): photo for photo in photos}
        self.done = {names[name] for name in self._names if name in names}
        photo = names.get(self._first[0]["image"]) if self._first else None
        made = again(photo) if photo else []
        whole = None if self._names else len(self._first)  # of a photo alone the last rows may be missing
        if made is not None and not _same(made[:whole], self._first):
            raise DataError(
                f"{str(self._place)!r} has rows of another model, --beta, --least-words or data, as those of "
                f"{self._first[0]['image']!r} show: name another --output"
            )
        self._file.truncate(self._end)
        self._file.seek(self._end)

    def _read(self) -> None:
        """Read what is there, and where the rows of the last photo begin, which may not be all."""
        for name, group in groupby(_rows(self._file, self._place), lambda each: each[0]["image"]):
            rows, places = zip(*group, strict=True)
            self._names.append(name)
            self._first, self._end = self._first or list(rows), places[0]
        self._names = self._names[:-1]


def _rows(file: BinaryIO, place: Path) -> Iterator[tuple[Row, int]]:
    """Yield each whole row and the byte at which it begins; `DataError` for a line that is none."""
    begins = 0
    for number, line in enumerate(file, start=1):
        row = _row(line)
        if row is None:
            if not line.endswith(b"\n") and b'{"image": '.startswith(line[:10]):
                return
            raise DataError(
                f"{str(place)!r} cannot be gone on with: line {number} is no row of snippets. "
                "Name another --output, or move that file out of the way"
            )
        yield row, begins
        begins += len(line)


def _row(line: bytes) -> Row | None:
    try:
        row: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) and row.keys() == _FIELDS and isinstance(row["image"], str) else None


def _same(made: Sequence[Row], there: Sequence[Row]) -> bool:
    """Tell whether rows are those that are there; similarities, and the last digits of boxes, may differ."""
    fields = ("image", "sentence", "split")
    return len(made) == len(there) and all(
        all(mine[name] == its[name] for name in fields) and _near(mine["box"], its["box"])
        for mine, its in zip(made, there, strict=True)
    )


def _near(box: list[float], other: Any) -> bool:
    """Tell whether two boxes are one; what a file holds may be anything."""
    return isinstance(other, list) and len(other) == len(box) and all(map(_alike, box, other))


def _alike(side: float, other: Any) -> bool:
    return isinstance(other, float | int) and 0 <= other <= 1 and abs(side - other) <= _ALIKE
