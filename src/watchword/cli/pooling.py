"""Parts of photos taken from the maps that a trunk saw of the whole ones."""

from typing import Any

import numpy as np

from watchword.core.errors import SettingsError
from watchword.data.sampling import in_boxes


def maps_of(maps: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Return what a trunk saw inside boxes (B, 4) of its maps (B, W, H, L), drawn up to the same shape: float32."""
    return np.moveaxis(in_boxes(np.moveaxis(maps, 1, 3), boxes), 3, 1)


def refuse_unpoolable(encoder: Any) -> None:
    """Raise `SettingsError` unless to take a part of what the trunk saw is to take it of the cells.

    A bundle has no more than cells of a photo, and what was learnt from regions has to hold there.
    """
    if not encoder.looks or encoder.grid[0] * encoder.grid[1] < 2 or not _commutes(encoder):
        raise SettingsError(
            f"regions cannot be pooled from what {encoder.name} sees: its whole has to be the mean of a grid of cells, "
            "and all of it frozen (efficientnet_lite0 with --set frozen=18 is so); or look at each by itself: "
            "--way cropped"
        )


def _commutes(encoder: Any) -> bool:
    """Try it out on a picture of noise: whether part and top may change places, and the whole is the mean."""
    import torch

    box = np.array([[0.1, 0.3, 0.65, 0.9]], np.float32)
    pixels = np.random.default_rng(0).integers(0, 256, (1, encoder.size, encoder.size, 3), dtype=np.uint8)
    with torch.inference_mode():
        seen = encoder.trunk(torch.from_numpy(pixels))
        cells = encoder.top(seen).cells
        if seen.ndim != 4 or not seen.is_floating_point() or cells.shape[1] != encoder.grid[0] * encoder.grid[1]:
            return False
        part = encoder.top(torch.from_numpy(maps_of(seen.numpy(), box)))
        expected = in_boxes(cells.unflatten(1, encoder.grid).numpy(), box).reshape(cells.shape)
        return _alike(part.cells.numpy(), expected) and _alike(part.whole.numpy(), expected.mean(1))


def _alike(found: np.ndarray, expected: np.ndarray) -> bool:
    """Tell whether two arrays differ by no more than arithmetic does."""
    return found.shape == expected.shape and np.allclose(found, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())
