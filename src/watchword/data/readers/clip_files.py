"""Where the clips of a data set are, whatever their files are called, or what others saw of them."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from watchword.core.errors import DataError
from watchword.data.clips.files import is_clip

FEATURES = ".npy"  # published features of a clip lie in a file of their own
_ENDINGS = (".mp4", ".avi", ".mkv", ".webm", ".mov")
_USUAL = ("clips", "videos", "", "YouTubeClips", "UCF-101", "../UCF-101", "features")


def clip_folder(source: Path, images: Path | None, names: Iterable[str]) -> Path:
    """Return the folder that clips of the file `source` lie in.

    images: the folder that the user gave; it wins. Else the first of the usual places beside the file that holds one
    of the first few clips `names`. Raises `DataError` where `images` is no folder.
    """
    if images is not None:
        if not images.is_dir():
            raise DataError(f"{images} is not a folder; give the folder that the clips of {source} are in")
        return images
    usual = [source.parent / place for place in _USUAL]
    first = [name for name in islice(names, 20) if not Path(name).is_absolute()]
    return next((folder for folder in usual if any(is_there(clip_file(folder, name)) for name in first)), usual[0])


def clip_file(folder: Path, name: str) -> Path:
    """Return the file of a clip: `name` in the folder, or with another ending, or features of it; the first that is
    there, else where it ought to be.
    """
    named = folder / name
    stem = name.rpartition(".")[0] if is_clip(name) else name
    endings = (*_ENDINGS, FEATURES, *(ending + FEATURES for ending in _ENDINGS))
    ways = [name + FEATURES, *(stem + ending for ending in endings)]
    usual = named if is_clip(name) else folder / (name + ".avi")
    return next((path for path in (named, *(folder / way for way in ways)) if is_there(path)), usual)


def is_there(path: Path) -> bool:
    """Tell whether a file is there."""
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no disk can hold
        return False
