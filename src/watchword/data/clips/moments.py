"""The moments of a clip at which a frame is wanted: on a grid, in a list, or all of them.

The frame of a moment is the one on display then: the last whose time is not after it.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import Protocol

NEVER = math.inf
# Times come from whole ticks divided by a rate; two that mean the same differ by rounding. Seconds.
CLOSE = 1e-4


class Moments(Protocol):
    """Moments in seconds from the clip's start, in order."""

    def following(self, time: float) -> float:
        """Return the first moment not before `time`, or `NEVER`."""
        ...

    def within(self, low: float, high: float) -> int:
        """Return how often the frame on display from `low` to before `high` is wanted."""
        ...

    def left(self, low: float, high: float) -> int:
        """Return how often the last frame is wanted, which is on display from `low` to the clip's end, `high`."""
        ...


class Grid:
    """start, start + step, … up to before `end`; a frame that several moments fall on counts once."""

    def __init__(self, start: float, step: float, end: float) -> None:
        self.start, self.step, self.end = start, step, end

    def following(self, time: float) -> float:
        """Return the first moment not before `time`, or `NEVER`."""
        steps = max(0, math.ceil((time - self.start - CLOSE) / self.step)) if time > self.start else 0
        moment = self.start + steps * self.step
        return moment if moment < self.end - CLOSE else NEVER

    def within(self, low: float, high: float) -> int:
        """Return 1 if a moment lies there, else 0."""
        return int(self.following(low) < high - CLOSE)

    left = within


class Listed:
    """Given moments, in order; a frame that several fall on counts as often."""

    def __init__(self, moments: Sequence[float]) -> None:
        self.moments = list(moments)

    def following(self, time: float) -> float:
        """Return the first moment not before `time`, or `NEVER`."""
        at = bisect_left(self.moments, time - CLOSE)
        return self.moments[at] if at < len(self.moments) else NEVER

    def within(self, low: float, high: float) -> int:
        """Return how many moments lie there."""
        return bisect_left(self.moments, high - CLOSE) - bisect_left(self.moments, low - CLOSE)

    def left(self, low: float, high: float) -> int:
        """Return how many moments are left: the last frame stands for all of them."""
        return self.within(low, NEVER)


class Every:
    """Every frame that is on display between `start` and `end`."""

    def __init__(self, start: float, end: float) -> None:
        self.start, self.end = start, end

    def following(self, time: float) -> float:
        """Return `time`, or the start if that is later; `NEVER` from the end on."""
        return max(time, self.start) if time < self.end - CLOSE else NEVER

    def within(self, low: float, high: float) -> int:
        """Return 1 if the frame is on display in between, else 0."""
        return int(high > self.start + CLOSE and low < self.end - CLOSE)

    left = within
