"""Rows of one shape on disk, each under a key, appended by several processes and read through memory maps.

    header.json   {"format": 1, "shape": [49, 1280], "dtype": "<f2"}
    rows.bin      the rows one after the other, nothing between them
    keys.bin      the key of each row, 32 bytes each, in the same order
    lock          held while something is written

A row counts once it is there whole and its key is too. The key is written last, so a process killed at any
moment leaves at worst a piece of a row or of a key at the end; readers do not see it and the next writer
writes over it.
"""

import json
import os
from pathlib import Path

import numpy as np

from watchword.core.errors import DataError
from watchword.core.file_lock import locked

FORMAT = 1
KEY_BYTES = 32


class RowFiles:
    """The files of one store. `places`: the number of the row of each key, as of the last `refresh`."""

    def __init__(self, folder: Path, shape: tuple[int, ...], dtype: np.dtype) -> None:
        """Open the files in `folder`, or begin them; `DataError` if they hold another shape or type."""
        self.folder, self.shape, self.dtype = folder, shape, dtype
        self.lock = folder / "lock"
        self.places: dict[bytes, int] = {}
        self._row_bytes = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        self._rows_path, self._keys_path = folder / "rows.bin", folder / "keys.bin"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with locked(self.lock):
                self._check_header()
                self._rows_path.touch()
                self._keys_path.touch()
        except OSError as error:
            raise DataError(f"{folder} cannot be used as a feature store: {error}; give a folder to write in") from None
        self._map = np.empty((0, *shape), dtype)
        self.refresh()

    def refresh(self) -> None:
        """Take in the rows that were added since the last look, by this process or another."""
        try:
            keys, rows = self._keys_path.stat().st_size, self._rows_path.stat().st_size
            fresh = min(keys // KEY_BYTES, rows // self._row_bytes) - len(self.places)
            with self._keys_path.open("rb") as file:
                file.seek(len(self.places) * KEY_BYTES)
                new = file.read(max(0, fresh) * KEY_BYTES)
        except OSError as error:
            raise DataError(f"{self.folder} cannot be read: {error}; was it deleted? Run again") from None
        for start in range(0, len(new), KEY_BYTES):
            self.places[new[start : start + KEY_BYTES]] = len(self.places)

    def gather(self, places: list[int]) -> np.ndarray:
        """Return a copy of rows by number: (N, *shape). All are among `places`."""
        if len(self._map) < len(self.places):
            mapped = np.memmap(self._rows_path, self.dtype, mode="r", shape=(len(self.places), *self.shape))
            self._map = np.asarray(mapped)
        return self._map[places]

    def append(self, keys: list[bytes], rows: np.ndarray) -> None:
        """Write rows (N, *shape), then their keys, after what counts. The caller holds `lock` and has refreshed."""
        count = len(self.places)
        try:
            self._write(self._rows_path, count * self._row_bytes, np.ascontiguousarray(rows, self.dtype).data)
            self._write(self._keys_path, count * KEY_BYTES, b"".join(keys))
        except OSError as error:
            raise DataError(f"{self.folder}: {len(keys)} rows could not be written: {error}; make room") from error
        self.refresh()

    def _write(self, path: Path, start: int, data: bytes | memoryview) -> None:
        """Cut the file off at `start`, write there, and wait until the disk has it."""
        with path.open("r+b") as file:
            file.truncate(start)
            file.seek(start)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def _check_header(self) -> None:
        """Write the header of a new store; compare that of an old one."""
        path = self.folder / "header.json"
        wanted = {"format": FORMAT, "shape": list(self.shape), "dtype": self.dtype.str}
        if not path.exists():
            draft = path.with_suffix(".new")
            draft.write_text(json.dumps(wanted), encoding="utf-8")
            draft.replace(path)
            return
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            found = "something unreadable"
        if found != wanted:
            raise DataError(f"{path} says {found}, asked for was {wanted}; use another folder, or delete this one")
