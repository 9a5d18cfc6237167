"""Pictures made for the tests: one scene with four differently coloured quarters, so that turns show."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

CORNERS = (
    (200, 30, 30),
    (30, 200, 30),
    (30, 30, 200),
    (220, 220, 40),
)  # top left, top right, bottom left, bottom right


def scene(width: int = 64, height: int = 48) -> Image.Image:
    pixels = np.zeros((height, width, 3), np.uint8)
    top, left = (height + 1) // 2, (width + 1) // 2
    pixels[:top, :left], pixels[:top, left:], pixels[top:, :left], pixels[top:, left:] = CORNERS
    return Image.fromarray(pixels)


def encoded(image: Image.Image, kind: str = "JPEG", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def corners(pixels: np.ndarray) -> list[tuple[int, ...]]:
    """The shade an eighth in from each corner, in the order of CORNERS."""
    height, width, _ = pixels.shape
    ys, xs = (height // 8, height - 1 - height // 8), (width // 8, width - 1 - width // 8)
    return [tuple(int(v) for v in pixels[y, x]) for y in ys for x in xs]


def near(pixels: np.ndarray, wanted=CORNERS, within: int = 12) -> bool:
    return bool(np.abs(np.array(corners(pixels)) - np.array(wanted)).max() <= within)


def write(folder: Path, name: str, image: Image.Image | None = None, kind: str = "JPEG") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded(image or scene(), kind))
    return path


def jpeg_claiming(width: int, height: int, **options) -> bytes:
    """A small JPEG whose header says another size: what a bomb looks like before it is decoded."""
    data = bytearray(encoded(scene(), **options))
    frame = data.index(b"\xff\xc2" if options.get("progressive") else b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def png_claiming(width: int, height: int) -> bytes:
    """A small PNG whose header says another size, with its checksum right."""
    data = bytearray(encoded(scene(), "PNG"))
    data[16:24] = struct.pack(">II", width, height)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    return bytes(data)
