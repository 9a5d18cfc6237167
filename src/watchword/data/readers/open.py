"""Any data set: which format it is in is read from its content."""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.readers import flickr_tokens, msvd, split_lists, timed
from watchword.data.readers.class_folders import read_class_folders
from watchword.data.readers.coco import read_coco
from watchword.data.readers.faults import Faults
from watchword.data.readers.flickr_tokens import read_flickr_tokens
from watchword.data.readers.karpathy import read_karpathy
from watchword.data.readers.msrvtt import read_msrvtt
from watchword.data.readers.sentence_lists import read_sentence_lists
from watchword.data.readers.table import read_table
from watchword.data.readers.table_rows import csv_rows, json_lines

FORMATS = (
    "a folder with dataset.json and images/ (Karpathy's splits), COCO captions JSON, a Flickr token file, "
    "CSV, JSON Lines or a JSON list of path and sentence, JSON of sentences by id, "
    "MSVD's table or text, MSR-VTT's JSON, JSON of clips with timed sentences as TACoS has it, UCF-101's split lists, "
    "phrases with boxes or Visual Genome's region_descriptions.json, "
    "or a folder with one sub-folder for each class"
)

_WANTED = f"a data set is {FORMATS}"
_ENDINGS = (".json", ".jsonl", ".csv", ".token", ".txt")


def read_dataset(
    path: str | Path, images: str | Path | None = None, faults: Faults | None = None, *, text: str | None = None
) -> list[Example]:
    """Return every example of a data set, in its order; whether the photos are there is not looked at.

    path: a file (it may be gzipped) or a folder, in any of `FORMATS`. images: the folder of the photos, for
    a file that does not lie beside them. faults: takes what is wrong with single rows, which are then left out.
    text: what the file holds, where `read_text` was asked before; a pipe can be read once only.

    Raises `DataError` if it cannot be read, is in no known format, or holds nothing; without `faults` also for
    the first row that is not as it should be.
    """
    source, folder = Path(path), None if images is None else Path(images)
    faults = faults or Faults(strict=True)
    with _explained(source, _WANTED):
        if text is not None:
            examples = list(_from_text(text, source, folder, faults))
        else:
            examples = list((_from_folder if source.is_dir() else _from_file)(source, folder, faults))
    if not examples and not faults.found:
        raise DataError(f"{source} holds no example; {_WANTED}")
    return examples


def read_text(source: Path, wanted: str = _WANTED) -> str:
    """Return the text of a file, unpacked if it is gzipped, its line ends as they are.

    wanted: what to give instead, for the `DataError` of a file that is not there, or not UTF-8.
    """
    with _explained(source, wanted):
        content = source.read_bytes()
        return (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content).decode("utf-8-sig")


@contextmanager
def _explained(source: Path, wanted: str) -> Iterator[None]:
    """Turn what goes wrong when files are read into a `DataError`."""
    try:
        yield
    except FileNotFoundError:
        raise DataError(f"{source} does not exist; {wanted}") from None
    except UnicodeDecodeError:
        raise DataError(f"{source} is not UTF-8 text; {wanted}") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{source} cannot be read: {error}; fetch it again or change its permissions") from None


def _from_folder(folder: Path, images: Path | None, faults: Faults) -> Iterable[Example]:
    """Read the data set of a folder: its `dataset.json`, or its sub-folders as classes.

    One folder of photos beside a table is no class, and the table is likely meant; two or more are classes,
    and a text beside them is about them.
    """
    if (folder / "dataset.json").is_file():
        return _from_file(folder / "dataset.json", images, faults)
    examples = list(read_class_folders(folder, faults))
    files = sorted(each.name for each in folder.iterdir() if each.name.endswith(_ENDINGS))
    if files and len({row.labels for row in examples}) < 2:
        raise DataError(
            f"{folder} has no dataset.json; if one of these is the data set, give it: {', '.join(files[:5])} "
            "(or give a folder with two or more sub-folders of pictures, one for each class)"
        )
    return examples


def _from_file(source: Path, images: Path | None, faults: Faults) -> Iterable[Example]:
    return _from_text(read_text(source), source, images, faults)


