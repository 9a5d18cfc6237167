"""What an encoder saw of each photo, kept on disk: computed once, read at the speed of memory.

A store is a folder, by custom `features/<key of the encoder>/`. Rows are found by the SHA-256 of the photo's
content (of a part of it, by that of content and box), so a photo that is renamed or lies in two data sets is
computed once. `row_files` says how it lies on
disk.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from watchword.core.errors import DataError, PictureError
from watchword.core.file_lock import locked
from watchword.data.clips.files import clip_hash, is_clip
from watchword.data.hashes import HashCache, content_hash
from watchword.data.picture_files import open_file
from watchword.data.pictures import Part, open_picture
from watchword.data.row_files import KEY_BYTES, RowFiles

Box = tuple[float, float, float, float]
_TYPES = ("float16", "uint8")


class FeatureStore:
    """Rows of one shape by the content hash of their photo.

    Several processes may read and write one folder at once; of one object, a single thread makes use.
    """

    def __init__(self, folder: str | Path, shape: Sequence[int], dtype: str = "float16") -> None:
        """Open the store in `folder`, or begin one.

        shape: of one row, for instance (49, 1280). dtype: "float16" or "uint8".
        Raises `DataError` if the folder holds rows of another shape or type, or cannot be written to.
        """
        if dtype not in _TYPES:
            raise DataError(f"a feature store holds {' or '.join(_TYPES)}, not {dtype!r}")
        if not shape or min(shape) < 1:
            raise DataError(f"a row of shape {tuple(shape)} holds nothing; every length is at least 1")
        self.folder, self.shape, self.dtype = Path(folder), tuple(map(int, shape)), np.dtype(dtype).newbyteorder("<")
        self._files = RowFiles(self.folder, self.shape, self.dtype)
        self._hashes = HashCache(self.folder / "hashes.jsonl")

    def __len__(self) -> int:
        """Count the rows, those of other processes as of the last look."""
        return len(self._files.places)

    def has(self, keys: Sequence[str]) -> np.ndarray:
        """Tell of each key whether it has a row: (N,) bool. Looks for what others have written meanwhile."""
        wanted = [_packed(key) for key in keys]
        if not all(key in self._files.places for key in wanted):
            self._files.refresh()
        return np.array([key in self._files.places for key in wanted], bool)

    def rows(self, keys: Sequence[str]) -> np.ndarray:
        """Return a copy of the rows of `keys`, in their order: (N, *shape); `DataError` if one has none."""
        there = self.has(keys)
        if not there.all():
            lacking = [key for key, found in zip(keys, there, strict=True) if not found]
            raise DataError(
                f"{self.folder} has no row for {len(lacking)} of {len(keys)} keys, first {lacking[0]}; fill it"
            )
        return self._files.gather([self._files.places[_packed(key)] for key in keys])

    def add(self, keys: Sequence[str], rows: np.ndarray) -> None:
        """Append rows (N, *shape) under their keys; a key that is there already keeps the row it has.

        Raises `DataError` for another shape or type, a number that float16 cannot hold, or a full disk.
        """
        values = self._stored(rows, len(keys))
        wanted = [_packed(key) for key in keys]
        with locked(self._files.lock):
            self._files.refresh()
            fresh: dict[bytes, int] = {}
            for i, key in enumerate(wanted):
                if key not in self._files.places:
                    fresh.setdefault(key, i)
            if fresh:
                self._files.append(list(fresh), values[list(fresh.values())])
            self._hashes.save()

    def fill(
        self,
        paths: Sequence[Path | Part],
        size: int,
        function: Callable[[np.ndarray], np.ndarray],
        *,
        batch: int = 32,
        progress: Callable[[int, int], None] | None = None,
        broken: Callable[[Path, PictureError], None] | None = None,
    ) -> list[str]:
        """Return the key of every photo, or part of one, having computed and stored the rows that were missing.

        function: pixels (B, size, size, 3) uint8 -> rows (B, *shape), B at most `batch`.
        progress: told how many photos of how many are done.
        broken: told of each photo that cannot be opened; its key is "". Without it, one `PictureError`
            names them all, once every other photo is stored.

        A kill loses at most one batch; the next call goes on from there.
        """
        failed: list[PictureError] = []
        keys: list[str] = []
        waiting: dict[str, np.ndarray] = {}
        for path in paths:
            file, box = _file_and_box(path)
            try:
                keys.append(self._look(file, box, size, waiting))
            except PictureError as error:
                keys.append("")
                if broken is None:
                    failed.append(error)
                else:
                    broken(file, error)
            if len(waiting) >= batch or len(keys) == len(paths):
                self._compute(waiting, function)
            if progress is not None:
                progress(len(keys), len(paths))
        if failed:
            raise PictureError(summary(failed, len(paths)))
        return keys

    def key(self, source: Any) -> str:
        """Return the key of a file, or of a part of it: `source`, or its `source` with a `box` and maybe a `span`.

        The file is read to be hashed, unless it is known and has not changed. Raises `PictureError`.
        """
        path = Path(getattr(source, "source", source))
        known = self._hashes.get(path)
        if known is None:
            before = path.stat() if os.path.exists(path) else None  # what is wrong with it, hashing says better
            known = (clip_hash if is_clip(path) else content_hash)(path)
            if before:
                self._hashes.set(path, before, known)
        return key_of(known, getattr(source, "box", None), getattr(source, "span", None))

    def _look(self, path: Path, box: Box | None, size: int, waiting: dict[str, np.ndarray]) -> str:
        """Return the key of a photo or of a box in it; if it has no row yet, put its pixels among those `waiting`.

        Hash and pixels come from the same bytes, so a file that changes meanwhile gets no row of another.
        """
        known = self._hashes.get(path)
        if known is not None and ((key := key_of(known, box)) in waiting or self.has([key])[0]):
            return key
        with open_file(path) as stream:
            before, content = os.fstat(stream.fileno()), stream.read()
        known = hashlib.sha256(content).hexdigest()
        key = key_of(known, box)
        if key not in waiting and not self.has([key])[0]:
            waiting[key] = open_picture(Part(content, box) if box else content, size, name=repr(str(path)))
        self._hashes.set(path, before, known)
        return key

    def _compute(self, waiting: dict[str, np.ndarray], function: Callable[[np.ndarray], np.ndarray]) -> None:
        """Store the rows of the pixels that wait, and what is newly known of which file has which hash."""
        rows = function(np.stack(list(waiting.values()))) if waiting else np.empty((0, *self.shape), self.dtype)
        self.add(list(waiting), rows)
        waiting.clear()

    def _stored(self, rows: np.ndarray, count: int) -> np.ndarray:
        """Return rows in the type of the store; `DataError` if they are not what it holds."""
        given = np.asarray(rows)
        if given.shape != (count, *self.shape):
            raise DataError(f"{count} rows of shape {self.shape} were expected, not an array of shape {given.shape}")
        if given.dtype.kind != self.dtype.kind:
            raise DataError(f"{self.folder} holds {self.dtype.name}, not {given.dtype.name}; convert the rows first")
        try:
            with np.errstate(over="raise"):
                return given.astype(self.dtype, copy=False)
        except FloatingPointError:
            raise DataError(
                f"float16 holds numbers up to 65,504; these rows reach {np.abs(given).max():g}; scale them first"
            ) from None


def key_of(content: str, box: Box | None, span: tuple[float, float] | None = None) -> str:
    """Return the key of a photo or clip by the hash of its content, or of a box in it, or of a span of time."""
    for part, kind in ((box, "<f4"), (span, "<f8")):
        if part is not None:
            content = hashlib.sha256(bytes.fromhex(content) + np.array(part, kind).tobytes()).hexdigest()
    return content


def _file_and_box(photo: Path | Part) -> tuple[Path, Box | None]:
    """Return the file of a photo, and the box of a part of it."""
    if not isinstance(photo, Part):
        return Path(photo), None
    assert isinstance(photo.source, str | Path)
    return Path(photo.source), photo.box


def _packed(key: str) -> bytes:
    """Return a key as bytes; `DataError` if it is no SHA-256."""
    try:
        packed = bytes.fromhex(key)
    except ValueError:
        packed = b""
    if len(packed) != KEY_BYTES:
        raise DataError(f"{key!r} is not a key: 64 hexadecimal digits, as from content_hash")
    return packed


def summary(failed: list[PictureError], count: int, what: str = "photos") -> str:
    """Say how many photos failed, and name the first few."""
    named = "\n  ".join(str(error) for error in failed[:10])
    more = f"\n  and {len(failed) - 10} more" if len(failed) > 10 else ""
    return f"{len(failed)} of {count} {what} cannot be used; repair them or leave them out:\n  {named}{more}"
