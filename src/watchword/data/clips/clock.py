"""Times of frames in seconds, from the ticks of a stream, which may be missing, repeat or jump back."""

_RESTART = 1.0  # seconds back from which a clip was joined from parts that each begin at 0


class Clock:
    """tick: seconds of one. origin: the clip's start in seconds; None: the first frame's. step: between frames."""

    def __init__(self, tick: float, origin: float | None, step: float) -> None:
        self._tick, self._origin, self._step = tick, origin, step
        self._shift = 0.0
        self._last: float | None = None

    def seconds(self, ticks: int | None) -> float | None:
        """Return the time of a packet or of an entry of the index; None where it has none."""
        if ticks is None:
            return None
        return ticks * self._tick - (self._origin or 0.0) + self._shift

    def ticks(self, seconds: float) -> int:
        """Return the tick at which a time lies."""
        return int((seconds - self._shift + (self._origin or 0.0)) / self._tick) if self._tick else 0

    def next(self, ticks: int | None) -> float:
        """Return the time of the next frame that was decoded: later than that of the one before, whatever it says."""
        if self._origin is None and ticks is not None:
            self._origin = ticks * self._tick
        time, last = self.seconds(ticks), self._last
        if last is None:
            time = time or 0.0
        elif time is None:
            time = last + self._step
        elif time < last - _RESTART:
            self._shift += last + self._step - time
            time = last + self._step
        elif time <= last:
            time = last + self._step / 4
        self._last = time
        return max(0.0, round(time, 6))  # the start is known to a microsecond

    def jumped(self) -> None:
        """Forget the frame before: the next one may lie anywhere."""
        self._last, self._shift = None, 0.0
