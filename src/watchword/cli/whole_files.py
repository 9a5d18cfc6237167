"""Files written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TextIO

from watchword.cli.drafts import draft_of
from watchword.cli.printable import printable
from watchword.core.errors import DataError


@contextmanager
def written_whole(place: Path) -> Iterator[TextIO]:
    """Yield a UTF-8 text file that becomes `place` when all went well, and leaves nothing behind otherwise.

    It keeps the permissions of the file it replaces. Raises `DataError` if it cannot be made or put in place.
    A draft that a killed run left of the same file is removed.
    """
    with ExitStack() as stack:
        try:
            draft, handle = stack.enter_context(draft_of(place))
        except OSError as error:
            raise _unwritable(place, error) from None
        try:
            with open(handle, "w", encoding="utf-8", newline="\n") as file:
                yield file
            _put_in_place(draft, place)
        except BaseException:
            with suppress(OSError):
                draft.unlink()
            raise


def _put_in_place(draft: Path, place: Path) -> None:
    try:
        os.chmod(draft, place.stat().st_mode & 0o777 if place.exists() else _usual_mode())
        os.replace(draft, place)
    except OSError as error:
        raise _unwritable(place, error) from None


def _usual_mode() -> int:
    """Return the permissions of a new file; the mask can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _unwritable(place: Path, error: OSError) -> DataError:
    return DataError(f"{printable(str(place))!r} cannot be written: {error.strerror}; check its folder and the disk")
