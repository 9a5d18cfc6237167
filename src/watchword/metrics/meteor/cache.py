"""The compiled lexicon, kept between runs in the user's cache folder."""

import os
import sys
import zlib
from contextlib import suppress
from pathlib import Path
from zipfile import BadZipFile

from watchword.core.errors import ScoreError
from watchword.core.file_lock import locked
from watchword.metrics.meteor.array_file import DamagedError, open_arrays, seems_whole, write_arrays
from watchword.metrics.meteor.lexicon import Lexicon, compile_lexicon, from_arrays, to_arrays
from watchword.metrics.meteor.packaged import Packaged, find_packaged

FOLDER = "WATCHWORD_CACHE"  # environment variable: where to keep compiled files
_VERSION = 1  # of what is compiled, and how


def load_lexicon() -> Lexicon | None:
    """Return the lexicon of the installed package, or None where it is not installed."""
    packaged = find_packaged()
    return None if packaged is None else _load(packaged, cache_folder())


def is_compiled() -> bool:
    """Whether `load_lexicon` need not compile first, which takes about half a minute, as far as is seen at once."""
    packaged = find_packaged()
    return packaged is None or seems_whole(_place(packaged, cache_folder()))


def cache_folder() -> Path:
    """Return the folder for compiled files: $WATCHWORD_CACHE, or the platform's cache folder."""
    if given := os.environ.get(FOLDER):
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local", "watchword", "cache")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "watchword"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "watchword")


def _load(packaged: Packaged, folder: Path) -> Lexicon:
    """Open the compiled file, or make it where it is missing, damaged or made of other data."""
    path = _place(packaged, folder)
    lexicon = _open(path)
    if lexicon is not None:
        return lexicon
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(path.with_suffix(".lock")):  # another may have made it meanwhile
            return _open(path) or _compile(packaged, path)
    except OSError:  # a folder that cannot be made or written to
        return _compile(packaged, None)


def _place(packaged: Packaged, folder: Path) -> Path:
    return folder / f"meteor-{_VERSION}-{packaged.fingerprint()}.bin"


def _open(path: Path) -> Lexicon | None:
    with suppress(OSError, DamagedError, KeyError):
        return from_arrays(*open_arrays(path))
    return None


def _compile(packaged: Packaged, path: Path | None) -> Lexicon:
    """Compile, and keep the result at `path` if it can be; a full disk makes the next run compile again."""
    try:
        lexicon = compile_lexicon(packaged)
    except (OSError, EOFError, KeyError, ValueError, BadZipFile, zlib.error) as error:
        raise ScoreError(
            f"METEOR's data in {packaged.jar.parent} cannot be read: {error}; install pycocoevalcap again"
        ) from error
    if path is None:
        return lexicon
    with suppress(OSError):
        write_arrays(path, *to_arrays(lexicon))
    return _open(path) or lexicon
