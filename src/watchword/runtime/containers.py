"""Where the files of a bundle lie: a folder, or one .zip that is read in memory and never unpacked.

Both come from strangers. Nothing is read before its name, kind and size were checked, no link is
followed, and no more is read than was declared.
"""

import os
import stat
import zipfile
import zlib
from pathlib import Path
from typing import Protocol

from watchword.core.errors import BundleError

LARGEST = 1 << 30
"""The most bytes that the files of a bundle may hold together."""
_MOST_FILES = 64
_MOST_SQUEEZED = 200  # weights compress to about nine tenths; a file that shrinks this much is a bomb
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


class Container(Protocol):
    """Files by plain name."""

    def sizes(self) -> dict[str, int]:
        """Return each file's name and its size in bytes; `BundleError` for anything that is no plain file."""
        ...

    def read(self, name: str) -> bytes:
        """Return the bytes of the file called `name`, one of those in `sizes`."""
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...


class Folder:
    """A bundle as a folder. Hidden files (".DS_Store") are not looked at."""

    def __init__(self, path: Path) -> None:
        """Look at the folder `path`; links inside it are refused, `path` itself may be one."""
        self.path = path
        with os.scandir(path) as entries:
            self._sizes = {entry.name: self._size(entry) for entry in entries if not entry.name.startswith(".")}

    def _size(self, entry: "os.DirEntry[str]") -> int:
        status = entry.stat(follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode):
            raise BundleError(f"{self.path}: {entry.name!r} is no plain file; a bundle holds no folders and no links")
        return status.st_size

    def sizes(self) -> dict[str, int]:
        """Return each file's name and size in bytes."""
        return self._sizes

    def read(self, name: str) -> bytes:
        """Return the bytes of one file, at most one more than its size was."""
        try:
            with open(os.open(self.path / name, os.O_RDONLY | _NO_FOLLOW), "rb") as file:
                return file.read(self._sizes[name] + 1)
        except OSError as error:
            raise BundleError(f"{self.path / name}: cannot be read ({error.strerror})") from None

    def close(self) -> None:
        """Do nothing: a folder keeps nothing open."""


class Zip:
    """A bundle as one .zip, its files at the top."""

    def __init__(self, path: Path) -> None:
        """Open the file `path` and check its directory; `BundleError` if it is damaged or hostile."""
        self.path = path
        try:
            self._archive = zipfile.ZipFile(path)
        except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError) as error:
            raise BundleError(f"{path}: a .zip that cannot be read ({error}); get the bundle again") from None
        members = self._archive.infolist()
        self._members = {member.filename: member for member in members}
        if len(members) > _MOST_FILES or len(self._members) < len(members):
            raise BundleError(f"{path}: holds {len(members)} files, more than {_MOST_FILES} or some of them twice")
        for member in members:
            self._check(member)

    def _check(self, member: zipfile.ZipInfo) -> None:
        name, mode = member.filename, member.external_attr >> 16
        if not name or "/" in name or "\\" in name or name in (".", ".."):
            raise BundleError(f"{self.path}: holds {name!r}; a bundle's files lie at the top of the .zip, in no folder")
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            raise BundleError(f"{self.path}: {name!r} is no plain file; a bundle holds no folders and no links")
        if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BundleError(f"{self.path}: {name!r} is encrypted or packed in a way other than deflate; zip it again")
        if member.file_size > _MOST_SQUEEZED * member.compress_size + (1 << 20):
            raise BundleError(f"{self.path}: {name!r} unpacks to {member.file_size} bytes from {member.compress_size}")

    def sizes(self) -> dict[str, int]:
        """Return each file's name and its declared size in bytes."""
        return {name: member.file_size for name, member in self._members.items()}

    def read(self, name: str) -> bytes:
        """Return the bytes of one file; its checksum is checked on the way."""
        try:
            with self._archive.open(self._members[name]) as file:
                return file.read(self._members[name].file_size + 1)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
            raise BundleError(f"{self.path}: {name!r} is damaged ({error}); get or export the bundle again") from None

    def close(self) -> None:
        """Close the file."""
        self._archive.close()
