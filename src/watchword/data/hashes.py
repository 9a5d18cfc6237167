"""What a photo is known by: the SHA-256 of its content, whatever it is called and wherever it lies."""

import hashlib
import json
import os
import time
from pathlib import Path

from watchword.data.picture_files import open_file

# A file may change again within one tick of its clock. What changed this lately (seconds) is hashed anew.
_SETTLED = 2.0


def content_hash(path: str | Path) -> str:
    """Return the SHA-256 of a file's content as 64 hexadecimal digits; `PictureError` if it cannot be read."""
    with open_file(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class HashCache:
    """Content hashes of files by path, size and time of change, so that a second run need not read them.

    Kept as lines of JSON, only ever appended to; a line that a kill has cut off is skipped. Whoever
    writes holds the lock of the folder it lies in.
    """

    def __init__(self, path: Path) -> None:
        """Read what is there."""
        self._path = path
        self._known: dict[str, tuple[int, int, str]] = {}
        self._new: list[str] = []
        if path.exists():
            for line in path.read_bytes().split(b"\n"):
                self._read(line)

    def _read(self, line: bytes) -> None:
        """Take in one line, unless it is damaged."""
        try:
            file, size, changed, key = json.loads(line)
            self._known[file] = (int(size), int(changed), str(key))
        except (ValueError, TypeError):
            return

    def get(self, path: Path) -> str | None:
        """Return the hash of a file that has not changed since it was set; None if it has, or is gone."""
        try:
            found = path.stat()
        except (OSError, ValueError):
            return None
        size, changed, key = self._known.get(os.path.abspath(path), (0, 0, None))
        return key if (found.st_size, found.st_mtime_ns) == (size, changed) else None

    def set(self, path: Path, before: os.stat_result, key: str) -> None:
        """Remember the hash of a file as it was `before` it was read, unless it may still be changing."""
        if time.time() - before.st_mtime < _SETTLED:
            return
        entry = (before.st_size, before.st_mtime_ns, key)
        self._known[os.path.abspath(path)] = entry
        self._new.append(json.dumps([os.path.abspath(path), *entry]))

    def save(self) -> None:
        """Append what is new, on lines of their own even after one that was cut off."""
        if self._new:
            with self._path.open("ab") as file:
                file.write(("\n" + "\n".join(self._new) + "\n").encode("ascii"))
            self._new.clear()
