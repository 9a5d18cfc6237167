"""Photos as a page shows them: small JPEGs, the last ones kept."""

import io
from collections import OrderedDict
from threading import Lock, Semaphore

from watchword.data.thumbnails import thumbnail
from watchword.web.photos import Photo

LONGEST = {"small": 480, "large": 1280}  # pixels of the longer side
MOST_BYTES = 48 << 20
AT_ONCE = 3  # a large PNG takes 256 MB while it is decoded


class Pictures:
    """Photos made small. May be used from several threads at once."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """most_bytes: of JPEGs that are kept."""
        self._most, self._bytes = most_bytes, 0
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._lock, self._decoding = Lock(), Semaphore(AT_ONCE)

    def jpeg(self, photo: Photo, size: str) -> bytes:
        """Return a photo as JPEG, of a size in `LONGEST`; `PictureError` if it cannot be opened."""
        key = photo.version, size
        with self._lock:
            if found := self._kept.get(key):
                self._kept.move_to_end(key)
                return found
        out = io.BytesIO()
        with self._decoding:
            thumbnail(photo.source, LONGEST[size]).save(out, "JPEG", quality=85)
        made = out.getvalue()
        with self._lock:
            self._bytes += len(made) - len(self._kept.pop(key, b""))
            self._kept[key] = made
            while self._bytes > self._most:
                self._bytes -= len(self._kept.popitem(last=False)[1])
        return made
