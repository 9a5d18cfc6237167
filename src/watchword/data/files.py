"""Which photos are meant by what a user names: files, patterns, folders, a list on standard input."""

import glob
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from watchword.core.errors import DataError

# Inside folders, only files that call themselves pictures are taken.
_NAMES = "avif bmp gif heic heif jfif jp2 jpe jpeg jpg mpo pgm png ppm qoi tif tiff webp"
EXTENSIONS = frozenset(f".{name}" for name in _NAMES.split())

Told = Callable[[DataError], None]


def find_photos(
    named: Iterable[str | Path],
    standard_input: BinaryIO | None = None,
    unreadable: Told | None = None,
    extensions: Collection[str] = EXTENSIONS,
) -> Iterator[Path]:
    """Yield the photos that are meant, each once, in the order in which they were named.

    A file that is named is always yielded, whatever it is called and whether or not it exists, so that
    whoever opens it can say what is wrong. A folder stands for the photos inside it (`photos_inside`), a
    pattern with * ? [] or ** for what it matches. "-" stands for a list on `standard_input`, each name
    followed by a newline, or by a NUL if there is any (as from `find -print0`); in it, "-" is
    a name like any other.

    unreadable: told of each folder that cannot be read, of each pattern that matches nothing, and of an empty
        name; the search goes on. Without it they are raised.
    extensions: of what is taken inside folders, in small letters.

    Raises `DataError` for "-" without `standard_input`.
    """
    seen: set[str] = set()
    for path in _meant(named, standard_input, unreadable or _raise, extensions):
        place = os.path.abspath(path)
        if place not in seen:
            seen.add(place)
            yield path


def photos_inside(
    folder: Path, unreadable: Told | None = None, extensions: Collection[str] = EXTENSIONS
) -> Iterator[Path]:
    """Yield the photos in a folder and all folders under it, sorted, files before folders.

    Hidden files and folders are passed over, and so are names without one of the `extensions`. Links
    are followed; a folder is entered once, however many links lead to it, so that loops come to an end.
    A folder that cannot be read is told to `unreadable`, or raised as `DataError` without it.
    """
    yield from _walk(folder, set(), unreadable or _raise, extensions)


def _walk(folder: Path, entered: set[tuple[int, int]], unreadable: Told, extensions: Collection[str]) -> Iterator[Path]:
    """Yield the photos under a folder that has not been `entered` (device and inode) before."""
    try:
        found = folder.stat()
        children = sorted(child for child in folder.iterdir() if not child.name.startswith("."))
    except OSError as error:
        unreadable(DataError(f"the folder {str(folder)!r} cannot be read: {error}; change its permissions"))
        return
    if (found.st_dev, found.st_ino) in entered:
        return
    entered.add((found.st_dev, found.st_ino))
    folders = {child: None for child in children if _is_folder(child)}
    yield from (child for child in children if child.suffix.lower() in extensions and child not in folders)
    for child in folders:
        yield from _walk(child, entered, unreadable, extensions)


def _meant(
    named: Iterable[str | Path], standard_input: BinaryIO | None, unreadable: Told, extensions: Collection[str]
) -> Iterator[Path]:
    """Yield the photos that are meant, one named twice twice."""
    for name in named:
        if name == "":  # which Path would take for the current folder
            unreadable(
                DataError("an empty name stands for no photo; name a file, a folder (. for this one) or a pattern")
            )
            continue
        for each in _listed(standard_input) if str(name) == "-" else (Path(name),):
            yield from _meant_by(each, unreadable, extensions)


def _meant_by(name: Path, unreadable: Told, extensions: Collection[str]) -> Iterator[Path]:
    """Yield the photos that are meant by one name of a file, a folder or a pattern."""
    if _is_folder(name):
        yield from photos_inside(name, unreadable, extensions)
    elif glob.has_magic(str(name)) and not os.path.lexists(name):
        yield from _matching(str(name), unreadable, extensions)
    else:
        yield name


def _matching(pattern: str, unreadable: Told, extensions: Collection[str]) -> Iterator[Path]:
    """Yield the photos that a pattern matches, sorted; folders among them stand for what is inside."""
    matches = sorted(glob.glob(pattern, recursive=True))
    if not matches:
        unreadable(DataError(f"nothing matches the pattern {pattern!r}; check it, or name a folder"))
    for match in map(Path, matches):
        if not _is_folder(match):
            yield match
        elif "**" not in pattern:  # ** matches what is inside, too
            yield from photos_inside(match, unreadable, extensions)


def _listed(standard_input: BinaryIO | None) -> Iterator[Path]:
    """Yield the names listed on standard input."""
    if standard_input is None:
        raise DataError("'-' stands for a list on standard input, and there is none here; name files or folders")
    content = standard_input.read()
    mark = b"\0" if b"\0" in content else b"\n"
    for line in content.split(mark):
        name = line if mark == b"\0" else line.removesuffix(b"\r")
        if name:
            yield Path(os.fsdecode(name))


def _is_folder(path: Path) -> bool:
    """Tell whether a path is a folder; one that cannot be looked at is not."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _raise(error: DataError) -> None:
    """Take an error the hard way."""
    raise error
