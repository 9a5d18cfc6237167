"""What METEOR costs: `python bench/meteor.py SENTENCES.json[.gz] [--java]`, or `python bench/meteor.py --data`.

The file holds a dictionary: for each photo its sentences, of which the first is scored and the next four are
the references. Each number of photos is measured in a process of its own, with nothing prepared but the
compiled data of METEOR; the photos are taken again in another order of sentences where there are too few.
--java: time the published program too. The last row is 60 photos whose sentences have 500 words each.
--data: what compiling METEOR's data once costs, and opening what was compiled.
"""

import gzip
import json
import os
import re
import resource
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

PHOTOS = (1000, 5000, 20_000)
LONG = (60, 500)  # photos, and words of each of their sentences
SENTENCES = 5


def read(path, photos, words=0):
    """Return candidates and references of so many photos, tokenised roughly; words: in each sentence, 0 as it is."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rows = [sentences[:SENTENCES] for sentences in json.loads(data).values() if len(sentences) >= SENTENCES]
    turned = [row[turn:] + row[:turn] for turn in range(SENTENCES) for row in rows][: photos * (words or 1)]
    split = [[" ".join(re.findall("[a-z0-9]+", sentence.lower())) for sentence in row] for row in turned]
    if words:
        stream = iter(" ".join(sentence for row in split for sentence in row).split())
        split = [[" ".join(islice(stream, words)) for _ in range(SENTENCES)] for _ in range(photos)]
    return [row[0] for row in split], [row[1:] for row in split]


def measure(path, photos, scorer, words):
    """Print what one run cost: photos, seconds, processor seconds, MB, the figure."""
    from watchword.metrics import java
    from watchword.metrics.meteor.scorer import Meteor

    candidates, references = read(Path(path), int(photos), int(words))
    wall, used = time.perf_counter(), time.process_time()
    figure = Meteor(references).score(candidates) if scorer == "ours" else java.meteor(candidates, references)
    wall, used = time.perf_counter() - wall, time.process_time() - used
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(json.dumps([len(candidates), wall, used, memory, figure]))


def main(path, *options):
    """Print the table."""
    table = Table(title=f"METEOR, {SENTENCES - 1} references a photo")
    for heading in ("", "photos", "seconds", "processor", "ms a photo", "MB", "figure"):
        table.add_column(heading, justify="right")
    for scorer in ("ours", "published") if "--java" in options else ("ours",):
        for photos, words in (*((photos, 0) for photos in PHOTOS), LONG):
            command = [sys.executable, __file__, path, str(photos), scorer, str(words)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            count, wall, used, memory, figure = json.loads(done.stdout)
            shown = ["-", "-"] if scorer == "published" else [f"{used:.2f}", str(memory)]
            per_photo = f"{wall / count * 1000:.3f}"
            name = f"{count}, {words} words" if words else str(count)
            table.add_row(scorer, name, f"{wall:.2f}", shown[0], per_photo, shown[1], f"{figure:.6f}")
    Console().print(table)


def compiled():
    """Print what compiling the data costs, and opening it again in the same process."""
    from watchword.metrics.meteor.cache import FOLDER, load_lexicon

    with TemporaryDirectory() as folder:
        os.environ[FOLDER] = folder
        wall, used = time.perf_counter(), time.process_time()
        load_lexicon()
        wall, used = time.perf_counter() - wall, time.process_time() - used
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        size = max(file.stat().st_size for file in Path(folder).iterdir()) / 1e6
        times = []
        for _ in range(20):
            started = time.perf_counter()
            load_lexicon()
            times.append((time.perf_counter() - started) * 1000)
    print(f"compiled once: {wall:.0f} s, {used:.0f} s of processor time, {memory} MB, into {size:.0f} MB")
    print(f"opened: {sorted(times)[10]:.1f} ms ({min(times):.1f} to {max(times):.1f})")


if __name__ == "__main__":
    if sys.argv[1:] == ["--data"]:
        compiled()
    elif sys.argv[3:] and sys.argv[3] in ("ours", "published"):
        measure(*sys.argv[1:5])
    else:
        main(*sys.argv[1:])
