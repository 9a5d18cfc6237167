"""Photos that were found, with the words that they were found by drawn where they are."""

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from watchword.cli.boxes_drawn import drawn
from watchword.cli.failures import Failure
from watchword.cli.found_words import shown
from watchword.cli.printable import printable
from watchword.cli.replacing import PNG, refuse_to_replace
from watchword.cli.tiles import has_mark, save_png
from watchword.core.errors import DataError, PictureError
from watchword.retrieval.hits import Hit
from watchword.retrieval.index import Index

_NUMBERED = re.compile(r"(?!00)\d{2,}\.png")
_MARK = "watchword search"


def draw(hits: Sequence[Hit], place: Path, index: Index, image: Path | None = None) -> list[Failure]:
    """Draw the best photo into a .png, or all into a folder, as 01.png, 02.png ...; return what cannot be drawn.

    What an earlier search drew there is removed, for it would pass for more of this one.
    Raises `DataError`, before anything is drawn, if a photo of the index, or the `image` that was searched with, lies
    where a drawing would.
    """
    failures = list[Failure]()
    alone = place.suffix.lower() == ".png"
    targets = [place] if alone else [place / f"{number:02}.png" for number in range(1, len(hits) + 1)]
    for target in targets:
        refuse_to_replace(target, "--region", PNG, [])
    there = {file: target for target in targets if (file := _file(target))}
    for photo in _photos(index, image) if there else []:
        if (file := _file(photo)) and file in there:
            raise DataError(
                f"{printable(str(there[file]))!r} is a photo of the index, or the one to search with, and stays as it "
                "is; name another --region"
            )
    if not alone:
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(f"{str(place)!r} cannot be made: {error.strerror}; name another --region") from None
    clear(place, index, image)
    for target, hit in zip(targets, hits, strict=False):
        if hit.state == "changed":
            why = "has changed since it was indexed, so the boxes are not of it; run watchword index on its folder"
            failures.append(Failure(hit.path, why, "drawn"))
            continue
        try:
            save_png(drawn(hit.path, shown(hit)), target, "--region", _MARK)
        except PictureError as error:
            failures.append(Failure(hit.path, str(error), "drawn"))
    return failures


def clear(place: Path, index: Index, image: Path | None = None) -> None:
    """Remove the drawings of an earlier search: the .png, or 01.png and so on in a folder.

    Photos of the index, and the `image` that is searched with, stay, even if they were drawn once.
    """
    try:
        alone = place.suffix.lower() == ".png"
        there = [place] if alone else [each for each in place.iterdir() if _NUMBERED.fullmatch(each.name)]
    except OSError:  # it is not there, or no folder
        return
    drawings = {file: each for each in there if has_mark(each, _MARK) and (file := _file(each))}
    for photo in _photos(index, image) if drawings else []:
        if (file := _file(photo)) is not None:
            drawings.pop(file, None)
    for old in drawings.values():
        with suppress(OSError):
            old.unlink()


def _photos(index: Index, image: Path | None) -> list[str | Path]:
    """Return what is never written over and never removed."""
    return [*index.paths(), *([image] if image else [])]


def _file(path: str | Path) -> tuple[int, int] | None:
    """Return what a file is known by under all of its names; None where there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino
