"""The work of `watchword index`: an index brought up to date, and what came of it."""

import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from watchword.cli.failures import Failure, report
from watchword.cli.json_text import json_text
from watchword.cli.opening import captioner, matcher
from watchword.cli.printable import printable
from watchword.cli.progress import counted
from watchword.retrieval.index import Index
from watchword.retrieval.looking import Describe
from watchword.retrieval.matching import Described
from watchword.retrieval.scope import need_photos
from watchword.retrieval.updating import Updated

LABEL = 0.1  # how probable a label has to be, for a photo to be found by it


class Making(NamedTuple):
    """How an index is made. describe: the captioner, or None; rebuild, wait: as `Index.update` takes them."""

    model: str
    describe: str | None
    rebuild: bool = False
    wait: bool = False


def update(folders: Sequence[str], place: str, making: Making, *, as_json: bool) -> int:
    """Bring the index at `place` up to date, say what came of it, and return the exit status.

    Raises `WatchwordError` if it cannot begin.
    """
    index = Index(place)
    if making.rebuild or index.about is None:
        need_photos(folders)
    opened = matcher(making.model)
    describe = describing(making.describe) if making.describe else None
    started = time.perf_counter()
    try:
        with counted() as count:
            done = index.update(
                folders, opened, describe=describe, rebuild=making.rebuild, wait=making.wait, progress=count
            )
    except KeyboardInterrupt:
        kept = "the index is as it was" if making.rebuild else "what was done until here is kept"
        print(f"watchword: stopped; {kept}", file=sys.stderr)
        return 130
    seconds = time.perf_counter() - started
    looked_at = done.added + done.changed
    counts = {name: getattr(done, name) for name in ("added", "changed", "moved", "removed", "unchanged")}
    rate = looked_at / seconds if looked_at else None
    if as_json:
        failed = [{"path": each.path, "why": each.why} for each in done.failures]
        print(json_text({"index": place, "photos": len(index), **counts, "failed": failed, "photos_per_second": rate}))
    else:
        print(_summary(place, len(index), counts | {"failed": done.failed}, rate))
    report(_failures(done))
    return 1 if done.failures else 0


def take_out(folders: Sequence[str], place: str, *, wait: bool, as_json: bool) -> int:
    """Take photos, folders and patterns out of the index at `place`, say how many, and return the exit status.

    That is 1 if nothing of what is named was in the index, for one name or more.
    """
    index = Index(place)
    missed = list[Failure]()
    removed = index.remove(
        folders,
        wait=wait,
        unknown=lambda name: missed.append(Failure(str(name), "no photo of the index is there; check it", "removed")),
    )
    if as_json:
        print(json_text({"index": place, "photos": len(index), "removed": removed}))
    else:
        print(f"{printable(place)}: {removed} removed, {len(index)} photos left")
    report(missed)
    return 1 if missed else 0


def describing(model: str) -> Describe:
    """Return what gives pictures their sentences and labels."""
    opened = captioner(model)

    def describe(pictures: Sequence[np.ndarray]) -> list[Described]:
        said = opened.describe(pictures)
        return [Described(one.text, tuple(name for name, share in one.labels if share >= LABEL)) for one in said]

    return describe


def _summary(place: str, photos: int, counts: dict[str, int], rate: float | None) -> str:
    """Return one line for people; what did not happen is left out."""
    what = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing to do"
    return f"{printable(place)}: {what}; {photos} photos" + (f", {rate:.1f} a second" if rate else "")


def _failures(done: Updated) -> list[Failure]:
    return [Failure(each.path, each.why, "indexed") for each in done.failures]