def _from_text(text: str, source: Path, images: Path | None, faults: Faults) -> Iterable[Example]:
    """Read a text in the format that it begins as; its first two lines say, for one may be at fault."""
    if text.lstrip().startswith("["):
        return _from_list(parsed(text, source), source, images, faults)
    lines = list(islice((line for line in text.split("\n") if line.strip()), 2))
    if text.lstrip().startswith("{"):
        return _from_lines(text, lines, source, images, faults)
    if any(flickr_tokens.LINE.fullmatch(line.rstrip("\r")) for line in lines):
        return read_flickr_tokens(text, source, images, faults)
    return _from_clip_lines(text, source, images, faults) or read_table(
        csv_rows(text, source, faults), source, images, faults
    )


def _from_clip_lines(text: str, source: Path, images: Path | None, faults: Faults) -> Iterable[Example] | None:
    """Read lines as the data sets of clips have them; None if they are none of these."""
    lines = list(islice((line.strip() for line in text.split("\n") if line.strip() and line[0] != "#"), 2))
    if any(map(split_lists.is_listed, lines)):
        return split_lists.read_split_list(text, source, images, faults)
    if any(map(msvd.LINE.fullmatch, lines)):
        return msvd.read_msvd_text(text, source, images, faults)
    if lines and all(name in lines[0] for name in msvd.COLUMNS):
        return msvd.read_msvd_table(csv_rows(text, source, faults, msvd.check_msvd), source, images, faults)
    return None


def _from_lines(text: str, lines: list[str], source: Path, images: Path | None, faults: Faults) -> Iterable[Example]:
    """Read JSON that begins with an object: one for the whole file, or one a line; lines: the first two."""
    if len(lines) == 2 and _is_json(lines[0]):
        return read_table(timed.spread(json_lines(text, source, faults), source, faults), source, images, faults)
    try:
        return _from_object(parsed(text, source), source, images, faults)
    except _Unparsed:
        if len(lines) < 2 or not _is_json(lines[1]):
            raise
        return read_table(timed.spread(json_lines(text, source, faults), source, faults), source, images, faults)


def _from_list(values: list[Any], source: Path, images: Path | None, faults: Faults) -> Iterable[Example]:
    """Read a JSON list: photos with their regions, or rows of a table."""
    if values and isinstance(values[0], dict) and isinstance(values[0].get("regions"), list):
        from watchword.data.readers.regions import read_described  # which reads files as this does

        return read_described(values, source, images, faults)
    return read_table(timed.spread(items(values), source, faults), source, images, faults)


def _from_object(document: dict[str, Any], source: Path, images: Path | None, faults: Faults) -> Iterable[Example]:
    """Read a JSON object, by the fields that it has."""
    if "annotations" in document:
        return read_coco(document, source, images, faults)
    if "videos" in document and "sentences" in document:
        return read_msrvtt(document, source, images, faults)
    if "images" in document:
        records = document["images"]
        first = records[0] if isinstance(records, list) and records else None
        if isinstance(first, dict) and "regions" in first and "sentences" not in first:
            from watchword.data.readers.regions import read_phrased  # which reads files as this does

            return read_phrased(document, source, images, faults)
        return read_karpathy(document, source, images, faults)
    if document and timed.is_timed(next(iter(document.values()))):
        rows = timed.spread(timed.timed_clips(document, source), source, faults)
        return read_table(rows, source, images, faults)
    if document and isinstance(next(iter(document.values())), list):
        return read_sentence_lists(document, source, faults)
    return read_table(timed.spread(items([document]), source, faults), source, images, faults)


def items(values: list[Any]) -> Iterator[tuple[str, Any]]:
    """Yield the values of a JSON list, each with its place."""
    return ((f"item {number}", value) for number, value in enumerate(values))


class _Unparsed(DataError):
    """A file that begins like JSON and is none, as a whole."""


def parsed(text: str, source: Path) -> Any:
    """Return parsed JSON; `DataError` says where it breaks off."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise _Unparsed(f"{source} begins like JSON, but: {error}; repair it or fetch it again") from None
    except RecursionError:
        raise _Unparsed(f"{source} begins like JSON, but is nested too deeply; a data set is {FORMATS}") from None


def _is_json(line: str) -> bool:
    """Tell whether a line is JSON by itself."""
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True
