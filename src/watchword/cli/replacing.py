"""What a command may write over: files of the kind that it makes itself, and never a file that it was given to read."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from watchword.cli.printable import printable
from watchword.core.errors import DataError

_READ = 1024  # bytes; a comment may stand before what a page begins with


class Kind(NamedTuple):
    """A kind of file: its name, and what its first bytes look like."""

    name: str
    head: re.Pattern[bytes]


PAGE = Kind(
    "HTML page", re.compile(rb"(\xef\xbb\xbf)?(\s|<!--.*?-->)*<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
)
PNG = Kind("PNG", re.compile(rb"\x89PNG\r\n\x1a\n"))


def refuse_to_replace(place: Path, option: str, kind: Kind, inputs: Iterable[str | Path]) -> None:
    """Raise `DataError` if a file of `kind` must not be written at `place`, which `option` names.

    That is so if one of `inputs` lies there, by whatever name, or a file that has content and is of another kind.
    What cannot be looked at is left to whoever writes it.
    """
    try:
        if not place.is_file():
            return
        there = place.stat()
        with place.open("rb") as file:
            head = file.read(_READ)
    except OSError:
        return
    shown = printable(str(place))
    if any(_is(photo, there) for photo in inputs):
        raise DataError(f"{shown!r} is one of the files to be read, which stay as they are; name another {option}")
    if head and not kind.head.match(head):
        raise DataError(f"{shown!r} is there already and is no {kind.name}; move it away, or name another {option}")


def _is(photo: str | Path, there: os.stat_result) -> bool:
    """Tell whether a photo is the file that has been found."""
    try:
        return os.path.samestat(os.stat(photo), there)
    except (OSError, ValueError):
        return False
