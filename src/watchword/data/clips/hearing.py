"""The sound of a clip, inside the process that decodes: its loudness, window by window."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from watchword.data.clips.containers import open_file, packets

if TYPE_CHECKING:
    from av import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

_RATE = 8000  # samples a second: enough to tell loud from quiet
_SENT = 1200  # windows at a time
_FAINTEST = 1e-6  # -120 dBFS
_RESTART = 1.0  # seconds back


class Sound:
    """The sound of one clip, as loudness; nothing where it has none or what there is cannot be decoded."""

    def __init__(self, path: str, window: float, alive: Callable[[], None]) -> None:
        self._path, self._alive = path, alive
        self._window = round(window * _RATE)
        self.lost = 0
        self.heard = 0.0  # seconds, of all windows
        self.joined = False  # whether times jumped back, as where a clip was joined from parts

    def levels(self) -> Iterator[np.ndarray]:
        """Yield loudness (N,) float32 in dBFS of the windows from the clip's start on, some at a time."""
        held, found = np.zeros(0, np.float32), list[np.ndarray]()
        for samples in self._samples():
            held = np.concatenate((held, samples))
            whole = len(held) // self._window * self._window
            windows, held = held[:whole].reshape(-1, self._window), held[whole:]
            found.append(np.sqrt((windows**2).mean(1)))
            self.heard += len(windows) * self._window / _RATE
            if sum(map(len, found)) >= _SENT:
                yield _decibels(np.concatenate(found))
                found = []
        if found:
            yield _decibels(np.concatenate(found))

    def _samples(self) -> Iterator[np.ndarray]:
        """Yield samples (N,) float32 at `_RATE`, one channel, silence where the track has gaps."""
        opened = open_file(self._path)
        try:
            container = opened.container
            if not container.streams.audio:
                return
            begin, given, last = (container.start_time or 0) / 1e6, 0, 0.0
            for frame in self._frames(container, container.streams.audio[0]):
                samples = frame.to_ndarray().ravel()
                if frame.time is not None:
                    self.joined |= frame.time < last - _RESTART
                    last = frame.time
                    gap = min(round((frame.time - begin) * _RATE) - given, _RATE * 3600)
                    for _ in range(0, max(gap, 0), _RATE):
                        yield np.zeros(min(gap, _RATE), np.float32)
                        given += min(gap, _RATE)
                        gap -= _RATE
                given += len(samples)
                yield samples
        finally:
            opened.close()

    def _frames(self, container: "InputContainer", stream: "AudioStream") -> Iterator["AudioFrame"]:
        """Yield what can be decoded, at `_RATE` and in one channel; broadcasts change both in the middle."""
        import av
        from av.error import FFmpegError

        resampler, kind = None, None
        for packet in packets(container, stream, self._alive, self._damaged):
            try:
                for frame in packet.decode():
                    if resampler is None or _kind(frame) != kind:
                        resampler, kind = av.AudioResampler("flt", "mono", _RATE), _kind(frame)
                    yield from resampler.resample(frame)
            except FFmpegError as error:
                if isinstance(error, MemoryError):
                    raise
                self._damaged()

    def _damaged(self) -> None:
        self.lost += 1


def _kind(frame: "AudioFrame") -> tuple[str, str, int]:
    """Return what a resampler is made for."""
    return frame.format.name, frame.layout.name, frame.sample_rate


def _decibels(levels: np.ndarray) -> np.ndarray:
    """Return levels from 0 to 1 as dBFS, float32."""
    return (20 * np.log10(np.maximum(levels, _FAINTEST))).astype(np.float32)
