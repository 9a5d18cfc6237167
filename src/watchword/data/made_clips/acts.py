"""Who does what in a clip, and in which order, before anything has a place or a time."""

from typing import NamedTuple

import numpy as np

from watchword.data.made_clips.world import Event, reversed_events

LEVELS = {
    1: "one thing does one thing",
    2: "one thing does two things, one after the other",
    3: "two things, one of which passes, approaches, leaves or follows the other, or both of which act in turn",
    4: "as 3, with things that only stand there, a moving camera, noise, what hides a part, and more words",
}
MOVES = ("move left", "move right", "move up", "move down")
CHANGES = ("grow", "shrink", "turn clockwise", "turn anticlockwise")
WAYS = ("left", "right")


class Act(NamedTuple):
    """What becomes an event: see `world.Event`, whose fields these are."""

    verb: str
    actor: int = 0
    target: int | None = None
    way: str = ""


def acts_of(level: int, random: np.random.Generator) -> list[Act]:
    """Draw what happens at a level of difficulty, in its order; backwards it is never the same again."""
    while True:
        acts = {1: _one, 2: _two}.get(level, _related)(random)
        if _said(acts) != _said(_backwards(acts)):
            return acts


def _one(random: np.random.Generator) -> list[Act]:
    return [Act(_pick(random, (*MOVES, *CHANGES, "appear", "disappear")))]


def _two(random: np.random.Generator) -> list[Act]:
    """Draw two different acts of one thing; what stays is seen to stay only before or after a move."""
    kind = random.integers(8)
    if kind == 0:
        return [Act("appear"), Act(_pick(random, (*MOVES, *CHANGES, "disappear")))]
    if kind == 1:
        return [Act(_pick(random, (*MOVES, *CHANGES))), Act("disappear")]
    if kind in (2, 3):
        pair = [Act(_pick(random, MOVES)), Act("stay")]
        return pair if kind == 2 else pair[::-1]
    first = _pick(random, (*MOVES, *CHANGES))
    return [Act(first), Act(_pick(random, [verb for verb in (*MOVES, *CHANGES) if verb != first]))]


def _related(random: np.random.Generator) -> list[Act]:
    """Draw two or three acts of two things."""
    way = _pick(random, WAYS)
    kind = random.integers(7)
    if kind in (0, 1, 2):
        return _around(Act(_pick(random, ("pass behind", "pass in front of")), 0, 1, way), random)
    if kind == 3:
        return _around(Act(_pick(random, ("move towards", "move away from")), 0, 1, way), random)
    if kind == 4:
        return [Act(f"move {way}", 0), Act("follow", 1, 0, way)]
    first = _pick(random, (*MOVES, *CHANGES, "appear"))
    return [Act(first, 0), Act(_pick(random, [verb for verb in (*MOVES, *CHANGES, "disappear") if verb != first]), 1)]


def _around(middle: Act, random: np.random.Generator) -> list[Act]:
    """Put one or two acts before and after what one thing does about the other; neither leaves its place in them."""
    before = [Act("appear", 0), Act("appear", 1), Act(_pick(random, CHANGES), 1)][random.integers(3)]
    others = [verb for verb in CHANGES if verb != before.verb]
    after = [Act("disappear", 0), Act("disappear", 1), Act(_pick(random, others), 1)][random.integers(3)]
    return [[before, middle], [middle, after], [before, middle, after]][random.integers(3)]


def _pick(random: np.random.Generator, names: list[str] | tuple[str, ...]) -> str:
    return names[random.integers(len(names))]


def _backwards(acts: list[Act]) -> list[Act]:
    events = tuple(Event(each.verb, each.actor, each.target, at, at, each.way) for at, each in enumerate(acts))
    return [Act(each.verb, each.actor, each.target, each.way) for each in reversed_events(events, len(acts) - 1)]


def _said(acts: list[Act]) -> list[tuple[str, int]]:
    """Return what sentences tell for certain: of what passes or follows they may leave out the direction."""
    return [(each.verb, each.actor) for each in acts]
