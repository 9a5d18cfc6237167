"""Rows of `Proposed` encoders, to be kept: boxes proposed, looked at by a graph, both in one row."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch

from watchword.core.boxes import areas
from watchword.core.errors import DataError
from watchword.data.pictures import Part
from watchword.data.store import FeatureStore
from watchword.data.views import moved, shown, view
from watchword.encoders.proposals.base import padded
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
        paths: Sequence[Path | Part],
        number: int = 0,
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[str]:
        """Return the key of every photo, having stored the rows that were missing, as `FeatureStore.fill` does.

        number: of the view. Boxes are proposed for what the view shows; those of a file are of the photo as it is,
        and move with it. Such photos are looked at one by one, so that each is known by its path.
        """
        if not self.encoder.proposals.by_file:
            return store.fill(paths, self.size, lambda pixels: self(_views(pixels, number)), progress=progress)
        keys: list[str] = []
        for path in paths:
            if isinstance(path, Part):
                raise DataError(f"{path}: boxes of a file are of whole photos, not of parts; let a grid propose them")
            keys += store.fill([path], self.size, partial(self._of_file, path, number))
            if progress:
                progress(len(keys), len(paths))
        return keys

    def _of_file(self, path: Path, number: int, pixels: np.ndarray) -> np.ndarray:
        """Return the row (1, N) of a view of one photo, pixels (1, size, size, 3), whose boxes its path says."""
        boxes = moved(self.encoder.boxes_for(pixels, [path])[0], shown(pixels[0], number))
        real = boxes[areas(boxes) > 0]  # a crop leaves nothing of some, and a mask of places has no gaps
        return self._rows(_views(pixels, number), padded(real, len(boxes))[None])

    @torch.inference_mode()
    def _rows(self, pixels: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        given = torch.from_numpy(boxes)
        pictures = self.encoder.pictures(torch.from_numpy(np.ascontiguousarray(pixels)), given).numpy()
        seen = [self.look(pictures[start : start + self.batch]) for start in range(0, len(pictures), self.batch)]
        return self.encoder.rows(torch.from_numpy(np.concatenate(seen)), given).numpy()


def _views(pixels: np.ndarray, number: int) -> np.ndarray:
    """Return view `number` of each of pixels (B, size, size, 3)."""
    return np.stack([view(picture, number) for picture in pixels])
