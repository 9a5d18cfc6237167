"""The rows of a table, each with its place: CSV with a heading, or JSON Lines."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from watchword.core.errors import DataError
from watchword.data.readers.faults import Faults
from watchword.data.readers.fields import Record
from watchword.data.readers.table import check_columns

Check = Callable[[Record, str], None]
_DELIMITERS = ",\t;|"


def csv_rows(text: str, source: Path, faults: Faults, check: Check = check_columns) -> Iterator[tuple[str, Record]]:
    """Yield the rows of a table with a heading, columns parted by comma, tab, semicolon or bar.

    check: raises `DataError` for columns that are not those of such a table, and the place where they stand.
    """
    delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    if "\n" in text.strip():
        _check_heading(reader, source, check)
    while True:
        with faults:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise _no_table(source, reader, error) from None
            place = f"line {reader.line_num}"
            if None in row:  # where the reader puts cells beyond the heading
                advice = f"write quotes around a sentence with {delimiter!r}"
                raise DataError(f"{source}, {place}: it has more cells than the heading; {advice}")
            yield place, row


def _check_heading(reader: "csv.DictReader[str]", source: Path, check: Check) -> None:
    """Have the columns checked: a fault of the table, not of each row."""
    try:
        heading = {name.strip(): "" for name in reader.fieldnames or ()}
    except csv.Error as error:
        raise _no_table(source, reader, error) from None
    check(heading, f"{source}, line {reader.line_num}")


def _no_table(source: Path, reader: "csv.DictReader[str]", error: csv.Error) -> DataError:
    return DataError(f"{source}, after line {reader.line_num}: not a table with a heading: {error}")


def json_lines(text: str, source: Path, faults: Faults) -> Iterator[tuple[str, Any]]:
    """Yield the objects of a JSON Lines file; empty lines do not count."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            with faults:
                yield f"line {number}", _value(line, f"{source}, line {number}")


def _value(line: str, where: str) -> Any:
    """Return what a line of JSON holds."""
    try:
        return json.loads(line)
    except ValueError as error:
        raise DataError(f"{where}: not JSON: {error}; each line is one object") from None
    except RecursionError:
        raise DataError(f"{where}: its JSON is nested too deeply; each line is one flat object") from None
