"""Photos made small, for pages and tiles: upright, in their own proportions."""

import base64
import io
from pathlib import Path

from PIL import Image, ImageOps

from watchword.data.colours import to_rgb
from watchword.data.picture_files import decode


def thumbnail(path: str | Path, longest: int) -> Image.Image:
    """Return the photo as RGB, its longer side at most `longest` pixels; `PictureError` if it cannot be opened."""

    def shrink(image: Image.Image) -> Image.Image:
        small = to_rgb(_upright(image))
        small.thumbnail((longest, longest), Image.Resampling.BILINEAR, reducing_gap=2.0)
        return small

    return decode(path, longest, shrink, repr(str(path)))


def data_uri(picture: Image.Image) -> str:
    """Return a picture as a JPEG inside a data: URI."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # damaged EXIF raises whatever its parser stumbles over, and is no reason to lose a photo
        return image
