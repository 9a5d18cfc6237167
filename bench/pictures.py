"""How fast photos become pixels, and stored features are gathered, against the plain way to do it.

    python bench/pictures.py

Every ratio is of two times measured in this run, in turns, each the least of several rounds. The photos are
made here: shades of a scene with the noise of a camera, as JPEG of quality 88.
"""

import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from rich.console import Console
from rich.table import Table

from watchword.data.pictures import open_picture
from watchword.data.store import FeatureStore

SIZE = 224
ROUNDS = 7


def photo(width: int, height: int, kind: str = "JPEG") -> bytes:
    """Return a picture file with broad shapes and noise."""
    random = np.random.default_rng(0)
    shapes = Image.fromarray(random.integers(0, 256, (12, 16, 3), dtype=np.uint8)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    noisy = np.asarray(shapes) + random.normal(0, 4, (height, width, 1))
    buffer = io.BytesIO()
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(buffer, kind, quality=88)
    return buffer.getvalue()


def plain(content: bytes) -> np.ndarray:
    """Open a picture as most code does."""
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB").resize((SIZE, SIZE), Image.Resampling.BILINEAR))


def every_pixel(content: bytes) -> np.ndarray:
    """Open a picture by our own road, but without shrinking it while it is read."""
    return open_picture(Image.fromarray(open_picture(content)), SIZE)


def least(*functions: Callable[[], object]) -> list[float]:
    """Return the least time of each function, in milliseconds, measured in turns."""
    times: list[list[float]] = [[] for _ in functions]
    for _ in range(ROUNDS):
        for function, taken in zip(functions, times, strict=True):
            started = time.perf_counter()
            function()
            taken.append((time.perf_counter() - started) * 1e3)
    return [min(taken) for taken in times]


def row(name: str, slow: Callable[[], object], fast: Callable[[], object]) -> tuple[str, ...]:
    """Return a line of the table: the plain way, ours, and how many times faster ours is."""
    plain_ms, our_ms = least(slow, fast)
    return name, f"{plain_ms:.2f}", f"{our_ms:.2f}", f"{plain_ms / our_ms:.1f}"


def picture_rows() -> list[tuple[str, ...]]:
    """Measure the opening of files."""
    phone, screen, small = photo(4000, 3000), photo(640, 480), photo(SIZE, SIZE)
    png = photo(4000, 3000, "PNG")
    return [
        row(
            "12-megapixel JPEG: draft mode against every pixel",
            lambda: every_pixel(phone),
            lambda: open_picture(phone, SIZE),
        ),
        row("12-megapixel JPEG: against plain Pillow", lambda: plain(phone), lambda: open_picture(phone, SIZE)),
        row("640 x 480 JPEG: against plain Pillow", lambda: plain(screen), lambda: open_picture(screen, SIZE)),
        row("224 x 224 JPEG: against plain Pillow", lambda: plain(small), lambda: open_picture(small, SIZE)),
        row("12-megapixel PNG: against plain Pillow", lambda: plain(png), lambda: open_picture(png, SIZE)),
    ]


def store_row(folder: Path) -> tuple[str, ...]:
    """Measure a batch of features: 64 rows of 49 x 1280 float16 out of 1,000, against one .npy file each."""
    random = np.random.default_rng(0)
    store = FeatureStore(folder / "store", (49, 1280))
    keys = [f"{n:064x}" for n in range(1000)]
    for start in range(0, 1000, 100):
        rows = random.random((100, 49, 1280), np.float32).astype(np.float16)
        store.add(keys[start : start + 100], rows)
        for key, values in zip(keys[start : start + 100], rows, strict=True):
            np.save(folder / f"{key}.npy", values)
    wanted = [keys[i] for i in random.permutation(1000)[:64]]

    def one_by_one() -> np.ndarray:
        return np.stack([np.load(folder / f"{key}.npy") for key in wanted])

    return row("64 rows of features: against one file each", one_by_one, lambda: store.rows(wanted))


def main() -> None:
    """Print the table."""
    table = Table("what", "plain, ms", "ours, ms", "times faster")
    for line in picture_rows():
        table.add_row(*line)
    with tempfile.TemporaryDirectory() as folder:
        table.add_row(*store_row(Path(folder)))
    Console().print(table)


if __name__ == "__main__":
    main()
