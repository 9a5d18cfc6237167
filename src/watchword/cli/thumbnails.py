"""Small photos inside a page: as data: URIs."""

import base64
import io

from PIL import Image

from watchword.data.thumbnails import thumbnail

__all__ = ["data_uri", "thumbnail"]


def data_uri(picture: Image.Image) -> str:
    """Return a picture as a JPEG inside a data: URI."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()
