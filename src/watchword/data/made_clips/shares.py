"""Photos and cut-outs shared out over the splits, and opened one by one."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from watchword.core.errors import DataError, PictureError, WatchwordError
from watchword.data.pictures import open_picture

Item = TypeVar("Item")
Told = Callable[[WatchwordError], None]
SPLITS = ("train", "val", "test")


def shares(items: Sequence[Item]) -> dict[str, list[Item]]:
    """Return what each split may use: of three or more a tenth each for "val" and "test", at least one.

    Fewer cannot be shared out; every split may use them.
    """
    if len(items) < 3:
        return {split: list(items) for split in SPLITS}
    tenth = max(1, len(items) // 10)
    return {"train": list(items[2 * tenth :]), "val": list(items[:tenth]), "test": list(items[tenth : 2 * tenth])}


def opened(paths: Sequence[Path], random: np.random.Generator, told: Told) -> np.ndarray:
    """Return a photo drawn from `paths`, (H, L, 3) uint8; those that are broken are told of and passed over.

    Raises `DataError` where none of a hundred draws can be opened.
    """
    for _ in range(100):
        path = paths[int(random.integers(len(paths)))]
        try:
            return open_picture(path)
        except PictureError as error:
            told(error)
    raise DataError(
        f"a hundred photos in a row could not be opened, {str(path)!r} the last; give a folder of sound ones"
    )


def key_of(kind: str, names: Iterable[str]) -> str:
    """Return what tells one collection from another by the names in it, in order: "photos-3f9a…"."""
    return f"{kind}-{hashlib.sha256(chr(0).join(names).encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"
