"""Photos made small, for pages and tiles: upright, in their own proportions."""

from pathlib import Path

from PIL import Image, ImageOps

from watchword.data.colours import to_rgb
from watchword.data.picture_files import decode


def thumbnail(photo: str | Path | bytes, longest: int, name: str | None = None) -> Image.Image:
    """Return a photo as RGB, its longer side at most `longest` pixels; `PictureError` if it cannot be opened.

    photo: a path, or the bytes of a file. name: what messages call it.
    """

    def shrink(image: Image.Image) -> Image.Image:
        image.load()  # what is damaged shows here, and not when the file is closed
        small = to_rgb(_upright(image))
        small.thumbnail((longest, longest), Image.Resampling.BILINEAR, reducing_gap=2.0)
        return small

    called = "this file" if isinstance(photo, bytes) else repr(str(photo))
    return decode(photo, longest, shrink, name or called)


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # damaged EXIF raises whatever its parser stumbles over, and is no reason to lose a photo
        return image
