"""What things are called in a sentence: "a red car" at first, "the car" after that."""

from collections.abc import Sequence

import numpy as np

from watchword.data.made_clips.world import Thing

_PAIRS = ("scissors", "skis", "trousers", "glasses", "goggles", "pliers")


class Naming:
    """The names in one sentence, as its words are put one after the other. random: decides who has a colour."""

    def __init__(self, things: Sequence[Thing], random: np.random.Generator) -> None:
        """Begin a sentence."""
        self._names = [
            f"{each.adjective} {each.name}" if each.adjective and random.random() < 0.5 else each.name
            for each in things
        ]
        self._short = [each.name for each in things]
        self._told: set[int] = set()

    def name(self, number: int) -> str:
        """Return the thing's name at this place of the sentence."""
        if number in self._told:
            return f"the {plural_as_one(self._short[number])}"
        self._told.add(number)
        return indefinite(self._names[number])


def plural_as_one(name: str) -> str:
    """Return a name that a singular verb goes with: "pair of skis"."""
    return f"pair of {name}" if name.split()[-1] in _PAIRS else name


def indefinite(name: str) -> str:
    """Return a name with "a" or "an" before it."""
    one = plural_as_one(name)
    return f"{'an' if one[0] in 'aeiou' and not one.startswith(('uni', 'use', 'eu', 'one')) else 'a'} {one}"
