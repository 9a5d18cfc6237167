"""Anything that is a picture, as pixels.

>>> open_picture("photo.jpg", size=224).shape  # doctest: +SKIP
(224, 224, 3)
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from watchword.core.errors import PictureError
from watchword.core.types import Example
from watchword.data.colours import to_rgb
from watchword.data.picture_arrays import array_to_rgb
from watchword.data.picture_files import decode

Whole = str | Path | bytes | Image.Image | np.ndarray


@dataclass(frozen=True)
class Part:
    """A part of a picture. box: x0, y0, x1, y1 as fractions of width and height."""

    source: Whole
    box: tuple[float, float, float, float]

    def __str__(self) -> str:
        """Name the picture and the part."""
        source = self.source if isinstance(self.source, str | Path) else "a picture"
        return f"{source} ({', '.join(f'{side:.3g}' for side in self.box)})"


Source = Whole | Part

# Shrinking by whole factors down to twice the wanted size, and only then smoothly, costs a third and
# moves a shade by less than half a level of 256 on average.
_REDUCING_GAP = 2.0

# EXIF orientation: how the camera was held, as the turn that puts the picture upright.
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def open_picture(source: Source, size: int | None = None, name: str | None = None) -> np.ndarray:
    """Return `source` as upright RGB: (H, W, 3) uint8.

    source: a path, the bytes of a picture file, a PIL image, or an array (H, W), (H, W, 1), (H, W, 3) or
        (H, W, 4) of uint8, uint16, bool or floats from 0 to 1; or a `Part` of one. Of an animation the first frame
        is taken; what is transparent is shown over white.
    size: if given, the whole picture is squashed to (size, size), antialiased; its aspect ratio is lost.
    name: what messages call a picture given as bytes.

    Raises `PictureError`, which names the picture, what is wrong with it and what to do.
    """
    if isinstance(source, Part):
        return cut(open_picture(source.source, name=name), source.box, size)
    if isinstance(source, np.ndarray):
        return _pixels(Image.fromarray(array_to_rgb(source)), size)
    if isinstance(source, Image.Image):
        try:
            return _pixels(source, size)
        except Exception as error:  # a lazy image is decoded here; see picture_files.decode
            raise PictureError(f"this {source!r} cannot be read: {error}; give it loaded, or give its path") from error
    if isinstance(source, bytes):
        return decode(
            source, size, lambda image: _pixels(image, size), name or f"the picture given as {len(source)} bytes"
        )
    if isinstance(source, str | Path):
        return decode(source, size, lambda image: _pixels(image, size), repr(str(source)))
    raise PictureError(f"a picture is a path, bytes, a PIL image or an array; this is of type {type(source).__name__}")


def cut(pixels: np.ndarray, box: tuple[float, float, float, float], size: int | None = None) -> np.ndarray:
    """Return the part of pixels (H, W, 3) uint8 in a box of fractions, squashed to (size, size) if that is given.

    A box narrower than a pixel gives the pixel that it lies in.
    """
    height, width = pixels.shape[:2]
    (left, right), (top, bottom) = _span(box[0], box[2], width), _span(box[1], box[3], height)
    if size is None:
        # 0.275 of 400 is a hair above 110, and is to end there.
        return pixels[int(top) : math.ceil(bottom - 1e-6), int(left) : math.ceil(right - 1e-6)]
    image, inside = Image.fromarray(pixels), (left, top, right, bottom)
    return np.array(image.resize((size, size), Image.Resampling.BILINEAR, inside, _REDUCING_GAP))


def picture_of(example: Example) -> Path | Part:
    """Return what an example with a photo speaks of: the photo, or the part in its box."""
    assert example.path is not None
    return example.path if example.box is None else Part(example.path, example.box)


def _span(low: float, high: float, side: int) -> tuple[float, float]:
    """Return start and end in pixels, at least one apart."""
    start = min(low * side, side - 1.0)
    return start, min(max(high * side, start + 1.0), float(side))


def _pixels(image: Image.Image, size: int | None) -> np.ndarray:
    """Return an image as RGB pixels (H, W, 3) uint8, resized if `size` is given, then turned upright.

    Turning comes last because it costs less on the small picture, and a square's resizing does not see it.
    """
    image.load()
    turn = _UPRIGHT.get(_orientation(image))
    rgb = to_rgb(image)
    if size is not None and rgb.size != (size, size):
        rgb = rgb.resize((size, size), Image.Resampling.BILINEAR, reducing_gap=_REDUCING_GAP)
    return np.array(rgb if turn is None else rgb.transpose(turn))


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; 1 (upright) where there is none or it cannot be read.

    Damaged EXIF is common and makes its parser raise anything; it is no reason to lose a photo.
    """
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:
        return 1
