"""What an index of photos costs, and what it finds: `python bench/index.py --photos 10000`.

Made vectors: every region is one of some thousand things, which are not equally common, and noise; the energy
of both falls off over the directions of the space about as it does in models that were trained (a quarter of the
directions hold 45 %). `--flat` lets it not fall off, the worst case. Words are such things as well, of different
lengths. The photos themselves are left out: what is timed is the index, not a model.

Time is given by the clock and in processor time of all threads; on a machine that does other things
as well only the latter means anything.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from rich.console import Console
from rich.table import Table

from watchword.core.types import Looked, Read
from watchword.retrieval.about import About
from watchword.retrieval.index import Index
from watchword.retrieval.lance import PHOTOS, photo_schema
from watchword.retrieval.photo import Photo, photo_table
from watchword.retrieval.tables import Tables

THINGS, COMMIT = 4000, 1024
KEY = "made"


class Made:
    """Draws regions and words; as a matcher it reads what `words` holds."""

    def __init__(self, width, flat):
        """Decide on the things there are."""
        self.random = np.random.default_rng(0)
        self.key, self.size, self.width = KEY, 16, width
        fall = np.ones(width) if flat else (20 + np.arange(width)) ** -0.33
        turn, _ = np.linalg.qr(self.random.standard_normal((width, width)))
        self.shape = (fall / np.linalg.norm(fall))[:, None] * turn
        self.things = self._noise(THINGS)
        share = 1 / (10 + np.arange(THINGS))
        self.share = share / share.sum()
        self.words = self.things[:1]

    def _noise(self, count):
        return (self.random.standard_normal((count, self.width)) @ self.shape).astype(np.float32)

    def regions(self, count):
        """Return the regions of one photo: (count, D) float16."""
        which = self.random.choice(THINGS, count, p=self.share)
        return (self.things[which] + 0.8 * self._noise(count)).astype(np.float16)

    def ask(self, count):
        """Draw the words of the next search."""
        which = self.random.choice(THINGS, count, p=self.share)
        lengths = np.exp(0.5 * self.random.standard_normal((count, 1)))
        self.words = ((self.things[which] + 0.4 * self._noise(count)) * lengths).astype(np.float32)

    def look(self, pictures):
        """Return the words as if they had been seen."""
        return [Looked(self.words, np.tile(np.array([0, 0, 1, 1], np.float32), (len(self.words), 1)))] * len(pictures)

    def read(self, texts):
        """Return the words."""
        return [Read(("made",) * len(self.words), self.words)] * len(texts)


def build(place, made, photos, regions):
    """Write the rows, a commit for each 1,024; return the seconds that took, the drawing of vectors left out."""
    tables, spent = Tables(place), 0.0
    tables.begin(About(KEY, made.width))
    table = tables.need(PHOTOS)
    boxes = np.tile(np.array([0, 0, 1, 1], np.float32), (regions, 1))
    for start in range(0, photos, COMMIT):
        rows = [
            Photo(f"/photos/{i:07}.jpg", f"{i:064x}", KEY, 1, 1, i, (), None, made.regions(regions), boxes, 0.0)
            for i in range(start, min(start + COMMIT, photos))
        ]
        began = time.process_time()
        table.add(photo_table(rows, photo_schema(made.width)))
        spent += time.process_time() - began
    return spent


def timed(function):
    """Return what a function returns, the milliseconds it took by the clock, and of processor time."""
    clock, processor = time.perf_counter(), time.process_time()
    found = function()
    return found, 1e3 * (time.perf_counter() - clock), 1e3 * (time.process_time() - processor)


def size(place):
    """Return the bytes in a folder."""
    return sum(path.stat().st_size for path in Path(place).rglob("*") if path.is_file())


def measure(place, made, given):
    """Yield rows of the table: what, and how much."""
    yield "written, processor", f"{given.photos / build(place, made, given.photos, given.regions):,.0f} photos/s"
    yield "on disk", f"{size(place) / 1e6:,.0f} MB, {size(place) / given.photos / 1e3:.1f} kB a photo"
    index = Index(place, made)
    made.ask(given.words)
    _, clock, processor = timed(lambda: index.search("w"))
    yield "first search, which reads all", f"{clock / 1e3:.1f} s, processor {processor / 1e3:.1f} s"
    times, right, asked = [], 0, 0
    for number in range(given.searches):
        made.ask(given.words)
        hits, *spent = timed(lambda: index.search("w", limit=10))
        times.append(spent)
        if number < given.compared:
            best = index.search("w", limit=10, exact=True)
            right += len({hit.path for hit in hits} & {hit.path for hit in best})
            asked += len(best)
    for name, column in (("clock", 0), ("processor", 1)):
        p50, p95 = np.percentile([spent[column] for spent in times], [50, 95])
        yield f"search, {name}", f"p50 {p50:.0f} ms, p95 {p95:.0f} ms"
    yield "recall at 10", f"{right} of {asked} = {right / max(asked, 1):.3f}"
    yield from added(index, made, given)
    yield "largest memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f} MB"


def added(index, made, given):
    """Yield what each of several additions of new photos costs, which are opened and looked at, by nothing."""
    for number in range(given.additions):
        with tempfile.TemporaryDirectory() as folder:
            for photo in range(given.added):
                pixels = made.random.integers(0, 256, (8, 8, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(Path(folder) / f"{number}-{photo}.png")
            before = written()
            done, clock, processor = timed(lambda folder=folder: index.update([folder], made))
        spent = f"{clock / 1e3:.1f} s, processor {processor / 1e3:.1f} s, {(written() - before) / 1e6:,.0f} MB written"
        yield f"{done.added:,} more, time {number + 1}", spent


def written():
    """Return the bytes that this process has handed to the system to write."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("wchar")))


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name, value in {"photos": 10_000, "regions": 20, "width": 256, "words": 8, "searches": 60}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--compared", type=int, default=20, help="searches that are also made exactly")
    parser.add_argument("--added", type=int, default=1000, help="photos of each addition behind the searches")
    parser.add_argument("--additions", type=int, default=0)
    parser.add_argument("--flat", action="store_true", help="no direction holds more energy than another")
    given = parser.parse_args()
    table = Table(title=f"{given.photos:,} photos x {given.regions} regions x {given.width}, {given.words} words")
    table.add_column("what")
    table.add_column("how much", justify="right")
    with tempfile.TemporaryDirectory() as place:
        for row in measure(place, Made(given.width, given.flat), given):
            table.add_row(*row)
            print(*row, sep=": ", file=sys.stderr, flush=True)
    Console().print(table)


if __name__ == "__main__":
    main()
