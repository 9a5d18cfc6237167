"""A set of made clips: which clip is which, the row of each, and its pictures, all from one seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from watchword.data.made_clips.casts import Cast
from watchword.data.made_clips.grounds import calmed
from watchword.data.made_clips.painting import filming_of, painted, side_of_ground
from watchword.data.made_clips.scripts import script_of
from watchword.data.made_clips.telling import plain, sentences_of
from watchword.data.made_clips.world import RATE, Event, Script, backwards

SENTENCES = 5
_TEN = ("train",) * 8 + ("val", "test")
_SPLIT, _SCRIPT, _WORDS, _LOOKS = range(4)  # what random numbers are drawn for


class Ground(Protocol):
    """What things move over. key: tells it from any other."""

    key: str

    def ground(self, side: int, split: str, random: np.random.Generator) -> np.ndarray:
        """Return a square picture (side, side, 3) uint8."""
        ...


@dataclass(frozen=True)
class Plan:
    """How a set is made; the same plan makes the same rows and the same pictures, clip by clip.

    side: pixels of the square clips. levels: difficulties, taken in turn. twins: whether each second clip is the one
    before it, played backwards, with the sentences that are then true. Of ten scenes in a row eight are for training.
    """

    cast: Cast
    grounds: Ground
    seed: int = 0
    levels: Sequence[int] = (1, 2, 3, 4)
    side: int = 160
    twins: bool = True

    def clip(self, number: int) -> "Clip":
        """Return clip `number`, from 0; it does not depend on how many there are."""
        return Clip(self, number)


@dataclass(frozen=True)
class Clip:
    """One clip of a plan."""

    plan: Plan
    number: int

    @property
    def name(self) -> str:
        """The clip's id."""
        return f"{self.number:06d}"

    @property
    def file(self) -> str:
        """Where the clip is, from the folder of the set."""
        return f"clips/{self.name}.mp4"

    @property
    def scene(self) -> int:
        """The number of what is filmed; twins have one scene."""
        return self.number // 2 if self.plan.twins else self.number

    @property
    def is_backwards(self) -> bool:
        """Whether this is the second of two twins."""
        return self.plan.twins and self.number % 2 == 1

    @property
    def split(self) -> str:
        """The split: eight of ten scenes "train", one "val", one "test"."""
        tens, place = divmod(self.scene, 10)
        order = np.random.default_rng([self.plan.seed, _SPLIT, tens]).permutation(10)
        return _TEN[order[place]]

    @cached_property
    def script(self) -> Script:
        """What happens."""
        random = self._random(_SCRIPT, self.scene)
        level = self.plan.levels[self.scene % len(self.plan.levels)]
        script = script_of(level, self.plan.cast.things(random), random)
        return backwards(script) if self.is_backwards else script

    def row(self) -> dict[str, Any]:
        """Return the clip's row of `clips.jsonl`."""
        script = self.script
        return {
            "id": self.name,
            "file": self.file,
            "split": self.split,
            "label": script.main.verb,
            "tuple": self._tuple(script.main),
            "captions": list(sentences_of(script, SENTENCES, self._random(_WORDS, self.number))),
            "events": [self._timed(event) for event in script.events],
            "difficulty": script.level,
            "group": f"{self.scene:06d}",
            "frames": script.frames,
            "seconds": script.frames / RATE,
        }

    def frames(self) -> np.ndarray:
        """Return the clip's pictures (T, side, side, 3) uint8; twins have the same, in the other order."""
        script = backwards(self.script) if self.is_backwards else self.script
        random = self._random(_LOOKS, self.scene)
        side = self.plan.side
        cutouts = [self.plan.cast.cutout(each, self.split, random) for each in script.things]
        ground = calmed(self.plan.grounds.ground(side_of_ground(side), self.split, random), script.level)
        frames = painted(script, cutouts, ground, filming_of(script, random), side, random)
        return frames[::-1] if self.is_backwards else frames

    def _random(self, purpose: int, number: int) -> np.random.Generator:
        return np.random.default_rng([self.plan.seed, purpose, number])

    def _tuple(self, event: Event) -> dict[str, str]:
        """Return subject, verb and object of an event; the object is "" where there is none."""
        things = self.script.things
        other = "" if event.target is None else things[event.target].name
        return {"subject": things[event.actor].name, "verb": event.verb, "object": other}

    def _timed(self, event: Event) -> dict[str, Any]:
        """Return an event with its time in seconds."""
        times = {"start": event.start / RATE, "end": event.end / RATE}
        return times | self._tuple(event) | {"text": plain(self.script, event)}
