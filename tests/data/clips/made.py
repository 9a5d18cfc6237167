"""Clips made for a test: each frame shows its own number, in a way that survives compression."""

from fractions import Fraction

import av
import numpy as np

BITS = 10
CELL = 16  # pixels: sides of the squares that show the bits


def numbered(number, width=176, height=64):
    """A frame (height, width, 3) with `number` in its left upper corner, as white and black squares."""
    picture = np.full((height, width, 3), 128, np.uint8)
    for bit in range(BITS):
        picture[:CELL, bit * CELL : (bit + 1) * CELL] = 255 * (number >> bit & 1)
    return picture


def number_of(picture):
    """The number that a frame shows."""
    return sum(
        1 << bit for bit in range(BITS) if picture[4 : CELL - 4, bit * CELL + 4 : (bit + 1) * CELL - 4].mean() > 128
    )


def write(
    path,
    pictures,
    fps=10,
    *,
    codec="libx264",
    times=None,
    options=None,
    pixels="yuv420p",
    sound=None,
    layout="mono",
    container=None,
):
    """Write pictures (H, L, 3) as a clip. times: in milliseconds, in place of fps. sound: (N,) float32 at 8,000 Hz."""
    pictures = iter(pictures)
    first = next(pictures, None)
    with av.open(str(path), "w", format=container) as out:
        stream = None
        if first is not None:
            stream = out.add_stream(codec, rate=fps, options=options or {})
            stream.height, stream.width = first.shape[:2]
            stream.pix_fmt = pixels
            if times is not None:
                stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        heard = (
            out.add_stream("aac" if codec != "flv" else "mp3", rate=8000, layout=layout) if sound is not None else None
        )
        if stream is not None:
            for number, picture in enumerate([first, *pictures] if times is not None else chained(first, pictures)):
                frame = av.VideoFrame.from_ndarray(picture, "rgb24")
                if times is not None:
                    frame.pts, frame.time_base = times[number], Fraction(1, 1000)
                else:
                    frame.pts, frame.time_base = number, Fraction(1, fps)
                out.mux(stream.encode(frame))
            out.mux(stream.encode())
        if heard is not None:
            channels = np.tile(np.asarray(sound, np.float32), (1 + (layout == "stereo"), 1))
            frame = av.AudioFrame.from_ndarray(channels, "fltp", layout)
            frame.sample_rate, frame.pts, frame.time_base = 8000, 0, Fraction(1, 8000)
            out.mux(heard.encode(frame))
            out.mux(heard.encode())
    return path


def chained(first, others):
    yield first
    yield from others


def counting(path, count=50, fps=10, **options):
    """A clip whose frame n, of `count`, shows n."""
    return write(path, (numbered(number) for number in range(count)), fps, **options)


def sound_only(path):
    """A clip without a picture: a second of a tone."""
    return write(path, [], sound=np.sin(np.arange(8000) / 5))
