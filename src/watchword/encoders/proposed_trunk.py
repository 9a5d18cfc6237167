"""Rows of `Proposed` encoders, to be kept: boxes proposed, looked at by a graph, both in one row."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch

from watchword.data.store import FeatureStore
from watchword.encoders.proposed_regions import Proposed

Look = Callable[[np.ndarray], np.ndarray]


class ProposedTrunk:
    """A function from pixels, and their paths where boxes come from a file, to rows.

    look: runs the trunk of `encoder.looking`: pictures (B, size, size, 3) uint8 -> (B, ...) float32.
    batch: pictures that it is given at a time, so that a photo of twenty crops fits where twenty photos do.
    size: of the pictures, in pixels. shape: of one photo's row.
    """

    def __init__(self, encoder: Proposed, look: Look, *, batch: int = 32) -> None:
        """Look at a blank picture, for the shape of a row."""
        self.encoder, self.look, self.batch, self.size = encoder, look, batch, encoder.size
        blank, nowhere = np.zeros((1, self.size, self.size, 3), np.uint8), np.zeros((1, encoder.grid[1], 4), np.float32)
        self.shape: tuple[int, ...] = self._rows(blank, nowhere).shape[1:]

    def __call__(self, pixels: np.ndarray, paths: Sequence[Path] | None = None) -> np.ndarray:
        """Return rows (B, N) float32 of pixels (B, size, size, 3) uint8; `DataError` where paths are needed."""
        return self._rows(pixels, self.encoder.boxes_for(pixels, paths))

    def fill(
        self,
        store: FeatureStore,
        paths: Sequence[Path],
        change: Callable[[np.ndarray], np.ndarray] = lambda pixels: pixels,
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[str]:
        """Return the key of every photo, having stored the rows that were missing, as `FeatureStore.fill` does.

        change: makes a view of pixels (B, size, size, 3), where boxes are of the pixels; those of a file are of the
        photo as it is. Such photos are looked at one by one, so that each is known by its path.
        """
        if not self.encoder.proposals.by_file:
            return store.fill(paths, self.size, lambda pixels: self(change(pixels)), progress=progress)
        keys: list[str] = []
        for path in paths:
            keys += store.fill([path], self.size, partial(self, paths=[path]))
            if progress:
                progress(len(keys), len(paths))
        return keys

    @torch.inference_mode()
    def _rows(self, pixels: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        given = torch.from_numpy(boxes)
        pictures = self.encoder.pictures(torch.from_numpy(np.ascontiguousarray(pixels)), given).numpy()
        seen = [self.look(pictures[start : start + self.batch]) for start in range(0, len(pictures), self.batch)]
        return self.encoder.rows(torch.from_numpy(np.concatenate(seen)), given).numpy()
