"""Where the things of a clip are, so that all of what happens is seen."""

from collections.abc import Sequence

import numpy as np

from watchword.data.made_clips.motion import moved
from watchword.data.made_clips.world import ALPHA, SIZE, Event, X, Y

_TRIES, _ENOUGH = 60, 0.02


def placed(events: Sequence[Event], frames: int, still: int, random: np.random.Generator) -> np.ndarray | None:
    """Return the tracks (things, T, 5) of what acts, and of `still` things that only stand there.

    None where no place was found in which everything stays in the picture and apart from what it has nothing to do
    with: draw again.
    """
    acting = 1 + max(max(each.actor, each.target or 0) for each in events)
    alone = acting == 1
    # Two that follow each other go equally far, so there is one reach for all.
    reach = random.uniform(0.34, 0.46) if alone else random.uniform(0.28, 0.38)
    if any(each.verb.startswith("pass") for each in events):
        reach = random.uniform(0.56, 0.66)
    tracks = np.stack([_sized(events, number, frames, reach, alone, random) for number in range(acting + still)])
    best, least = tracks, np.inf
    for _ in range(_TRIES):
        tries = tracks.copy()
        for number in range(acting + still):
            tries[number, :, X : Y + 1] += random.uniform(0.1, 0.9, 2)
        _relate(tries, events, random)
        fault = _outside(tries) + _overlapping(tries, events)
        if fault < least:
            best, least = tries, fault
    return best if least <= _ENOUGH * len(tracks) else None


def _sized(
    events: Sequence[Event], number: int, frames: int, reach: float, alone: bool, random: np.random.Generator
) -> np.ndarray:
    """Return the track of one thing around 0, 0, in its own size; alone in its clip it may be larger."""
    growth = random.uniform(1.8, 2.2) if alone else random.uniform(1.6, 1.9)
    turn = float(random.choice([120, 150, 180, 240]))
    track = moved([each for each in events if each.actor == number], frames, reach, growth, turn)
    changes = np.ptp(track[:, SIZE]) > 0
    smallest, largest = (
        ((0.42, 0.5) if changes else (0.3, 0.42)) if alone else ((0.32, 0.36) if changes else (0.24, 0.32))
    )
    track[:, SIZE] *= random.uniform(smallest, largest) / track[:, SIZE].max()
    return track


def _relate(tracks: np.ndarray, events: Sequence[Event], random: np.random.Generator) -> None:
    """Move each thing that does something about another to where it has to be for that."""
    for event in events:
        if event.target is None:
            continue
        actor, target = tracks[event.actor], tracks[event.target]
        towards = 1.0 if event.way == "right" else -1.0
        near = (actor[event.start, SIZE] + target[event.start, SIZE]) / 2 + 0.02
        if event.verb.startswith("pass"):  # in the middle of its way it is where the target is
            start_x = target[event.start, X] - (actor[event.end, X] - actor[event.start, X]) / 2
        elif event.verb == "move towards":  # and it ends beside it
            start_x = target[event.start, X] - towards * near - (actor[event.end, X] - actor[event.start, X])
        elif event.verb == "move away from":
            start_x = target[event.start, X] + towards * near
        else:  # it follows, over the same way
            start_x = target[0, X] - towards * near
        actor[:, X] += start_x - actor[event.start, X]
        actor[:, Y] += target[event.start, Y] - actor[event.start, Y] + random.uniform(-0.03, 0.03)


def _outside(tracks: np.ndarray) -> float:
    """Return how far things reach out of the picture where they do most, summed; a twentieth of them may."""
    half = tracks[..., SIZE] * 0.45
    over = [np.maximum(half - tracks[..., axis], tracks[..., axis] + half - 1) for axis in (X, Y)]
    return float(np.clip(np.max(over, axis=(0, 2)), 0, None).sum())


def _overlapping(tracks: np.ndarray, events: Sequence[Event]) -> float:
    """Return how much things cover each other that have nothing to do with each other, summed over the pairs."""
    related = {frozenset((each.actor, each.target)) for each in events if each.target is not None}
    total = 0.0
    for one in range(len(tracks)):
        for other in range(one):
            if frozenset((one, other)) not in related:
                apart = np.abs(tracks[one, :, X : Y + 1] - tracks[other, :, X : Y + 1]).max(1)
                beside = (tracks[one, :, SIZE] + tracks[other, :, SIZE]) / 2 * 0.9
                seen = (tracks[one, :, ALPHA] > 0) & (tracks[other, :, ALPHA] > 0)
                total += float(np.clip((beside - apart) * seen, 0, None).max())
    return total
