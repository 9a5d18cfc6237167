"""How fast a clip becomes a time line, and where the time goes, all in one run.

Run: python bench/clips.py [--seconds 60] [--clip FILE] [--long 7200]

The clip is made: 1080p H.264 at 30 frames a second, gradients that move and noise, a shot every ten seconds. --long
describes a small clip of so many seconds instead and prints resident memory as it goes.
"""

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from itertools import islice
from pathlib import Path

import numpy as np

import watchword
from watchword.data.clips.frames import by_rate
from watchword.runtime.captioner import Captioner
from watchword.runtime.timeline import BATCH, PER_SECOND, timeline


def made(path: Path, seconds: int, width: int, height: int, fps: int = 30) -> Path:
    """Write a clip of smooth pictures that move, with some noise, a new shot every ten seconds."""
    import av

    random = np.random.default_rng(0)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"preset": "veryfast", "crf": "23"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        noise = random.integers(-6, 7, (height, 2 * width), dtype=np.int16)
        for number in range(seconds * fps):
            if number % (10 * fps) == 0:
                coarse = random.integers(30, 226, (9, 17, 3), dtype=np.uint8)
                still = av.VideoFrame.from_ndarray(np.ascontiguousarray(coarse), format="rgb24")
                scene = still.reformat(2 * width, 2 * height, "rgb24").to_ndarray().astype(np.int16)
            left, top, shift = number * 4 % width, number * 2 % height, number * 37 % width
            picture = scene[top : top + height, left : left + width] + noise[:, shift : shift + width, None]
            frame = av.VideoFrame.from_ndarray(picture.clip(0, 255).astype(np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def decoding(clip: Path) -> None:
    """Decode every frame and do nothing with it, in this process."""
    import av

    with av.open(str(clip)) as container:
        container.streams.video[0].thread_type = "AUTO"
        for _ in container.decode(video=0):
            pass


def reading(clip: Path, size: int) -> int:
    """Read the frames that are described; return how many they are."""
    return sum(1 for _ in by_rate(clip, PER_SECOND, size=size))


def encoding(model: Captioner, frames: list[np.ndarray]) -> None:
    """Run the encoder alone."""
    for place in range(0, len(frames), BATCH):
        model.encode(np.stack(frames[place : place + BATCH]))


def timed(name: str, seconds: float, work: Callable[[], object], repeats: int) -> float:
    """Print and return the median seconds of some runs of `work`, of a clip of so many `seconds`."""
    spent = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        spent.append(time.perf_counter() - started)
    middle = statistics.median(spent)
    print(f"{name:44} {middle:7.2f} s  {seconds / middle:7.1f} x real time   ({min(spent):.2f} to {max(spent):.2f})")
    return middle


def memory(model: Captioner, clip: Path) -> None:
    """Describe a long clip and print resident memory as it goes."""
    following = 0.0

    def reached(seconds: float, length: float | None) -> None:
        nonlocal following
        if seconds >= following:
            now = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6
            print(f"resident after {seconds:6.0f} s {now:8.0f} MB", flush=True)
            following = seconds + 600

    print(f"{sum(1 for _ in timeline(model, clip, reached=reached))} segments")


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--model", default="small")
    arguments.add_argument("--clip", type=Path, help="a clip of one's own")
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("--repeats", type=int, default=3)
    arguments.add_argument("--long", type=int, default=0, help="describe so many seconds and watch the memory")
    given = arguments.parse_args()
    model = watchword.load(given.model)
    with tempfile.TemporaryDirectory() as folder:
        if given.long:
            memory(model, made(Path(folder) / "long.mp4", given.long, 320, 180, fps=4))
            return
        clip = given.clip or made(Path(folder) / "clip.mp4", given.seconds, 1920, 1080)
        size = model.manifest.size
        frames = [frame.picture for frame in islice(by_rate(clip, PER_SECOND, size=size), 1200)]
        length, repeats = len(frames) / PER_SECOND, given.repeats
        model.describe(frames[:BATCH])
        bare = timed("decoding every frame, nothing else", length, lambda: decoding(clip), repeats)
        read = timed("reading 2 frames a second, squashed", length, lambda: reading(clip, size), repeats)
        encoded = timed("encoder alone", length, lambda: encoding(model, frames), repeats)
        said = timed("encoder and search for words", length, lambda: model.describe(frames, batch=BATCH), repeats)
        whole = timed("time line", length, lambda: list(timeline(model, clip)), repeats)
    print(f"reading / decoding {read / bare:.2f}, words {said - encoded:.2f} s")
    print(f"time line / (decoding + encoder) {whole / (bare + encoded):.2f}, of (reading + encoder and search)")
    print(f"{whole / (read + said):.2f}: reading runs beside the model")


if __name__ == "__main__":
    main()
