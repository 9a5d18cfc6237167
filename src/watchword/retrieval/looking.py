"""One photo file, read once: what it is known by, when it was taken, and its pixels, all of the same bytes."""

import hashlib
import os
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from watchword.core.errors import PictureError
from watchword.data.picture_files import decode, open_file
from watchword.data.pictures import open_picture
from watchword.retrieval.matching import Described
from watchword.retrieval.taken import taken

Describe = Callable[[Sequence[np.ndarray]], Sequence[Described]]

UNSETTLED = -1
# A file may change again within one tick of its clock: seconds after which its time of change is trusted.
_SETTLED = 2.0


class Read(NamedTuple):
    """What a file was when it was read, without its bytes, so that many can be kept.

    content: the hash of its bytes. changed: in nanoseconds, `UNSETTLED` if it may have changed again since.
    """

    path: str
    content: str
    size: int
    changed: int


def read(path: str) -> tuple[Read, bytes]:
    """Return what a photo file is, and its bytes; `PictureError` if it cannot be read."""
    with open_file(path) as stream:
        found = os.fstat(stream.fileno())
        data = stream.read()
    if not data:
        raise PictureError(f"{path!r} is empty (0 bytes); copy it again from where it came from")
    settled = found.st_size == len(data) and time.time() - found.st_mtime >= _SETTLED
    changed = found.st_mtime_ns if settled else UNSETTLED
    return Read(path, hashlib.sha256(data).hexdigest(), len(data), changed), data


def open_read(data: bytes, size: int, path: str) -> tuple[np.ndarray, int | None]:
    """Return the pixels (size, size, 3) uint8 and when the photo was taken; `PictureError` if it is no picture."""
    return open_picture(data, size=size, name=repr(path)), decode(data, size, taken, repr(path))
