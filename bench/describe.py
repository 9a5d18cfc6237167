"""How fast photos become sentences, whole and in parts, with the ratios of one run.

Run: python bench/describe.py [--model small] [--photos 640] [--long 10000]

Photos are made: JPEGs of noise and gradients, 224 pixels square and 12 megapixels. "Through PyTorch"
(left out where PyTorch or the checkpoint is missing) is the same architecture, one photo at a time.
"""

import argparse
import io
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

import watchword
from watchword.runtime.captioner import Captioner
from watchword.runtime.manifest import Search


def jpeg(width: int, height: int, seed: int) -> bytes:
    """Return a made photo: a smooth picture with some noise, about as large as a real one."""
    random = np.random.default_rng(seed)
    coarse = Image.fromarray(random.integers(0, 256, (12, 16, 3), dtype=np.uint8))
    pixels = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC), np.int16)
    noise = random.integers(-12, 13, (height, width, 1), dtype=np.int16)
    buffer = io.BytesIO()
    Image.fromarray((pixels + noise).clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def rate(model: Captioner, photos: list[bytes], repeats: int = 5) -> list[float]:
    """Return photos a second, of each of some passes, batch 32 and beam 3."""
    rates = []
    for _ in range(repeats):
        started = time.perf_counter()
        model.describe(photos, batch=32, beam=3)
        rates.append(len(photos) / (time.perf_counter() - started))
    return rates


def one_at_a_time(describe: Callable[[bytes], object], photos: list[bytes]) -> list[float]:
    """Return milliseconds of each photo, described alone in a process that runs already."""
    spent = []
    for photo in photos:
        started = time.perf_counter()
        describe(photo)
        spent.append((time.perf_counter() - started) * 1e3)
    return spent


def through_torch(checkpoint: Path, like: Search) -> Callable[[bytes], object]:
    """Return a function that describes one photo with PyTorch: encoder, then the beam search that a bundle asks for."""
    import torch

    from watchword.data.pictures import open_picture
    from watchword.generation.search import SearchOptions, search
    from watchword.recipes.base import rebuild
    from watchword.training.stepper import TorchStepper
    from watchword.training.validation import rules_for

    model, vocabulary, _ = rebuild(checkpoint)
    stepper, rules = TorchStepper(model.decoder), rules_for(vocabulary, max_words=like.max_words)
    options = SearchOptions(beam=like.beam, length_normalization=like.length_normalization)

    def describe(photo: bytes) -> object:
        with torch.inference_mode():
            seen = model.encoder.trunk(torch.from_numpy(open_picture(photo, model.encoder.size)[None]))
        return search(stepper, model.features(seen.numpy()), rules, options)

    return describe


def cold(arguments: list[str], repeats: int = 5) -> list[float]:
    """Return seconds of whole processes, after one that warms the disk's cache."""
    spent = []
    for repeat in range(repeats + 1):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "watchword", *arguments], check=True, capture_output=True)
        if repeat:
            spent.append(time.perf_counter() - started)
    return spent


def show(name: str, values: list[float], unit: str) -> float:
    """Print median and spread; return the median."""
    middle = statistics.median(values)
    print(f"{name:44} {middle:8.2f} {unit}   ({min(values):.2f} to {max(values):.2f}, {len(values)} runs)")
    return middle


def memory(model: Captioner, photos: list[bytes], count: int) -> None:
    """Describe many photos and print resident memory as it goes."""
    megabytes = []
    for done in range(0, count, count // 5):
        for _ in model.describe_many(photos[i % len(photos)] for i in range(count // 5)):
            pass
        megabytes.append(int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6)
        print(f"resident after {done + count // 5:6} photos {megabytes[-1]:30.0f} MB")


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--model", default="small")
    arguments.add_argument("--checkpoint", type=Path, help="the same model as a checkpoint, for PyTorch's side")
    arguments.add_argument("--photos", type=int, default=640)
    arguments.add_argument("--long", type=int, default=0, help="describe so many photos and watch the memory")
    given = arguments.parse_args()
    small = [jpeg(224, 224, seed) for seed in range(given.photos)]
    large = [jpeg(4000, 3000, seed) for seed in range(8)] * 8
    model = watchword.load(given.model)
    model.describe(small[:64])
    if given.long:
        memory(model, small, given.long)
        return
    fast = 1e3 / show("224 px JPEG bytes, batch 32, beam 3", rate(model, small), "photos/s")
    show("12-megapixel JPEG bytes, batch 32, beam 3", rate(model, large, 3), "photos/s")
    alone = show("one photo in a running process", one_at_a_time(lambda p: model.describe([p]), small[:100]), "ms")
    if given.checkpoint:
        describe = through_torch(given.checkpoint, model.manifest.search)
        describe(small[0])
        slow = show("one photo through PyTorch", one_at_a_time(describe, small[:30]), "ms")
        print(f"PyTorch, one at a time, takes {slow / alone:.1f} times as long as one photo here,")
        print(f"and {slow / fast:.1f} times as long as one photo of a batch here")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.jpg"
        path.write_bytes(small[0])
        show("watchword describe one.jpg, cold", cold(["describe", str(path), "--model", given.model]), "s")
    show("watchword --help, cold", cold(["--help"]), "s")


if __name__ == "__main__":
    main()
