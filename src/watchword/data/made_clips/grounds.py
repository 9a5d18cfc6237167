"""What things move over: photos of any folder, or smooth made textures."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from watchword.core.errors import DataError
from watchword.data.files import photos_inside
from watchword.data.made_clips.shares import Told, key_of, opened, shares


class Photos:
    """The photos of folders, shared out over the splits so that no two splits show the same one."""

    def __init__(self, folders: Sequence[str | Path], seed: int, told: Told) -> None:
        """Look for photos; `DataError` for a folder that is none or has none. told: hears of those that are broken."""
        found: list[Path] = []
        for folder in map(Path, folders):
            if not folder.is_dir():
                raise DataError(f"{str(folder)!r} is no folder; give one with photos to move things over")
            inside = list(photos_inside(folder, told))
            if not inside:
                raise DataError(f"there is no photo in {str(folder)!r}; give a folder with photos to move things over")
            found += inside
        order = np.random.default_rng([seed, len(found)]).permutation(len(found))
        self.key = key_of("photos", [path.name for path in found])
        self._shared = shares([found[place] for place in order])
        self._told = told

    def ground(self, side: int, split: str, random: np.random.Generator) -> np.ndarray:
        """Return the middle square of a photo of the split: (side, side, 3) uint8."""
        return _square(Image.fromarray(opened(self._shared[split], random, self._told)), side)


class Textures:
    """Ramps of colour with soft blotches, no two alike."""

    key = "textures"

    def ground(self, side: int, split: str, random: np.random.Generator) -> np.ndarray:
        """Return a texture (side, side, 3) uint8."""
        pixels = np.full((side, side, 3), random.uniform(90, 170, 3))
        for cells, strength in ((2, 45), (5, 28), (14, 12), (side // 3, 5)):
            grid = random.normal(0, strength, (cells, cells, 1)) + random.normal(0, strength / 3, (cells, cells, 3))
            layers = [
                np.asarray(
                    Image.fromarray(grid[..., each].astype(np.float32)).resize((side, side), Image.Resampling.BICUBIC)
                )
                for each in range(3)
            ]
            pixels += np.stack(layers, -1)
        return np.clip(pixels, 0, 255).astype(np.uint8)


# For levels 1 to 4: how blurred a ground is, as a share of its side, and how much of its contrast is left, as behind
# what a camera is focused on.
_BLUR, _CONTRAST = (0.015, 0.012, 0.008, 0.0), (0.6, 0.7, 0.8, 1.0)


def calmed(ground: np.ndarray, level: int) -> np.ndarray:
    """Return a ground (G, G, 3) uint8 that draws less attention to itself, the less the lower the level."""
    blurred = Image.fromarray(ground).filter(ImageFilter.GaussianBlur(_BLUR[level - 1] * len(ground)))
    pixels = np.asarray(blurred, np.float32)
    mean = pixels.mean((0, 1))
    return (mean + (pixels - mean) * _CONTRAST[level - 1]).astype(np.uint8)


def _square(image: Image.Image, side: int) -> np.ndarray:
    """Return the largest square in the middle of an image, at that side."""
    short = min(image.size)
    left, top = (image.width - short) / 2, (image.height - short) / 2
    box = (left, top, left + short, top + short)
    return np.array(image.resize((side, side), Image.Resampling.BILINEAR, box, reducing_gap=2.0))
