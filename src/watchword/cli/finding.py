"""The work of `watchword search`: from what is asked for to rows, page and drawings, or to "nothing fits"."""

import sys
from pathlib import Path
from typing import Any, NamedTuple

from watchword.cli.failures import Failure, report
from watchword.cli.found_rows import json_rows, print_rows, tell_stale
from watchword.cli.opening import matcher
from watchword.cli.printable import printable
from watchword.cli.replacing import PAGE, refuse_to_replace
from watchword.cli.words_missed import tell_missed
from watchword.core.errors import DataError, RetrievalError
from watchword.metrics.content import content_stems
from watchword.retrieval.filters import EVERYTHING, Where
from watchword.retrieval.fitting import best_of, fitting, hidden, looked_at
from watchword.retrieval.hits import Hit, Suggested
from watchword.retrieval.index import Index
from watchword.retrieval.strange import strange

NOTHING = 3  # the exit status when nothing fits


class Wanted(NamedTuple):
    """What is searched for: by text or by an image; filters as `Where` takes them; least: the cut-off."""

    text: str | None
    image: Path | None
    limit: int
    by: Any
    filters: dict[str, Any]
    least: float | None
    anyway: bool


class Outputs(NamedTuple):
    """Where what is found goes, besides standard output. region: a .png, or a folder of them."""

    as_json: bool
    html: Path | None
    region: Path | None


class Found(NamedTuple):
    """What fits, and the best of what was looked at, whether it fits or not.

    less: how many more would have been shown but for the cut-off of single photos.
    """

    hits: list[Hit]
    best: Hit | None
    sentences: list[Suggested]
    less: int = 0


def run(place: str, model: str, wanted: Wanted, outputs: Outputs) -> int:
    """Search, show what is found, and return the exit status: 0, 1 if a photo could not be drawn, or `NOTHING`.

    Raises `WatchwordError` if it cannot be searched.
    """
    index = Index(place)
    if index.about is None:
        raise RetrievalError(f"there is no index at {place!r}; make one with: watchword index FOLDER --index PLACE")
    if outputs.html:
        refuse_to_replace(outputs.html, "--html", PAGE, [wanted.image] if wanted.image else [])
    if outputs.region and outputs.region.is_file() and outputs.region.suffix.lower() != ".png":
        raise DataError(f"{str(outputs.region)!r} is a file and no .png; name a folder, or a .png, for --region")
    opened = index.matcher = matcher(model)
    (read,) = opened.read([wanted.text or ""])
    odd = strange(
        wanted.text or "",
        content=lambda word: bool(content_stems([word])),
        knows=opened.vocabulary.__contains__,
        unread=len(read.unread),
    )
    tell_missed(odd.words, read)
    found = _found(index, wanted)
    if (
        wanted.text
        and odd.most
        and found.best
        and wanted.by == "regions"
        and wanted.least is None
        and not wanted.anyway
    ):
        why = "of which it knows too little" if odd.words else "of which no word says what a photo shows"
        return _refused(f"nothing fits {wanted.text!r}, {why} (--anyway shows the best)", index, wanted, outputs)
    if not found.hits:
        return _refused(_nothing(index, wanted, found.best), index, wanted, outputs)
    if outputs.as_json:
        json_rows(found.hits, found.sentences)
    else:
        print_rows(found.hits, found.sentences)
    tell_stale(found.hits)
    if found.less:
        print(f"watchword: {found.less} more are less likely to fit; --anyway shows them", file=sys.stderr)
    failures = _drawn(index, found, wanted, outputs)
    report(failures)
    return 1 if failures else 0


def _found(index: Index, wanted: Wanted) -> Found:
    """Search the index, and leave out what does not fit."""
    where = Where(**wanted.filters)
    if wanted.image is not None:
        hits = index.search(image=wanted.image, limit=wanted.limit, where=where)
        return Found(hits, hits[0] if hits else None, index.sentences_for(wanted.image, where=where))
    calibration, least = index.calibration, wanted.least
    searched: dict[str, Any] = {"where": where, "by": wanted.by}
    if calibration is None and least is not None:
        raise RetrievalError(
            "--least needs probabilities, and this matcher gives none: export it with --calibrate DATA"
        )
    if least is not None:
        hits = index.search(wanted.text, limit=wanted.limit, least=least, **searched)
        return Found(hits, best_of(hits or index.search(wanted.text, limit=wanted.limit, **searched)), [])
    if wanted.anyway:
        hits = index.search(wanted.text, limit=wanted.limit, **searched)
        return Found(hits, best_of(hits), [])
    hits = index.search(wanted.text, limit=looked_at(wanted.limit, wanted.by), **searched)
    fits = fitting(hits, calibration)[: wanted.limit]
    return Found(fits, best_of(hits), [], less=hidden(hits[: wanted.limit], fits))


def _refused(why: str, index: Index, wanted: Wanted, outputs: Outputs) -> int:
    """Say that nothing fits, on the page too, so that nothing of an earlier search stands there; return the status."""
    print(f"watchword: {printable(why)}", file=sys.stderr)
    if outputs.html:
        from watchword.cli.found_page import write_page

        write_page(outputs.html, why, [], [])
    if outputs.region:
        from watchword.cli.found_drawn import clear

        clear(outputs.region, index, wanted.image)
        print(f"watchword: nothing is drawn into {printable(str(outputs.region))}", file=sys.stderr)
    return NOTHING


def _nothing(index: Index, wanted: Wanted, best: Hit | None) -> str:
    """Say that nothing was found, and why."""
    chance = best and (best.answers if wanted.least is None else best.probability)
    if chance is not None:
        return f"nothing fits {wanted.text!r} (the best has a probability of {chance:.0%}; --anyway shows it)"
    if not len(index):
        return "the index holds no photo; add some with: watchword index FOLDER"
    filtered = Where(**wanted.filters) != EVERYTHING
    if wanted.image is not None:
        return "nothing is like it: the index holds no other photo" + (" that meets the filters" if filtered else "")
    if filtered:
        return "nothing fits: no photo of the index meets the filters, or has a sentence with these words"
    return f"nothing fits {wanted.text!r}: no photo has a sentence with these words"


def _drawn(index: Index, found: Found, wanted: Wanted, outputs: Outputs) -> list[Failure]:
    """Write the page and the drawings that are asked for; return what cannot be drawn."""
    failures = list[Failure]()
    if outputs.html:
        from watchword.cli.found_page import write_page

        write_page(outputs.html, wanted.text or f"photos like {wanted.image}", found.hits, found.sentences)
    if outputs.region:
        from watchword.cli.found_drawn import draw

        failures += draw(found.hits, outputs.region, index, wanted.image)
    return failures
