"""A data set, whatever its format."""

from pathlib import Path

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.readers.karpathy import read_karpathy


def read_dataset(path: str | Path, images: str | Path | None = None) -> list[Example]:
    """Return the rows of a data set. Raises `DataError` where nothing can read it."""
    folder = Path(path)
    if (folder / "dataset.json").is_file():
        return list(read_karpathy(folder / "dataset.json", Path(images or folder / "images")))
    raise DataError(f"{path} is no data set: a folder with dataset.json and images/ is wanted")
