"""A folder with one sub-folder for each class, as ImageNet has it; splits may come above the classes.

beach/1.jpg  forest/2.jpg        or        train/beach/1.jpg  val/beach/2.jpg
"""

from collections.abc import Iterator
from pathlib import Path

from watchword.core.types import Example
from watchword.data.clips import files as clips
from watchword.data.files import EXTENSIONS, photos_inside
from watchword.data.readers.faults import Faults
from watchword.data.readers.fields import split_named

_SPLIT_FOLDERS = ("train", "training", "val", "valid", "validation", "dev", "test", "testing")


def read_class_folders(folder: Path, faults: Faults) -> Iterator[Example]:
    """Yield the photos and clips of each class, sorted, labelled with their folder's name; they have no sentences."""
    for child in _folders(folder):
        is_split = child.name.lower() in _SPLIT_FOLDERS
        for class_folder in _folders(child) if is_split else [child]:
            for path in photos_inside(class_folder, faults.met, EXTENSIONS | clips.EXTENSIONS):
                yield Example(
                    id=path.relative_to(folder).as_posix(),
                    path=path,
                    labels=(class_folder.name,),
                    split=split_named(child.name) if is_split else "train",
                )


def _folders(folder: Path) -> list[Path]:
    """Return the sub-folders of a folder that are not hidden, sorted."""
    return sorted(child for child in folder.iterdir() if child.is_dir() and not child.name.startswith("."))
