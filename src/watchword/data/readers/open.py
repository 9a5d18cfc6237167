"""Any data set: which format it is in is read from its content."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.readers import flickr_tokens
from watchword.data.readers.class_folders import read_class_folders
from watchword.data.readers.coco import read_coco
from watchword.data.readers.flickr_tokens import read_flickr_tokens
from watchword.data.readers.karpathy import read_karpathy
from watchword.data.readers.sentence_lists import read_sentence_lists
from watchword.data.readers.table import csv_rows, json_lines, read_table

FORMATS = (
    "a folder with dataset.json and images/ (Karpathy's splits), COCO captions JSON, a Flickr token file, "
    "CSV, JSON Lines or a JSON list of path and sentence, JSON of sentences by id, "
    "or a folder with one sub-folder for each class"
)


def read_dataset(path: str | Path, images: str | Path | None = None) -> list[Example]:
    """Return every example of a data set, in its order; whether the photos are there is not looked at.

    path: a file (it may be gzipped) or a folder, in any of `FORMATS`. images: the folder of the photos, for
    a file that does not lie beside them.

    Raises `DataError` if it cannot be read, is in no known format, or holds nothing.
    """
    source, folder = Path(path), None if images is None else Path(images)
    try:
        examples = list(_from_folder(source, folder) if source.is_dir() else _from_file(source, folder))
    except FileNotFoundError:
        raise DataError(f"{source} does not exist; a data set is {FORMATS}") from None
    except UnicodeDecodeError:
        raise DataError(f"{source} is not UTF-8 text; a data set is {FORMATS}") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{source} cannot be read: {error}; fetch it again or change its permissions") from None
    if not examples:
        raise DataError(f"{source} holds no example; a data set is {FORMATS}")
    return examples


def _from_folder(folder: Path, images: Path | None) -> Iterator[Example]:
    """Read the data set of a folder: its `dataset.json`, or its sub-folders as classes."""
    if (folder / "dataset.json").is_file():
        return _from_file(folder / "dataset.json", images)
    files = sorted(
        each.name for each in folder.iterdir() if each.name.endswith((".json", ".jsonl", ".csv", ".token", ".txt"))
    )
    if files:
        raise DataError(
            f"{folder} has no dataset.json; if one of these is the data set, give it: {', '.join(files[:5])}"
        )
    return read_class_folders(folder)


def _from_file(source: Path, images: Path | None) -> Iterator[Example]:
    """Read a file in the format that it begins as."""
    text = _text(source)
    if text.lstrip().startswith("["):
        return read_table(_items(_json(text, source)), source, images)
    first = next((line for line in text.split("\n") if line.strip()), "")
    if first.lstrip().startswith("{"):
        return _from_lines(text, first, source, images)
    if flickr_tokens.LINE.fullmatch(first.rstrip("\r")):
        return read_flickr_tokens(text, source, images)
    return read_table(csv_rows(text, source), source, images)


def _from_lines(text: str, first: str, source: Path, images: Path | None) -> Iterator[Example]:
    """Read JSON that begins with an object: one for the whole file, or one a line."""
    try:
        record = json.loads(first)
    except ValueError:
        record = None
    if text.strip() != first.strip() and record is not None:
        return read_table(json_lines(text, source), source, images)
    return _from_object(_json(text, source) if record is None else record, source, images)


def _from_object(document: dict[str, Any], source: Path, images: Path | None) -> Iterator[Example]:
    """Read a JSON object, by the fields that it has."""
    if "annotations" in document:
        return read_coco(document, source, images)
    if "images" in document:
        return read_karpathy(document, source, images)
    if document and isinstance(next(iter(document.values())), list):
        return read_sentence_lists(document, source)
    return read_table(_items([document]), source, images)


def _items(values: list[Any]) -> Iterator[tuple[str, Any]]:
    """Yield the values of a JSON list, each with its place."""
    return ((f"item {number}", value) for number, value in enumerate(values))


def _json(text: str, source: Path) -> Any:
    """Return parsed JSON; `DataError` says where it breaks off."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise DataError(f"{source} begins like JSON, but: {error}; repair it or fetch it again") from None


def _text(source: Path) -> str:
    """Return the text of a file, unpacked if it is gzipped."""
    content = source.read_bytes()
    return (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content).decode("utf-8-sig")
