"""Picture files, which may be damaged, hostile, misnamed or huge, decoded within bounded memory.

What a file is, is read from its content; its name plays no part. Its size in pixels is read from its
header and checked before anything is decoded.
"""

import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from watchword.core.errors import PictureError
from watchword.data.file_kinds import JPEG, describe_kind, register_plugin

Result = TypeVar("Result")

# Pillow holds a decoded picture in four bytes a pixel: 256 MB at most.
MAX_PIXELS = 64_000_000
# A JPEG that comes in one pass can be shrunk while it is read, so its own size costs time, not memory.
MAX_JPEG_PIXELS = 500_000_000
# A JPEG is shrunk by 2, 4 or 8 while it stays this much larger than what is wanted. At 1.5 a 12-megapixel
# photo takes a quarter of the time of a full decode (bench/pictures.py); a real one, brought to 224, differed by
# 0.4 of 256 levels on average and by 6 at most.
_DRAFT_GAP = 1.5

# Some formats are read into memory whole before their header is looked at.
MAX_BYTES = 512 * 1024 * 1024

# What Pillow is asked to try, beside JPEG. Left out on purpose: EPS and WMF, which run other programs; TGA and
# DIB, which have no signature and so fit rubbish too; ICO, whose header does not bound what it holds.
_FORMATS = ("PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "HEIF", "JPEG2000", "PPM", "QOI")


def decode(source: str | Path | bytes, size: int | None, use: Callable[[Image.Image], Result], name: str) -> Result:
    """Open a picture file, by path or by its bytes, and return what `use` makes of it while it is open.

    size: the edge, in pixels, of the square that is wanted: a large JPEG is then decoded at a fraction
        of its size, never below `size`. None: every pixel. name: what messages call the file.

    Raises `PictureError` if it cannot be opened, is no picture, is too large or turns out to be damaged.
    """
    with _memory(source, name) if isinstance(source, bytes) else open_file(source) as stream:
        image = _identify(stream, name)
        try:
            _limit(image, size, stream, name)
            return use(image)
        except PictureError:
            raise
        except Exception as error:  # the parsers of eleven formats raise whatever they stumble over
            raise PictureError(
                f"{name} is damaged or of a rare variety: it begins as a {image.format} of "
                f"{image.width} x {image.height} pixels, but then: {error}; copy it again from where it came from, "
                "or save it anew as PNG or JPEG"
            ) from error


def _memory(content: bytes, name: str) -> BinaryIO:
    """Return the bytes of a file as a stream, if there are any."""
    if not content:
        raise PictureError(f"{name} is empty (0 bytes); read the file again")
    return io.BytesIO(content)


@contextmanager
def open_file(path: str | Path) -> Iterator[io.BufferedReader]:
    """Open a file of photos for reading, if it is a regular file with something in it, and not too much.

    Raises `PictureError`, which names it, for anything else: a folder, a pipe (on which reading would wait
    for ever), nothing, something that this user may not read.
    """
    name = repr(str(path))
    try:
        _check_file(Path(path).stat(), name)
        stream = Path(path).open("rb")  # noqa: SIM115 - closed below; only the opening is explained here
    except FileNotFoundError:
        raise PictureError(f"{name} does not exist; check its name, and whether it was moved meanwhile") from None
    except PermissionError:
        raise PictureError(f"{name} may not be read by this user; change its permissions (chmod +r)") from None
    except (OSError, ValueError) as error:
        raise PictureError(f"{name} cannot be opened: {error}; check the name and the disk") from None
    with stream:
        try:
            yield stream
        except OSError as error:
            raise PictureError(f"{name} cannot be read: {error}; check the disk") from None


def _check_file(found: os.stat_result, name: str) -> None:
    """Raise `PictureError` unless this is a regular file, neither empty nor too large."""
    if not stat.S_ISREG(found.st_mode):
        what = "a folder" if stat.S_ISDIR(found.st_mode) else "a pipe or a device"
        raise PictureError(f"{name} is {what}, not a file; give the pictures themselves")
    if found.st_size == 0:
        raise PictureError(f"{name} is empty (0 bytes); copy it again from where it came from")
    if found.st_size > MAX_BYTES:
        raise PictureError(f"{name} has {found.st_size:,} bytes; at most {MAX_BYTES:,} are read; save it smaller")


def _identify(stream: BinaryIO, name: str) -> Image.Image:
    """Return the picture with its header read and nothing decoded; `PictureError` if it is none.

    Not `Image.open`: its size limit is one number for the process, too low for a JPEG that will be
    shrunk, and changing it here would change it for the caller's own code.
    """
    head = stream.read(64)
    try:
        image = _try_formats(stream, head)
        if image is None and register_plugin(head):
            image = _try_formats(stream, head)
    except Image.DecompressionBombError as error:
        raise PictureError(f"{name} is too large: {error} Save it smaller") from None
    if image is None:
        raise PictureError(f"{name} is not a picture that can be read: {describe_kind(head)}")
    return image


def _try_formats(stream: BinaryIO, head: bytes) -> Image.Image | None:
    """Return the picture in `stream`, whose first bytes are `head`; None if no format fits."""
    for factory in [JpegImageFile] if head.startswith(JPEG) else _factories(head):
        stream.seek(0)
        try:
            return factory(stream, "")
        except Image.DecompressionBombError:
            raise
        except Exception:  # not this format, or too damaged for its header to be read: try the next
            continue
    return None


def _factories(head: bytes) -> list[Callable[[BinaryIO, str], Image.Image]]:
    """Return what opens the formats, among ours and those that Pillow has here, that may begin with `head`."""
    Image.init()  # 40 ms, once; a folder of JPEGs never pays them
    known = [Image.OPEN[name] for name in _FORMATS if name in Image.OPEN]
    return [factory for factory, accepts in known if accepts is None or accepts(head) is True]


def _limit(image: Image.Image, size: int | None, stream: BinaryIO, name: str) -> None:
    """Shrink a large JPEG while it is read, and refuse what would not fit in bounded memory."""
    width, height = image.size
    allowed = MAX_PIXELS
    if size is not None and isinstance(image, JpegImageFile):
        allowed = MAX_JPEG_PIXELS if _one_pass(image, stream) else MAX_PIXELS
        edge = int(size * _DRAFT_GAP)
        image.draft(None, (edge, edge))
    if width * height > allowed or image.width * image.height > MAX_PIXELS:
        raise PictureError(
            f"{name} has {width} x {height} = {width * height / 1e6:,.0f} million pixels; at most "
            f"{allowed / 1e6:,.0f} million are decoded for a {image.format} of this kind; save it smaller"
        )


def _one_pass(image: JpegImageFile, stream: BinaryIO) -> bool:
    """Tell whether a JPEG's header is followed by one scan with all its components.

    Otherwise (progressive, or a scan for each component) the decoder has to hold the whole picture at
    full size, however much it is asked to shrink it. `stream` stands at the end of the scan's header,
    which is 8 bytes and 2 for each component.
    """
    length = 8 + 2 * image.layers
    stream.seek(-length, io.SEEK_CUR)
    scan_follows = stream.read(length).startswith(b"\xff\xda")
    return scan_follows and "progressive" not in image.info
