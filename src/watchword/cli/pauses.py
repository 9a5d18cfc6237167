"""Descriptions put where a clip is quiet, as audio description is: between what is heard, not over it."""

from collections.abc import Iterable, Iterator, Sequence

from watchword.cli.subtitles import Cue

SPEED = 2.5  # words a second, 150 a minute: an unhurried voice
BREATH = 0.4  # seconds before and after a sentence, together
LATE = 2.0  # seconds that a description may begin after what it describes is over


def seconds_to_say(text: str) -> float:
    """Return how long it takes to say a text, in seconds."""
    return BREATH + len(text.split()) / SPEED


def fitted(cues: Iterable[Cue], quiet: Sequence[tuple[float, float]]) -> Iterator[Cue | None]:
    """Yield each cue where it can be said in the quiet, or None where there is no room.

    A cue begins in its own time or up to `LATE` after, never before, since that would give away what is to come, and
    lasts as long as it takes to say; cues do not overlap. quiet: stretches (start, end) in seconds, in order.
    """
    free = 0.0
    for one in cues:
        need, first, last = seconds_to_say(one.text), one.start / 1000, one.end / 1000 + LATE
        place = _room(quiet, max(free, first), last, need)
        if place is None:
            yield None
            continue
        free = place + need
        yield Cue(round(place * 1000), round(free * 1000), one.text)


def _room(quiet: Sequence[tuple[float, float]], first: float, last: float, need: float) -> float | None:
    """Return the earliest moment from `first` to `last` with `need` quiet seconds after it, or None."""
    for start, end in quiet:
        begin = max(start, first)
        if begin > last:
            return None
        if end - begin >= need:
            return begin
    return None
