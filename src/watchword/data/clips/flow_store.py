"""Flow pictures of clips, computed once and kept as small JPEGs: a strip for each clip, one below the other.

A strip is known by the clip's content and by how it was made, and is there only once it is whole: a kill loses at most
the clip in hand, and a second run reads what is there.
"""

import os
import threading
from pathlib import Path

import numpy as np
from PIL import Image

from watchword.core.errors import SettingsError
from watchword.data.clips.files import clip_hash
from watchword.data.clips.flow import SCALE, Method, flow_picture
from watchword.data.clips.frames import pairs_by_count
from watchword.data.clips.limits import LIMITS, Limits

_QUALITY = 90
_LONGEST = 65_000  # pixels: a JPEG is no higher


class FlowStore:
    """Flow pictures in a folder, which is made if need be."""

    def __init__(
        self,
        folder: str | Path,
        *,
        size: int = 224,
        method: Method = "dis",
        scale: float = SCALE,
        limits: Limits = LIMITS,
    ) -> None:
        """Keep pictures (size, size, 3); other arguments as of `flow_picture` and `by_count`."""
        self._folder, self._size, self._limits = Path(folder), size, limits
        self._method: Method = method
        self._scale = scale

    def pictures(
        self, path: str | Path, count: int, *, start: float = 0.0, end: float | None = None, place: float = 0.5
    ) -> np.ndarray:
        """Return `count` flow pictures (count, size, size, 3) uint8: from each frame of `by_count` to the next one.

        Those just made are the same as those read later. Raises `ClipError`.
        """
        if count * self._size > _LONGEST:
            raise SettingsError(f"at most {_LONGEST // self._size} flow pictures of {self._size} pixels; not {count}")
        strip = self._place(path, count, start, end, place)
        if not strip.exists():
            self._make(strip, path, count, start, end, place)
        with Image.open(strip) as image:
            return np.asarray(image.convert("RGB")).reshape(count, self._size, self._size, 3)

    def _place(self, path: str | Path, count: int, start: float, end: float | None, place: float) -> Path:
        """Return where the strip lies."""
        span = "" if start == 0 and end is None else f"-{start:g}to{'end' if end is None else f'{end:g}'}"
        how = f"{self._method}{self._scale:g}-{self._size}-{count}at{place:g}{span}"
        key = clip_hash(path)
        return self._folder / key[:2] / f"{key}-{how}.jpg"

    def _make(self, strip: Path, path: str | Path, count: int, start: float, end: float | None, place: float) -> None:
        """Write the strip, whole or not at all."""
        pairs = pairs_by_count(path, count, size=self._size, start=start, end=end, place=place, limits=self._limits)
        flows = [flow_picture(one.picture, other.picture, self._method, scale=self._scale) for one, other in pairs]
        strip.parent.mkdir(parents=True, exist_ok=True)
        half = strip.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
        # No subsampling: x and y are colours, here.
        Image.fromarray(np.concatenate(flows)).save(half, "JPEG", quality=_QUALITY, subsampling=0)
        half.replace(strip)
