"""The regions of photos with the longest vectors, and with the shortest."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from watchword.cli.failures import Failure
from watchword.cli.looking import Lengths, looked_at
from watchword.runtime.matcher import Matcher


class Weighed(NamedTuple):
    """A region: its photo, box (x0, y0, x1, y1) as shares of width and height, and the length of its vector."""

    photo: Path
    box: tuple[float, ...]
    length: float


class Ends(NamedTuple):
    """Regions with the longest vectors, longest first, and with the shortest, shortest first; how many were seen."""

    longest: list[Weighed]
    shortest: list[Weighed]
    photos: int
    regions: int


def ends(matcher: Matcher, photos: Sequence[Path], most: int, failures: list[Failure]) -> Ends:
    """Return `most` regions of each end, one of a photo, for those that overlap are much alike.

    Photos that cannot be opened go to `failures`. Raises `BundleError` for a model of cosines.
    """
    best, least, count, measure = list[Weighed](), list[Weighed](), 0, Lengths(matcher)
    for photo, looked in looked_at(matcher, photos, failures):
        lengths = measure.of(looked.vectors)
        count += len(lengths)
        for kept, place in ((best, lengths.argmax()), (least, lengths.argmin())):
            kept.append(Weighed(photo, tuple(map(float, looked.boxes[place])), float(lengths[place])))
    measure.check()
    longest = sorted(best, key=lambda each: -each.length)[:most]
    return Ends(longest, sorted(least, key=lambda each: each.length)[:most], len(best), count)
