"""Flickr token files: `Flickr8k.token.txt` and `results_20130124.token`, one sentence a line.

1000268201_693b08cb0e.jpg#0<TAB>A child in a pink dress is climbing up a set of stairs .
"""

import re
from collections.abc import Iterator
from pathlib import Path

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.readers.faults import Faults
from watchword.data.readers.fields import photo_folder, split_named

LINE = re.compile(r"(?P<name>[^\t]+)#\d+\t(?P<sentence>.*)")


def read_flickr_tokens(text: str, source: Path, images: Path | None, faults: Faults) -> Iterator[Example]:
    """Yield one example a photo, in the order of the file; `DataError` names a line that is not as it should be.

    The split is "train", unless lists of names lie beside the file as they are published
    (`Flickr_8k.trainImages.txt`, `…devImages.txt`, `…testImages.txt`); then a photo in none is left out.
    """
    sentences: dict[str, list[str]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        with faults:
            found = LINE.fullmatch(line.rstrip("\r"))
            if not found:
                raise DataError(f"{source}, line {number}: not name.jpg#0<TAB>sentence, but {line[:60]!r}")
            sentences.setdefault(found["name"], []).append(found["sentence"].strip(" \t"))
    splits = _splits(source.parent)
    folder = photo_folder(source, images, sentences)
    for name, said in sentences.items():
        if not splits or name in splits:
            yield Example(id=name, path=folder / name, sentences=tuple(said), split=splits.get(name, "train"))


def _splits(folder: Path) -> dict[str, str]:
    """Return the split of each photo named in the lists of a folder."""
    return {
        name: split_named(path.name)
        for path in sorted(folder.glob("*Images.txt"))
        for name in path.read_text(encoding="utf-8").split("\n")
        if name.strip()
    }
