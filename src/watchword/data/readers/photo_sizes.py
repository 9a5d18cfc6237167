"""Sizes of photos that a file of boxes does not give, from the photos themselves."""

from pathlib import Path

from watchword.core.errors import DataError, PictureError
from watchword.data.files import photos_inside
from watchword.data.pictures import open_picture
from watchword.data.readers.box_fields import Size, names_of


class PhotoSizes:
    """The photos of a folder, looked for once and opened only if asked for. folder: None where nobody gave one."""

    def __init__(self, folder: Path | None) -> None:
        """Begin without a look."""
        self.folder = folder
        self._paths: dict[str, Path] | None = None
        self._known: dict[str, Size] = {}

    def of(self, photo: str, where: str) -> Size:
        """Return width and height, upright and in pixels, of a photo by its file name or id.

        Raises `DataError`, which begins with `where`, for a photo that is not there or cannot be opened.
        """
        if photo not in self._known:
            self._known[photo] = self._look(photo, f"{where}: the size of photo {photo} is not given")
        return self._known[photo]

    def _look(self, photo: str, problem: str) -> Size:
        if self.folder is None:
            raise DataError(f"{problem}; list its width and height under 'images', or give the folder of the photos")
        if not self.folder.is_dir():
            raise DataError(f"{problem}, and {self.folder} is no folder; give the one that the photos are in")
        if self._paths is None:
            self._paths = {name: path for path in photos_inside(self.folder) for name in names_of(path)}
        path = next((self._paths[name] for name in names_of(photo) if name in self._paths), None)
        if path is None:
            raise DataError(f"{problem}, and it is not in {self.folder}; give the folder that it is in")
        try:
            height, width = open_picture(path).shape[:2]
        except PictureError as error:
            raise DataError(f"{problem}, and {error}") from None
        return width, height
