"""Which rows of an index an update is about, and which of their files are gone."""

import glob
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from watchword.core.errors import DataError
from watchword.data.files import find_photos
from watchword.retrieval.photo import Failed

Named = str | Path


@dataclass(frozen=True)
class Scope:
    """Files, and folders with all that is below them, by absolute path."""

    files: frozenset[str]
    folders: tuple[str, ...]

    def holds(self, path: str) -> bool:
        """Tell whether a path is one of the files or below one of the folders."""
        return path in self.files or path.startswith(self.folders)


def chosen(named: Iterable[Named], paths: Iterable[str]) -> dict[Named, list[str]]:
    """Return which absolute paths are meant by each name: itself, what is below it, and what fits it as a pattern.

    A pattern has * ? [] or **, as in `find_photos`, and holds for names that are no longer files, too.
    """
    found: dict[Named, list[str]] = {name: [] for name in named}
    literal: dict[str, list[Named]] = {}
    patterns: dict[Named, list[str]] = {}
    for name in found:
        if str(name):
            literal.setdefault(os.path.abspath(name), []).append(name)
        if glob.has_magic(str(name)):
            here = os.path.join(glob.escape(os.getcwd()), str(name))  # which has no pattern of its own
            patterns[name] = os.path.normpath(here).split(os.sep)
    for path in paths:
        for place in (path, *_above(path)):
            for name in literal.get(place, ()):
                found[name].append(path)
        for name, pattern in patterns.items():
            if _fits(path.split(os.sep), pattern):
                found[name].append(path)
    return found


def _above(path: str) -> Iterator[str]:
    """Yield the folders that a path lies in, the nearest first."""
    while (folder := os.path.dirname(path)) != path:
        yield folder
        path = folder


def _fits(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Tell whether a path fits a pattern, part by part, or lies in a folder that does."""
    if not pattern:
        return True
    if pattern[0] == "**":
        return any(_fits(parts[skipped:], pattern[1:]) for skipped in range(len(parts)))
    if not parts or (parts[0].startswith(".") and not pattern[0].startswith(".")):
        return False
    return fnmatch(parts[0], pattern[0]) and _fits(parts[1:], pattern[1:])


def scope_of(named: Iterable[Named]) -> Scope:
    """Return the scope of what a user names. A name without a file behind it may have been either."""
    absolute = [os.path.abspath(name) for name in named if str(name)]
    folders = [path for path in absolute if os.path.isdir(path) or not os.path.lexists(path)]
    return Scope(frozenset(absolute), tuple(os.path.join(folder, "") for folder in folders))


def survey(
    named: Sequence[Named], known: Collection[str], refused: Collection[str] = ()
) -> tuple[list[str], list[str], list[Failed]]:
    """Return the photos to look at, the known ones that are gone, and what cannot be searched for photos.

    known: the paths in the index. refused: those of what could not be used. A known photo that a folder no longer shows
    counts as gone only if the system says that it is not there, not if its folder cannot be read. A folder that is gone
    or shows no photo at all loses none: a disk may not be mounted.
    """
    failures = list[Failed]()

    def told(error: DataError) -> None:
        failures.append(Failed("", str(error)))

    found = dict.fromkeys(os.path.abspath(path) for path in find_photos(named, unreadable=told))
    scope = scope_of(named)
    unseen = [path for path in dict.fromkeys([*known, *refused]) if path not in found and scope.holds(path)]
    for folder in scope.folders:
        below = [path for path in unseen if path.startswith(folder) and path in known]
        if below and not any(path.startswith(folder) for path in found):
            failures.append(Failed("", _empty(folder, len(below))))
            found.pop(folder.rstrip(os.sep), None)  # it was taken for a photo that is not there
            unseen = [path for path in unseen if not path.startswith(folder)]
    lost = [path for path in unseen if gone(path)]
    found.update(dict.fromkeys(path for path in unseen if not gone(path)))
    lost += [path for path in found if path in scope.files and gone(path)]
    return list(found), lost, failures


def need_photos(named: Sequence[Named]) -> None:
    """Raise `DataError` where there is no photo to make an index of, least of all in place of one with photos."""
    told = list[DataError]()
    if not any(os.path.exists(photo) for photo in find_photos(named, unreadable=told.append)):
        why, given = f"{told[0]}; " if told else "", ", ".join(repr(str(name)) for name in named)
        raise DataError(f"{why}there is no photo in {given}; give photos, folders of photos, or patterns")


def gone(path: str) -> bool:
    """Tell whether there is certainly nothing at a path."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def _empty(folder: str, count: int) -> str:
    state = "holds no photo" if os.path.isdir(folder) else "is not there"
    return (
        f"the folder {folder!r} {state}, and {count} of its photos are in the index, where they stay; "
        "mount the disk it is on, or take them out with remove"
    )
