"""Clips of a few kilobytes: pictures of one colour, each for a while, and each turned, so that cuts are seen."""

from fractions import Fraction

import numpy as np

from tests.runtime import tiny


def write_clip(path, parts, fps=4, size=32, sound=None, codec="mpeg4"):
    """Write a clip of `parts`, pairs of a colour (or pixels) and its seconds, and return its path.

    sound: a list of (seconds, loudness 0 to 1), or None for a clip without.
    """
    import av

    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=fps)
        stream.width = stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = 2_000_000
        audio = container.add_stream("aac", rate=8000) if sound else None
        number = 0
        for turns, (what, seconds) in enumerate(parts):
            pixels = (
                np.ascontiguousarray(np.rot90(tiny.picture(what, size), 2 * turns)) if isinstance(what, str) else what
            )
            for _ in range(round(seconds * fps)):
                frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, fps)
                container.mux(stream.encode(frame))
                number += 1
        container.mux(stream.encode(None))
        if audio:
            heard = np.concatenate([np.sin(np.arange(int(s * 8000)) * 0.3) * loud for s, loud in sound])
            for place in range(0, len(heard) - 1023, 1024):
                samples = heard[None, place : place + 1024].astype(np.float32)
                frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
                frame.sample_rate, frame.pts, frame.time_base = 8000, place, Fraction(1, 8000)
                container.mux(audio.encode(frame))
            container.mux(audio.encode(None))
    return path
