"""What happens in a made clip: things, events in time, and where each thing is in each frame.

Positions and sizes are shares of the side of a square picture, x from the left, y from the top; time is counted in
frames, `RATE` a second.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

RATE = 8  # frames a second
X, Y, SIZE, ANGLE, ALPHA = range(5)  # the columns of a track

OPPOSITE = {"left": "right", "right": "left", "up": "down", "down": "up"}
# What each event is when the clip is played backwards; "follow" is another matter, see `reversed_events`.
BACKWARDS = {
    **{f"move {way}": f"move {opposite}" for way, opposite in OPPOSITE.items()},
    "grow": "shrink",
    "shrink": "grow",
    "turn clockwise": "turn anticlockwise",
    "turn anticlockwise": "turn clockwise",
    "appear": "disappear",
    "disappear": "appear",
    "stay": "stay",
    "pass behind": "pass behind",
    "pass in front of": "pass in front of",
    "move towards": "move away from",
    "move away from": "move towards",
}
VERBS = (*BACKWARDS, "follow")


class Thing(NamedTuple):
    """A thing of a clip. name: a noun, as "dog". adjective: its colour, or ""."""

    name: str
    adjective: str = ""


class Event(NamedTuple):
    """Something that a thing does.

    verb: one of `VERBS`. actor, target: numbers of things. start, end: frames; at `start` nothing has changed yet, at
    `end` all has. way: "left" or "right" for a verb that has a target, else "".
    """

    verb: str
    actor: int
    target: int | None
    start: int
    end: int
    way: str = ""


@dataclass(frozen=True, eq=False)
class Script:
    """A clip before it is painted.

    things: those that act first, then those that only stand there. events: by their start.
    tracks: (things, T, 5) float64: x and y of the middle, side, degrees clockwise, opacity from 0 to 1.
    order: the numbers of the things, the one farthest behind first. level: 1 to 4.
    """

    things: tuple[Thing, ...]
    events: tuple[Event, ...]
    tracks: np.ndarray
    order: tuple[int, ...]
    level: int

    @property
    def frames(self) -> int:
        """How many frames the clip has."""
        return self.tracks.shape[1]

    @property
    def main(self) -> Event:
        """The event that names the clip: the last one that has a target, or else the last one."""
        return next((each for each in reversed(self.events) if each.target is not None), self.events[-1])


def backwards(script: Script) -> Script:
    """Return what is seen when a clip is played backwards: the same pictures, and other events."""
    events = reversed_events(script.events, script.frames - 1)
    return Script(script.things, events, script.tracks[:, ::-1], script.order, script.level)


def reversed_events(events: tuple[Event, ...], last: int) -> tuple[Event, ...]:
    """Return the events as they are when time runs backwards from frame `last`.

    Who followed now leads, and who led follows: of two that move one after the other, the last comes first.
    """
    led_by = {each.target: each.actor for each in events if each.verb == "follow"}
    turned = []
    for each in events:
        verb, target, way = BACKWARDS.get(each.verb, ""), each.target, OPPOSITE.get(each.way, "")
        if each.verb == "follow":
            verb, target, way = f"move {way}", None, ""
        elif each.actor in led_by and each.verb in ("move left", "move right"):
            verb, target, way = "follow", led_by[each.actor], verb.removeprefix("move ")
        turned.append(Event(verb, each.actor, target, last - each.end, last - each.start, way))
    return tuple(sorted(turned, key=lambda each: (each.start, each.end)))
