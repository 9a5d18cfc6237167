"""Where the time of a clip is cut: at its shots, and where what is said changes for good."""

from typing import NamedTuple

import numpy as np

from watchword.core.types import Sentence
from watchword.runtime.agreement import Shares

# A frame departs from a stretch where its words are below the first share of what the stretch says; frames that
# departed are a stretch of their own where they agree with each other by the second. Between the two nothing changes.
DEPARTS = 0.25
AGREES = 0.5
LEAST = 1.0  # seconds that a stretch has at least: what is cut faster is one stretch
SETTLE = 2.0  # seconds that something new has to last, and something old to have lasted
LONGEST = 30.0  # seconds that one stretch has at most
MOST = 240  # frames that one stretch has at most, for they are held


class Told(NamedTuple):
    """A frame and what is said of it. picture: (S, S, 3) uint8; time: seconds; cut: whether a shot begins here."""

    picture: np.ndarray
    time: float
    sentence: Sentence
    cut: bool = False


class Changes:
    """Takes frames in order and hands back stretches of them that are over. What it holds is bounded."""

    def __init__(self, settle: float = SETTLE, longest: float = LONGEST, most: int = MOST) -> None:
        """Cut where something new lasts `settle` seconds, and after `longest` seconds or `most` frames anyway."""
        self._settle, self._longest, self._most = settle, longest, most
        self._body: list[Told] = []  # what the stretch is
        self._tail: list[Told] = []  # what came last and departs from it
        self._shares = Shares()

    @property
    def begun(self) -> float:
        """When the stretch that is not over began, in seconds."""
        return self._body[0].time

    def add(self, told: Told) -> list[Told]:
        """Take a frame; return the stretch that ends before it, or before others that departed with it, or []."""
        if self._body and ((told.cut and told.time - self.begun >= LEAST) or self._full(told)):
            over = self.end()
            self._begin([told])
            return over
        if self._body and told.time - self.begun >= self._settle and self._shares.of(told.sentence) < DEPARTS:
            self._tail.append(told)
            return self._cut()
        self._take([*self._tail, told])
        self._tail = []
        return []

    def end(self) -> list[Told]:
        """Return the last stretch, [] if there is none; nothing is held any more."""
        last = [*self._body, *self._tail]
        self._begin([])
        return last

    def _full(self, told: Told) -> bool:
        """Tell whether a frame would make the stretch too long."""
        return told.time - self.begun >= self._longest - 1e-6 or len(self._body) + len(self._tail) >= self._most

    def _cut(self) -> list[Told]:
        """Return the stretch if what departs from it has lasted and agrees with itself, and begin with that."""
        if self._tail[-1].time - self._tail[0].time < self._settle:
            return []
        among = Shares(told.sentence for told in self._tail)
        if np.mean([among.of(told.sentence) for told in self._tail]) < AGREES:
            return []
        over = self._body
        self._begin(self._tail)
        return over

    def _begin(self, frames: list[Told]) -> None:
        self._body, self._tail, self._shares = [], [], Shares()
        self._take(frames)

    def _take(self, frames: list[Told]) -> None:
        for told in frames:
            self._body.append(told)
            self._shares.add(told.sentence)
