"""Every way in which a picture file stores colour, as red, green and blue of 0 to 255."""

import numpy as np
from PIL import Image


def to_rgb(image: Image.Image) -> Image.Image:
    """Return a decoded image in mode RGB; transparent parts show white.

    Raises `ValueError` for the rare modes that Pillow cannot turn into RGB.

    CMYK needs no care here: Pillow reads every CMYK JPEG as Adobe writes them, with inks inverted.
    """
    if image.mode == "RGB" and not image.has_transparency_data:
        return image
    if image.mode.startswith("I"):
        return _from_shades(np.asarray(image), tops=(65535,))
    if image.mode == "F":
        return _from_shades(np.asarray(image), tops=(1, 255, 65535))
    if not image.has_transparency_data:
        return image.convert("RGB")
    colours = image if image.mode == "RGBA" else image.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(colours, mask=colours)
    return white


def _from_shades(shades: np.ndarray, tops: tuple[int, ...]) -> Image.Image:
    """Return grey RGB from shades (H, W) deeper than 8 bits, 0 being black.

    tops: the values that may stand for white, rising. The first that no shade exceeds is taken, or the
        brightest shade if all are exceeded. Fixed, so that a dark photo stays dark.
    """
    finite = np.nan_to_num(shades.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    brightest = float(finite.max())
    white = next((top for top in tops if brightest <= top), brightest)
    grey = np.clip(finite * (255 / white) + 0.5, 0, 255).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB")
