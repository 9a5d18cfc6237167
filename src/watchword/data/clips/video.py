"""The video stream of a clip, inside the process that decodes: packets to frames with their times."""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from watchword.core.errors import ClipError
from watchword.data.clips.clock import Clock
from watchword.data.clips.containers import open_video, packets
from watchword.data.clips.limits import Limits
from watchword.data.clips.moments import CLOSE, NEVER, Moments

if TYPE_CHECKING:
    from av import VideoFrame
    from av.packet import Packet
    from av.video.stream import VideoStream

_WORTH = 1.0  # seconds of decoding that a jump must save
_BLIND = 15.0  # the same where the container has no index, and a jump may land well before what is wanted
_REORDERED = 32  # packets after which no frame is shown before an earlier one
# Containers that know how long they are, and in which a jump lands where it should; in others all is decoded.
_JUMPING = {"mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mpegts", "avi", "asf", "flv"}


class Video:
    """The video of one clip. Times are seconds from the clip's start."""

    def __init__(self, path: str, limits: Limits, alive: Callable[[], None]) -> None:
        self._path, self._limits, self._alive = path, limits, alive
        self._opened, self._stream = open_video(path, limits)
        self._container = self._opened.container
        stream, begin = self._stream, self._container.start_time
        rate = stream.average_rate or stream.guessed_rate
        self.fps = float(rate) if rate else None
        self.step = 1 / self.fps if self.fps else 0.04
        origin = begin / 1e6 if begin is not None else None
        self._clock = Clock(float(stream.time_base or 0), origin, self.step)
        self.begins = max(0.0, self._clock.seconds(stream.start_time) or 0.0)
        self.ends = self._known_end()
        self._keys = self._key_times()
        self._back, self._tried, self._at_start = 1.0, -NEVER, True
        self.has_sound = bool(self._container.streams.audio)
        self._seen: deque[float] = deque(maxlen=_REORDERED)
        self.lost, self.any_frame, self.last, self.until = 0, False, 0.0, 0.0

    def __enter__(self) -> "Video":
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.close()

    def _known_end(self) -> float | None:
        """Return when the video ends by what the header says; other containers only guess from the bit rate."""
        stream = self._stream
        if self._container.format.name not in _JUMPING:
            return None
        if stream.duration and stream.time_base:
            return self.begins + float(stream.duration * stream.time_base)
        if not self._container.duration:
            return None
        # That of Matroska counts from time 0, which may lie before whatever begins first.
        early = self._container.start_time or 0 if self._container.format.name == "matroska,webm" else 0
        return (self._container.duration - max(early, 0)) / 1e6

    def _key_times(self) -> list[float]:
        """Return when key frames are shown, as far as the index says; it knows when they are decoded."""
        entries = self._stream.index_entries
        times = [self._clock.seconds(entry.timestamp) for entry in entries if entry.is_keyframe]
        keys = sorted(time for time in times if time is not None)
        delay = min(max(self.begins - keys[0], 0.0), 1.0) if keys else 0.0
        return [time + delay for time in keys]

    def nothing(self) -> ClipError:
        """Return the error for a clip without a single frame."""
        why = f"{self.lost} damaged packets, and nothing else" if self.lost else "its video stream is empty"
        return ClipError(f"no frame can be decoded: {why}; copy it again from where it came from")

    def length(self) -> float:
        """Return when the video ends; read from its packets, undecoded, where the header does not say."""
        if self.ends is None:
            last = self.begins - self.step
            for packet in self._packets():
                time = self._clock.seconds(packet.pts if packet.pts is not None else packet.dts)
                if packet.size:
                    last = max(last, time) if time is not None else last + self.step
            self.ends = last + self.step
            self.rewind()
        return self.ends

    def shown(self, moments: Moments) -> Iterator[tuple[float, "VideoFrame", int]]:
        """Yield time and frame on display at these moments, and for how many of them, in order.

        What is wanted before the first frame gets the first. Where it saves work, decoding jumps to the key frame
        before the next moment.
        """
        wanted, self._tried = moments.following(-NEVER), -NEVER
        self._jump(-NEVER, wanted)
        going = True
        while going:
            held, low, going = None, -NEVER, False
            for time, frame in self.frames(moments):
                if held is None and not self._at_start:
                    low = time
                    if time > wanted + CLOSE:
                        self._jump_shorter(wanted)
                        going = True
                        break
                elif held is not None:
                    if number := moments.within(low, time):
                        yield *held, number
                    low = time
                held = (time, frame)
                wanted = moments.following(low)
                if wanted == NEVER:
                    return
                if self._jump(time, wanted):
                    going = True
                    break
            else:
                if held is None and not self._at_start:  # the jump went beyond the last frame
                    self._jump_shorter(wanted)
                    going = True
        if held is not None and (number := moments.left(low, held[0] + self.step)):
            yield *held, number

    def frames(self, moments: Moments) -> Iterator[tuple[float, "VideoFrame"]]:
        """Yield times and frames from here on, but for some that no other is made from and no moment falls on."""
        from av.error import FFmpegError

        codec = self._stream.codec_context
        for packet in self._packets():
            codec.skip_frame = "DEFAULT" if self._may_show(packet, moments) else "NONREF"
            try:
                decoded = packet.decode()
            except FFmpegError as error:
                if isinstance(error, MemoryError):
                    raise
                self._damaged()
                continue
            for frame in decoded:
                time = self._clock.next(frame.pts if frame.pts is not None else frame.dts)
                if time >= self.last:  # of frames that were put in another order others' durations may be told
                    self.last, self.until = time, time + self._lasting(frame)
                self.any_frame = True
                yield time, frame

    def _lasting(self, frame: "VideoFrame") -> float:
        """Return for how long a frame is on display: as it says itself, or as frames of the clip are on average."""
        told = float(frame.duration * frame.time_base) if frame.duration and frame.time_base else 0.0
        return told if told > 0 else self.step

    def _may_show(self, packet: "Packet", moments: Moments) -> bool:
        """Tell whether a moment may fall on what this packet holds.

        It is on display until the next frame; the one that comes next of those seen so far is that, or later.
        """
        time = self._clock.seconds(packet.pts)
        if time is None:
            return True
        self._seen.append(time)
        until = min((later for later in self._seen if later > time), default=NEVER)
        return moments.following(time) < until

    def _packets(self) -> Iterator["Packet[VideoStream]"]:
        return packets(self._container, self._stream, self._alive, self._damaged)

    def _damaged(self) -> None:
        self.lost += 1

    def _jump(self, time: float, wanted: float) -> bool:
        """Jump to the key frame before `wanted`, if that saves decoding much; tell whether."""
        if wanted == NEVER or self._container.format.name not in _JUMPING:
            return False
        now = max(time, self.begins, self._tried)  # never twice to one place
        if self._keys:
            before = bisect_right(self._keys, wanted) - 1
            if before < 0 or self._keys[before] < now + _WORTH:
                return False
        elif wanted < now + _BLIND:
            return False
        self._back, self._tried = 1.0, wanted
        self._seek(wanted)
        return True

    def _jump_shorter(self, wanted: float) -> None:
        """Jump again, to well before `wanted`, because the last jump went beyond it."""
        self._back *= 4
        if wanted - self._back > self.begins:
            self._seek(wanted - self._back)
        else:
            self.rewind()

    def _seek(self, time: float) -> None:
        """Go to the key frame at or before `time`, or to the start where the container cannot."""
        from av.error import FFmpegError

        try:
            self._container.seek(self._clock.ticks(time), stream=self._stream)
        except FFmpegError:
            self.rewind()
        else:
            self._landed()
            self._at_start = False

    def rewind(self) -> None:
        """Go back to the start."""
        self._opened.close()
        self._opened, self._stream = open_video(self._path, self._limits)
        self._container = self._opened.container
        self._landed()
        self._at_start = True

    def _landed(self) -> None:
        self._clock.jumped()
        self._seen.clear()
