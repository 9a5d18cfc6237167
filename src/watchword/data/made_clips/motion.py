"""How a thing moves and changes through its events, from wherever it starts."""

from collections.abc import Sequence

import numpy as np

from watchword.data.made_clips.world import ALPHA, ANGLE, SIZE, Event, X, Y

_STEPS = {
    "left": (-1.0, 0.0),
    "right": (1.0, 0.0),
    "up": (0.0, -1.0),
    "down": (0.0, 1.0),
}
RELATED = ("pass behind", "pass in front of", "move towards", "move away from", "follow")


def moved(events: Sequence[Event], frames: int, reach: float, growth: float, turn: float) -> np.ndarray:
    """Return the track (T, 5) of a thing that starts at 0, 0 with a longest side of 1.

    events: those of this thing. reach: how far it moves at once, as a share of the picture. growth: by what its
    side is multiplied when it grows. turn: degrees. A thing that appears is not seen before, and one that
    disappears not after.
    """
    track = np.zeros((frames, 5))
    track[:, [SIZE, ALPHA]] = 1
    for event in events:
        way = event.way or event.verb.partition(" ")[2]
        done = _progress(event, frames)
        if event.verb.startswith("move ") or event.verb in RELATED:
            for axis, step in zip((X, Y), _STEPS[way], strict=True):
                track[:, axis] += step * reach * done
        elif event.verb in ("grow", "shrink"):
            track[:, SIZE] *= (growth if event.verb == "grow" else 1 / growth) ** done
        elif event.verb.startswith("turn "):
            track[:, ANGLE] += (turn if way == "clockwise" else -turn) * done
        elif event.verb == "appear":
            track[:, ALPHA] *= _fading(event, frames)
        elif event.verb == "disappear":
            track[:, ALPHA] *= 1 - _fading(event, frames)
    return track


def _progress(event: Event, frames: int) -> np.ndarray:
    """Return how much of an event is done in each frame (T,), 0 to 1; it begins and ends gently."""
    even = np.clip((np.arange(frames) - event.start) / (event.end - event.start), 0, 1)
    return even * even * (3 - 2 * even)


def _fading(event: Event, frames: int) -> np.ndarray:
    """Return how much of an appearance is done (T,): at most four frames, in the middle of its time."""
    length = min(4, event.end - event.start)
    start = event.start + (event.end - event.start - length) // 2
    return np.clip((np.arange(frames) - start) / length, 0, 1)
