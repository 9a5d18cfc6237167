"""Drafts of files that are not whole yet: beside their place, under names that say whose drafts they are.

A run that is killed leaves its draft. The next one for the same place finds it by its name, and sees by its
lock, which died with that run, that nobody is at it.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from itertools import count
from pathlib import Path

from watchword.core.file_lock import locked

_ONLY_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_OPEN_IS_LOCKED = os.name == "nt"  # Windows removes no file that is open, and moves none either


@contextmanager
def draft_of(place: Path) -> Iterator[tuple[Path, int]]:
    """Yield a new, empty draft of `place`: its path, and its descriptor, which is the caller's to close.

    It is held until the end; moving or removing it is the caller's business. A draft that a killed run left
    gives way to it. Raises `OSError` if none can be made.
    """
    for draft in _names(place):
        handle = _begun(draft)
        if handle is None:
            continue
        with ExitStack() as stack:
            if not _OPEN_IS_LOCKED:
                with suppress(OSError):  # a file system without locks
                    stack.enter_context(locked(draft))
            if _is_at(handle, draft):
                yield draft, handle
                return
        os.close(handle)  # it was taken for one that was left, in the moment before it was locked


def _names(place: Path) -> Iterator[Path]:
    """Yield names for drafts of `place`: the second is for when another run is at the first."""
    key = hashlib.sha256(os.fsencode(place.name)).hexdigest()[:16]
    return (place.with_name(f".watchword-{key}-{number}.part") for number in count())


def _begun(draft: Path) -> int | None:
    """Return the descriptor of a new file at `draft`, or None if another run's draft is there."""
    for _ in range(2):
        try:
            return os.open(draft, _ONLY_NEW, 0o600)
        except FileExistsError:
            with suppress(OSError), nullcontext() if _OPEN_IS_LOCKED else locked(draft, wait=False):
                draft.unlink()
    return None


def _is_at(handle: int, draft: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), draft.stat())
    except OSError:
        return False
