"""The photos that pages may ask for: those that were handed in, and those that the index has named.

A page knows a photo by a name that says nothing: no path comes from outside, so none can lead astray.
"""

import hashlib
import os
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

MOST_BYTES = 128 << 20  # of files handed in that are kept; the one not used for longest goes first
MOST_PATHS = 50_000


@dataclass(frozen=True)
class Photo:
    """One photo. id: its name outside. source: its path, or the bytes of a file that was handed in."""

    id: str
    source: str | bytes

    @property
    def path(self) -> str | None:
        """Where it lies; None for what was handed in."""
        return self.source if isinstance(self.source, str) else None

    @property
    def version(self) -> str:
        """Which content that is, as far as can be told without reading it: what is made of a photo is kept by it."""
        if not isinstance(self.source, str):
            return self.id
        try:
            found = os.stat(self.source)
        except (OSError, ValueError):
            return self.id
        return f"{self.id}-{found.st_mtime_ns:x}-{found.st_size:x}"


class Photos:
    """Photos by id, the oldest forgotten. May be used from several threads at once."""

    def __init__(self, most_bytes: int = MOST_BYTES, most_paths: int = MOST_PATHS) -> None:
        """Begin without photos. Ids hold until the process ends, and nobody else can make one."""
        self._most_bytes, self._most_paths = most_bytes, most_paths
        self._key = secrets.token_bytes(32)
        self._given: OrderedDict[str, Photo] = OrderedDict()
        self._named: OrderedDict[str, Photo] = OrderedDict()
        self._lock = Lock()

    def handed_in(self, data: bytes) -> Photo:
        """Return the photo that the bytes of a file are, not kept as yet; the same bytes have the same id."""
        return Photo(self._id(b"given", data), data)

    def keep(self, photo: Photo) -> None:
        """Keep a photo that was handed in, for a while."""
        with self._lock:
            _put(self._given, photo)
            while sum(len(kept.source) for kept in self._given.values()) > self._most_bytes and len(self._given) > 1:
                self._given.popitem(last=False)

    def name(self, path: str) -> Photo:
        """Return the photo at a path that the index has named."""
        photo = Photo(self._id(b"named", os.fsencode(path)), path)
        with self._lock:
            _put(self._named, photo)
            while len(self._named) > self._most_paths:
                self._named.popitem(last=False)
        return photo

    def get(self, id: str) -> Photo | None:
        """Return the photo of an id; None if there is none, or none any more."""
        with self._lock:
            for kept in (self._given, self._named):
                if id in kept:
                    kept.move_to_end(id)
                    return kept[id]
        return None

    def _id(self, kind: bytes, content: bytes) -> str:
        return hashlib.blake2b(content, key=self._key, person=kind, digest_size=16).hexdigest()


def _put(kept: OrderedDict[str, Photo], photo: Photo) -> None:
    kept[photo.id] = photo
    kept.move_to_end(photo.id)
