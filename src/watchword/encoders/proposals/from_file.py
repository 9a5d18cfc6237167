"""The best boxes of a file: what a detector found elsewhere, or what people drew."""

from pathlib import Path

import numpy as np

from watchword.core.errors import DataError, SettingsError
from watchword.data.hashes import content_hash
from watchword.data.readers.box_fields import names_of
from watchword.data.readers.detections import Detections, read_detections
from watchword.encoders.proposals.base import COUNT, Judge, best
from watchword.encoders.proposals.named import proposals


class FromFile:
    """Boxes by photo. found: of each, by its id. name: of the file's content. count: of boxes, at most.

    A photo is known by the file's name for it, else by its id: 790 is 000000000790.jpg.
    """

    by_file, fixed = True, None

    def __init__(self, found: dict[str, Detections], *, name: str, count: int = COUNT) -> None:
        """Take the boxes of all photos."""
        self.name, self.count = name, count
        self._found = {names_of(number)[0]: each for number, each in found.items()}
        self._found |= {Path(each.file).name: each for each in found.values() if each.file}

    def propose(self, pixels: np.ndarray, path: Path | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return the best boxes of the photo at `path`; none of a photo that the file does not have.

        Raises `DataError` without a path, for the pixels do not say which photo it is.
        """
        if path is None:
            raise DataError(f"{self.name}: boxes from a file are of the photos in it; this photo has no file name")
        each = next((self._found[name] for name in names_of(path) if name in self._found), None)
        if each is None:
            return np.empty((0, 4), np.float32), np.empty(0, np.float32)
        return best(each.boxes, each.scores, self.count)


@proposals.add("from_file")
def from_file(*, judge: Judge = None, count: int = COUNT, file: str = "", images: str = "") -> FromFile:
    """Return the boxes of a `file` in one of COCO's formats (data/readers/detections.py).

    images: the folder of the photos, where the file does not give their sizes.
    """
    if not file:
        raise SettingsError("proposals 'from_file' need file=FILE, a file of boxes: from_file:file=detections.json")
    found = read_detections(file, images or None)
    return FromFile(found, name=f"file-{content_hash(file)[:12]}-{count}", count=count)
