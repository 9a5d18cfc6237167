"""How clips move, as a labeller compares them, computed once and kept: one small file a clip."""

import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from watchword.data.clips.files import clip_hash
from watchword.data.motion.looking import Motion, change, look
from watchword.data.pictures import Part
from watchword.data.played import Clip

_FORM = 1  # of what is computed: another number, and what is there is computed anew
Cells = Callable[[np.ndarray], np.ndarray]


class Moves(NamedTuple):
    """How a clip moves.

    statistics: (380,) float32. change: (W,) float32, of an encoder's features from crop to crop. cuboids: (N, 194)
    float16, its local motion.
    """

    statistics: np.ndarray
    change: np.ndarray
    cuboids: np.ndarray


def moves(seen: Motion, cells: Cells) -> Moves:
    """Return how a clip moves. cells: an encoder, from pictures (T, S, S, 3) uint8 to (T, C, W) float32."""
    return Moves(seen.statistics, change(cells(seen.crops)), seen.cuboids)


class MotionStore:
    """Moves of clips in a folder, which is made if need be. A kill loses at most the clip in hand."""

    def __init__(self, folder: Path, cells: Cells, key: str, size: int) -> None:
        """Keep what an encoder sees. cells: as of `moves`. key: what the encoder is known by. size: of its pictures."""
        self._folder, self._cells, self._size = folder / f"motion{_FORM}-{key}", cells, size

    def of(self, source: Path | Part | Clip) -> Moves:
        """Return how a clip, a part of one or a photo moves. Raises `PictureError`."""
        path = self._folder / f"{_known(source)}.npz"
        if (kept := _read(path)) is not None:
            return kept
        found = moves(look(source, self._size), self._cells)
        self._folder.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(f".{os.getpid()}.part")
        with half.open("wb") as file:
            np.savez(file, **found._asdict())
        half.replace(path)
        return found


def _read(path: Path) -> Moves | None:
    """Return what a file holds, or None where there is none, or one that was cut off or is of something else."""
    if not zipfile.is_zipfile(path):
        return None
    try:
        with np.load(path) as kept:
            return Moves(*(kept[name] for name in Moves._fields))
    except (zipfile.BadZipFile, KeyError, EOFError, ValueError):
        return None


def _known(source: Path | Part | Clip) -> str:
    """Return what a clip, or a part of one, is known by."""
    if isinstance(source, Path):
        return clip_hash(source)
    part = repr((getattr(source, "span", None), source.box))
    return f"{clip_hash(Path(str(source.source)))}-{hashlib.sha256(part.encode()).hexdigest()[:8]}"
