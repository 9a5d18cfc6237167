"""Draw what happens in a clip: the things, their events and their places."""

from collections.abc import Sequence

import numpy as np

from watchword.data.made_clips.acts import acts_of
from watchword.data.made_clips.placing import placed
from watchword.data.made_clips.timing import timed
from watchword.data.made_clips.world import Script, Thing

_TRIES = 200


def script_of(level: int, things: Sequence[Thing], random: np.random.Generator) -> Script:
    """Draw a clip of a level of difficulty (`acts.LEVELS`).

    things: what there is to choose from, their names all different; four or more. No two things of a clip share
    a name, so that "a dog" is always one alone.
    """
    for _ in range(_TRIES):
        acts = acts_of(level, random)
        frames, events = timed(acts, random)
        acting = 1 + max(max(each.actor, each.target or 0) for each in acts)
        still = int(random.integers(1, 3)) if level == 4 else 0
        chosen = [things[place] for place in random.choice(len(things), acting + still, replace=False)]
        tracks = placed(events, frames, still, random)
        if tracks is not None:
            order = _order(acting, still, random)
            for event in events:
                if event.verb.startswith("pass"):
                    order = (1, 0) if event.verb == "pass in front of" else (0, 1)
            order = (*range(acting, acting + still), *order)
            return Script(tuple(chosen), events, tracks, order, level)
    raise AssertionError(f"no place was found for the things of a clip of level {level} in {_TRIES} tries")


def _order(acting: int, still: int, random: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(number) for number in random.permutation(acting))
