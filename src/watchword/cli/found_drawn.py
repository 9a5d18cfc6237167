"""Photos that were found, with the words that they were found by drawn where they are."""

import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from watchword.cli.boxes_drawn import drawn
from watchword.cli.failures import Failure
from watchword.cli.found_words import shown
from watchword.cli.printable import printable
from watchword.cli.replacing import PNG, refuse_to_replace
from watchword.cli.tiles import is_ours, save_png
from watchword.core.errors import DataError, PictureError
from watchword.retrieval.hits import Hit
from watchword.retrieval.index import Index

_NUMBERED = re.compile(r"(?!00)\d{2,}\.png")


def draw(hits: Sequence[Hit], place: Path, index: Index, image: Path | None = None) -> list[Failure]:
    """Draw the best photo into a .png, or all into a folder, as 01.png, 02.png ...; return what cannot be drawn.

    What an earlier search drew into the folder beyond these is removed, for it would pass for more of them.
    Raises `DataError`, before anything is drawn, if a photo of the index, or the `image` that was searched with, lies
    where a drawing would.
    """
    failures = list[Failure]()
    alone = place.suffix.lower() == ".png"
    targets = [place] if alone else [place / f"{number:02}.png" for number in range(1, len(hits) + 1)]
    for target in targets:
        refuse_to_replace(target, "--region", PNG, [])
    there = {file: target for target in targets if (file := _file(target))}
    photos: list[str | Path] = [*index.paths(), *([image] if image else [])] if there else []
    for photo in photos:
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
        clear(place, from_number=len(hits) + 1)
    for target, hit in zip(targets, hits, strict=False):
        if hit.state == "changed":
            why = "has changed since it was indexed, so the boxes are not of it; run watchword index on its folder"
            failures.append(Failure(hit.path, why, "drawn"))
            continue
        try:
            save_png(drawn(hit.path, shown(hit)), target, "--region")
        except PictureError as error:
            failures.append(Failure(hit.path, str(error), "drawn"))
    return failures


def clear(place: Path, from_number: int = 1) -> None:
    """Remove the drawings of an earlier search from a folder, from 01.png or a later number on; say how many."""
    try:
        numbered = [each for each in place.iterdir() if _NUMBERED.fullmatch(each.name)]
    except OSError:  # it is not there, or no folder
        return
    removed = 0
    for old in numbered:
        if int(old.stem) >= from_number and is_ours(old):
            with suppress(OSError):
                old.unlink()
                removed += 1
    if removed:
        where = printable(str(place))
        print(f"watchword: removed from {where}: {removed} drawings of an earlier search", file=sys.stderr)


def _file(path: str | Path) -> tuple[int, int] | None:
    """Return what a file is known by under all of its names; None where there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino
