"""What a command may write over: files of the kind that it makes itself, and never a file that it was given to read."""

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from watchword.cli.printable import printable
from watchword.core.errors import DataError

_READ = 1024  # bytes; a comment may stand before what a page begins with


class Kind(NamedTuple):
    """A kind of file: its name, and whether a file is one of it, or holds nothing that would be missed."""

    name: str
    holds: Callable[[Path], bool]


def beginning(pattern: bytes, flags: int = 0) -> Callable[[Path], bool]:
    """Return what tells files that are empty or begin as `pattern` says from all others."""
    head = re.compile(pattern, flags)

    def holds(place: Path) -> bool:
        with place.open("rb") as file:
            read = file.read(_READ)
        return not read or head.match(read) is not None

    return holds


PAGE = Kind(
    "HTML page", beginning(rb"(\xef\xbb\xbf)?(\s|<!--.*?-->)*+<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
)
PNG = Kind("PNG", beginning(rb"\x89PNG\r\n\x1a\n"))


def refuse_to_replace(place: Path, option: str, kind: Kind, inputs: Iterable[str | Path]) -> None:
    """Raise `DataError` if a file of `kind` must not be written at `place`, which `option` names.

    That is so if one of `inputs` lies or is to lie there, by whatever name, or a folder, or a file of another kind;
    and where its folder cannot be written into, or no file can have the name.
    """
    shown = printable(str(place))
    try:
        place.exists()
    except OSError as error:
        raise DataError(f"{shown!r} cannot be written: {error.strerror}; name another {option}") from None
    if any(_is(each, place) for each in inputs):
        raise DataError(f"{shown!r} is one of the files to be read, which stay as they are; name another {option}")
    if place.is_dir():
        raise DataError(f"{shown!r} is a folder; name a file for {option}")
    home = next(folder for folder in place.absolute().parents if folder.exists())
    if not home.is_dir() or not os.access(home, os.W_OK):
        raise DataError(
            f"{shown!r} cannot be written, for {printable(str(home))!r} is no folder, or one that may not be written "
            f"into; name another {option}"
        )
    if place.is_file() and not _fits(place, kind):
        raise DataError(f"{shown!r} is there already and is no {kind.name}; move it away, or name another {option}")


def refuse_one_for_two(outputs: Iterable[tuple[str, Path]]) -> None:
    """Raise `DataError` if two outputs, each with the option that names it, are one file, by whatever name."""
    there: dict[str, str] = {}
    for option, place in outputs:
        if (other := there.setdefault(os.path.realpath(place), option)) != option:
            raise DataError(f"{other} and {option} cannot both be {printable(str(place))!r}: name two files")


def _fits(place: Path, kind: Kind) -> bool:
    try:
        return kind.holds(place)
    except OSError:
        return True


def _is(given: str | Path, place: Path) -> bool:
    """Tell whether a file that was given is, or would be, the one at `place`."""
    if os.path.abspath(given) == os.path.abspath(place):
        return True
    try:
        return os.path.samefile(given, place)
    except (OSError, ValueError):
        return False
