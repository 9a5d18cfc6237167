"""Kept features: what an encoder saw of photos, in a memory-mapped file."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from watchword.data.pictures import open_picture


def content_hash(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


class FeatureStore:
    """Rows of one shape, keyed by the content of the photo."""

    def __init__(self, folder: Path, shape: tuple[int, ...]) -> None:
        """Open or make the store."""
        folder.mkdir(parents=True, exist_ok=True)
        self.data, self.keys_file, self.shape = folder / "rows.f16", folder / "keys.txt", shape
        keys = self.keys_file.read_text().split() if self.keys_file.exists() else []
        self.places = {key: i for i, key in enumerate(keys)}

    def rows(self, keys: Sequence[str]) -> np.ndarray:
        """Return (N, …) float16."""
        mapped = np.memmap(self.data, np.float16, "r").reshape(-1, *self.shape)
        return mapped[[self.places[key] for key in keys]]

    def fill(
        self,
        paths: Sequence[Path],
        size: int,
        function: Callable[[np.ndarray], np.ndarray],
        batch: int = 32,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> list[str]:
        """Compute what is missing and return the keys of `paths`."""
        keys = [content_hash(path) for path in paths]
        missing = {key: path for key, path in zip(keys, paths, strict=True) if key not in self.places}
        todo = list(missing.items())
        with self.data.open("ab") as rows, self.keys_file.open("a") as names:
            for i in range(0, len(todo), batch):
                part = todo[i : i + batch]
                pixels = np.stack([open_picture(path, size) for _, path in part])
                rows.write(function(pixels).astype(np.float16).tobytes())
                rows.flush()
                for key, _ in part:
                    self.places[key] = len(self.places)
                    names.write(key + "\n")
                names.flush()
                progress(min(i + batch, len(todo)), len(todo))
        return keys
