"""What reading a clip costs: plain decoding, and each way of asking for frames.

    python bench/clips_reading.py [--clip FILE] [--seconds 20]

Without --clip it makes one of 1080p H.264, 30 frames a second, a key frame every 2 s. Figures are seconds of processor
time, of this process and of the one that decodes together, so that other work on the machine hardly moves them.
"""

import argparse
import resource
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from watchword.data.clips.frames import by_count, by_rate, probe, stretches
from watchword.data.clips.player import close_players
from watchword.data.clips.shots import shots
from watchword.data.clips.sound import quiet


def make(path, seconds):
    """Write a clip in which a coloured field with texture drifts about, and changes every ten seconds."""
    random = np.random.default_rng(0)
    with av.open(str(path), "w") as out:
        options = {"preset": "veryfast", "g": "60", "bf": "3"}
        stream = out.add_stream("libx264", rate=30, width=1920, height=1080, pix_fmt="yuv420p", options=options)
        for number in range(seconds * 30):
            if number % 300 == 0:
                coarse = random.integers(0, 200, (18, 30, 3)).repeat(80, 0).repeat(80, 1)
                field = (coarse + random.integers(0, 40, coarse.shape)).astype(np.uint8)
            y, x = int(150 + 140 * np.cos(number / 57)), int(200 + 190 * np.sin(number / 40))
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(field[y : y + 1080, x : x + 1920]), "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 30)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())


def decode(path):
    """Decode every frame, and do nothing with it."""
    with av.open(str(path)) as clip:
        stream = clip.streams.video[0]
        stream.codec_context.thread_type, stream.codec_context.thread_count = "AUTO", 2
        return sum(1 for _ in clip.decode(stream))


def processor():
    """Seconds of processor time so far, of this process and of those that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main():
    """Print a row for each way."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clip", type=Path)
    parser.add_argument("--seconds", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clip = given.clip or Path(folder) / "clip.mp4"
        if given.clip is None:
            make(clip, given.seconds)
        about = probe(clip)
        print(f"{about.width} x {about.height}, {about.seconds:.1f} s at {about.fps:.4g} frames a second")
        ways = {
            "decoding alone": lambda: decode(clip),
            "starting the process": lambda: 0 * by_count(clip, 1, size=8)[0].time,
            "by_rate, 2 a second, 224": lambda: sum(1 for _ in by_rate(clip, 2, size=224)),
            "by_rate, 2 a second, as they are": lambda: sum(1 for _ in by_rate(clip, 2)),
            "by_count, 16, 224": lambda: len(by_count(clip, 16, size=224)),
            "stretches (every frame), 224": lambda: sum(1 for _ in stretches(clip, size=224)),
            "shots, 2 a second": lambda: sum(1 for _ in shots(by_rate(clip, 2, size=224))),
            "quiet": lambda: len(quiet(clip)),
        }
        for name, way in ways.items():
            close_players()
            used, begun = processor(), time.perf_counter()
            found = way()
            close_players()
            used, wall = processor() - used, time.perf_counter() - begun
            print(
                f"{name:34} {used:6.2f} s of processor, {about.seconds / used:6.1f} x real time; {wall:6.2f} s; {found}"
            )


if __name__ == "__main__":
    main()
