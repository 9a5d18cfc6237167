"""Photos that were found, with the words that they were found by drawn where they are."""

from collections.abc import Sequence
from pathlib import Path

from watchword.cli.boxes_drawn import drawn
from watchword.cli.failures import Failure
from watchword.cli.found_words import shown
from watchword.cli.replacing import PNG, refuse_to_replace
from watchword.cli.tiles import save_png
from watchword.core.errors import DataError, PictureError
from watchword.retrieval.hits import Hit


def draw(hits: Sequence[Hit], place: Path) -> list[Failure]:
    """Draw the best photo into a .png, or all into a folder, as 01.png, 02.png ...; return what cannot be drawn."""
    failures = list[Failure]()
    alone = place.suffix.lower() == ".png"
    if not alone:
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(f"{str(place)!r} cannot be made: {error.strerror}; name another --region") from None
    for number, hit in enumerate(hits[:1] if alone else hits, start=1):
        target = place if alone else place / f"{number:02}.png"
        refuse_to_replace(target, "--region", PNG, [hit.path])
        try:
            save_png(drawn(hit.path, shown(hit)), target)
        except PictureError as error:
            failures.append(Failure(hit.path, str(error), "drawn"))
    return failures
