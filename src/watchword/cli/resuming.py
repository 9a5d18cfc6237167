"""Going on where a killed run stopped: which rows are there, and where the last whole one ends."""

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from watchword.cli.clip_rows import JSON_FIELDS as CLIP_FIELDS
from watchword.cli.rows import JSON_FIELDS, JSON_START, Format, csv_header
from watchword.core.errors import DataError

_LONGEST_TORN = 16 << 20  # bytes; the rows of a clip in the making are never longer, a file of another kind may be


def finished(path: Path, kind: Format, n: int) -> set[str]:
    """Return the paths of the photos and clips whose rows are in the file `path`, and cut off what is torn at its end.

    That is a last row which is not whole, and before it the rows of a clip whose last one is not there.

    kind, n: what the rows are to be. Raises `DataError`, and changes nothing, if the file holds anything else,
    or rows of another n.
    """
    if not path.exists():
        return set()
    done: set[str] = set()
    with path.open("r+b") as file:
        whole = 0
        for key, end in _csv_rows(file, path, n) if kind == "csv" else _json_rows(file, path, n):
            if key is not None:
                done.add(key)
            whole = end
        if not _torn_off(file, whole, kind):
            raise _not_ours(path, f"what follows byte {whole} is no row")
        file.truncate(whole)
    return done


def with_clips(path: Path, n: int = 1) -> bool:
    """Tell whether a file begins with the header of a CSV that has columns for clips."""
    header = csv_header(n, clips=True).encode()
    with path.open("rb") as file:
        return file.read(len(header)) == header


def _torn_off(file: BinaryIO, whole: int, kind: Format) -> bool:
    """Tell whether what follows the byte `whole` can be the beginning of a row that was being written.

    Of CSV the header, which stands before it, says whose file it is; JSON has no header, so its rows must say it.
    """
    if file.seek(0, os.SEEK_END) - whole > _LONGEST_TORN:
        return False
    file.seek(whole)
    begun = file.read(len(JSON_START))
    return kind == "csv" or JSON_START.startswith(begun[: len(JSON_START)])


def _json_rows(file: BinaryIO, path: Path, n: int) -> Iterator[tuple[str | None, int]]:
    """Yield the key of each photo or clip and the byte where its rows end; at the end, refuse rows of another n."""
    end, counts = 0, set[int]()
    for number, line in enumerate(file, start=1):
        if not line.endswith(b"\n"):
            break
        end += len(line)
        if (row := _json_row(line)) is None:
            raise _not_ours(path, f"line {number} is no row that describe writes")
        if "last" not in row:
            counts.add(max(2, 1 + len(row["others"])) if "others" in row else 1)
        if row.get("last", True):
            yield row["path"], end
    # A photo may have fewer sentences than were asked for, but hardly every photo.
    if counts and (max(counts) != n or (n > 1 and 1 in counts)):
        raise _of_another_n(path, counts, n)


def _json_row(line: bytes) -> dict[str, Any] | None:
    """Return a row, if the line is one."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict) or not isinstance(row.get("path"), str):
        return None
    if row.keys() == set(CLIP_FIELDS):
        return row
    if row.keys() - {"others"} != JSON_FIELDS:
        return None
    return row if isinstance(row.get("others", []), list) else None


def _csv_rows(file: BinaryIO, path: Path, n: int) -> Iterator[tuple[str | None, int]]:
    """Yield the key of each whole record (None: the header) and the byte where it ends; names may hold line ends."""
    clips = with_clips(path, n)
    header = csv_header(n, clips).encode()
    if (start := file.read(len(header))) != header:
        if header.startswith(start) or csv_header(n, clips=True).encode().startswith(start + file.read()):
            return
        raise _not_ours(path, f"it does not begin with the line {header.decode().strip()!r}")
    end, complete = len(header), True

    def lines() -> Iterator[str]:
        nonlocal end, complete
        for line in file:
            end, complete = end + len(line), line.endswith(b"\n")
            yield line.decode("utf-8", "surrogateescape")

    yield None, end
    width = len(header.split(b","))
    try:
        for record in csv.reader(lines(), strict=True):
            if not complete or (len(record) != width and not file.peek(1)):  # type: ignore[attr-defined]
                return
            if len(record) != width:
                raise _not_ours(path, f"the record that ends at byte {end} has {len(record)} cells, not {width}")
            if not clips or record[-1] != "0":
                yield record[0], end
    except csv.Error as error:  # a quote that is not closed by the end: torn
        if file.read(1):
            raise _not_ours(path, f"the record that ends at byte {end} is no CSV: {error}") from None


def _of_another_n(path: Path, counts: set[int], n: int) -> DataError:
    """Say that the rows in the file have as many sentences as `counts` tells (1: those without others)."""
    most = max(counts)
    if 1 in counts and most > 1:
        return _not_ours(path, "its rows are of more than one --n")
    return _not_ours(path, f"its rows are those of --n {most}, not of --n {n}", f"Give --n {most}, name")


def _not_ours(path: Path, reason: str, remedy: str = "Name") -> DataError:
    return DataError(
        f"{str(path)!r} cannot be gone on with: {reason}. {remedy} another --output, or move that file out of the way"
    )
