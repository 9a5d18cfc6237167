"""Which files are clips, and whether one can be opened at all."""

import hashlib
import stat
from pathlib import Path

from watchword.core.errors import ClipError

# By name, so that a folder of a thousand files is sorted without opening one. Not .gif and .webp: pictures, here.
_NAMES = """
    .264 .265 .3g2 .3gp .3gpp .amv .asf .avi .dav .divx .dv .f4v .flv .h264 .h265 .hevc .ivf .m1v .m2p .m2ts .m2v .m4v
    .mjpeg .mjpg .mkv .mov .mp4 .mpe .mpeg .mpg .mpv .mts .mxf .nut .ogm .ogv .qt .rm .rmvb .tod .ts .vob .webm
    .wmv .y4m
"""
EXTENSIONS = frozenset(_NAMES.split())


def is_clip(path: str | Path) -> bool:
    """Tell whether a file is a clip by its name; `.MP4` is one too."""
    return Path(path).suffix.lower() in EXTENSIONS


def check_clip(path: str | Path) -> None:
    """Raise `ClipError`, which names the file, unless it is a regular file that can be read and is not empty."""
    name = repr(str(path))
    try:
        found = Path(path).stat()
        if stat.S_ISDIR(found.st_mode):
            raise ClipError(f"{name} is a folder, not a clip; give the clips in it")
        if not stat.S_ISREG(found.st_mode):  # on a pipe, reading would wait for ever
            raise ClipError(f"{name} is a pipe or a device, not a file; save it to a file first")
        if found.st_size == 0:
            raise ClipError(f"{name} is empty (0 bytes); copy it again from where it came from")
        Path(path).open("rb").close()
    except FileNotFoundError:
        raise ClipError(f"{name} does not exist; check its name, and whether it was moved meanwhile") from None
    except PermissionError:
        raise ClipError(f"{name} may not be read by this user; change its permissions (chmod +r)") from None
    except (OSError, ValueError) as error:
        raise ClipError(f"{name} cannot be opened: {error}; check the name and the disk") from None


def clip_hash(path: str | Path) -> str:
    """Return the SHA-256 of a clip's content as 64 hexadecimal digits, however large the file is."""
    check_clip(path)
    try:
        with Path(path).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ClipError(f"{str(path)!r} cannot be read: {error}; check the disk") from None
