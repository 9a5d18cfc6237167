"""Files and folders written whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TextIO

from watchword.cli.drafts import draft_of
from watchword.cli.printable import printable
from watchword.core.errors import DataError, WatchwordError


def refuse_to_overwrite(place: Path, kind: type[WatchwordError] = DataError, named: str = "another") -> None:
    """Raise `kind` if there is something at `place`, or a file where a folder above it is to be."""
    shown = repr(printable(str(place)))
    try:
        if os.path.lexists(place):
            raise kind(f"{shown} is there already: name {named}, or remove it")
        above = next((folder for folder in place.absolute().parents if folder.exists()), None)
    except (OSError, ValueError) as error:
        raise kind(f"{shown} cannot be made ({getattr(error, 'strerror', error)}): name {named}") from None
    if above and not above.is_dir():
        raise kind(f"{shown} cannot be made, for {printable(str(above))!r} is a file: name {named}")


@contextmanager
def written_whole(place: Path) -> Iterator[TextIO]:
    """Yield a UTF-8 text file that becomes `place` when all went well, and leaves nothing behind otherwise.

    It keeps the permissions of the file it replaces, which is the one that a link leads to where `place` is a link.
    Raises `DataError` if it cannot be made or put in place.
    A draft that a killed run left of the same file is removed.
    """
    target = Path(os.path.realpath(place))
    with ExitStack() as stack:
        try:
            draft, handle = stack.enter_context(draft_of(target))
        except OSError as error:
            raise _unwritable(place, error) from None
        try:
            with open(handle, "w", encoding="utf-8", newline="\n") as file:
                yield file
            _put_in_place(draft, target, place)
        except BaseException:
            with suppress(OSError):
                draft.unlink()
            raise


@contextmanager
def made_whole(place: Path) -> Iterator[Path]:
    """Yield a path where nothing is; the file or folder that is made there becomes `place` when all went well.

    Folders that it lacks are made first.
    Otherwise nothing is left behind; what a killed run left of the same place is removed. Raises `DataError` if
    it cannot be put in place, as where something came to be there in the meantime.
    """
    with ExitStack() as stack:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            held, handle = stack.enter_context(draft_of(place))  # an empty file, which says whose `fresh` is
        except OSError as error:
            raise _unwritable(place, error) from None
        fresh = held.with_suffix(".new")
        try:
            _remove(fresh)
            yield fresh
            _put_in_free_place(fresh, place)
        finally:
            os.close(handle)
            with suppress(OSError):
                _remove(fresh)
                held.unlink()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _put_in_free_place(fresh: Path, place: Path) -> None:
    if os.path.lexists(place):
        raise DataError(f"{printable(str(place))!r} is there already: name another, or remove it")
    try:
        fresh.rename(place)
    except OSError as error:
        raise _unwritable(place, error) from None


def _put_in_place(draft: Path, target: Path, place: Path) -> None:
    """Put a draft at `target`, which is what messages call `place`."""
    try:
        os.chmod(draft, target.stat().st_mode & 0o777 if target.exists() else _usual_mode())
        os.replace(draft, target)
    except OSError as error:
        raise _unwritable(place, error) from None


def _usual_mode() -> int:
    """Return the permissions of a new file; the mask can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _unwritable(place: Path, error: OSError) -> DataError:
    return DataError(f"{printable(str(place))!r} cannot be written: {error.strerror}; check its folder and the disk")
